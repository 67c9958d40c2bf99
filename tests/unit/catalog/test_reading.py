"""The reader collects every problem with its place and puts something harmless in its stead."""

from __future__ import annotations

import pytest

from threatmodel.catalog.reading import Reader
from threatmodel.errors import InputError
from threatmodel.source import parse


def reader(text: str = "a: 1\nb: [x, 2]\n") -> Reader:
    return Reader(parse(text, "file.yaml"))


def test_nothing_wrong_raises_nothing() -> None:
    r = reader()
    assert r.mapping({"a": 1}, (), ("a",), ("a",)) == {"a": 1}
    assert r.text(" words ", ("a",)) == "words"
    assert r.text(None, ("a",), "default") == "default"
    assert r.words(["x", "y"], ("b",)) == ("x", "y")
    assert r.words("x", ("b",), ("x",)) == ("x",)
    assert r.words(None, ("b",)) == ()
    assert r.choice("x", ("b",), ("x",), "y") == "x"
    r.finish()


def test_what_is_wrong_is_replaced_and_told() -> None:
    r = reader()
    assert r.mapping([1], (), ("a",), ()) == {}
    assert r.mapping({"c": 1}, (), ("a",), ("a",)) == {"c": 1}
    assert r.text(1, ("a",), "default") == "default"
    assert r.words(["x", 2], ("b",), ("x",)) == ("x",)
    assert r.choice("z", ("b",), ("x",), "y") == "y"
    with pytest.raises(InputError) as caught:
        r.finish()
    found = [(d.code, d.span.line if d.span else 0) for d in caught.value.diagnostics]
    assert found == [
        ("wrong-type", 1),
        ("unknown-key", 1),
        ("missing-key", 1),
        ("wrong-type", 1),
        ("wrong-type", 2),
        ("unknown-word", 2),
    ]
