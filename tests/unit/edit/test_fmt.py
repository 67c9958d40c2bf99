"""Formatting changes what stands between keys and values, never what they say, and keeps every comment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.edit.styles import styled
from threatmodel.api import Library, load
from threatmodel.edit.fmt import WIDTH, formatted
from threatmodel.errors import InputError, UsageError
from threatmodel.model.language import DECISIONS, ROOT
from threatmodel.resources import resource_dir
from threatmodel.source import parse

SAMPLES = sorted(resource_dir("samples").glob("*/*.yaml"))
LONG = ", ".join(f"key{i}: value{i}" for i in range(12))


def fmt(text: str) -> str:
    return formatted(text, "f.yaml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # order
        (
            "name: x\nflows: []\nservices: {web: {}}\nthreatmodel: 1\n",
            "threatmodel: 1\nname: x\n\nservices:\n  web: {}\nflows: []\n",
        ),
        ("stores: {b: {}, a: {}}\n", "stores:\n  b: {}\n  a: {}\n"),
        ("a: 1\nname: x\n", "name: x\na: 1\n"),
        # one line or many
        (
            "services:\n  web:\n    kind: api\n    holds:\n    - x\n    - y\n",
            "services:\n  web: {kind: api, holds: [x, y]}\n",
        ),
        (
            "services: {web: {" + LONG + "}}\n",
            "services:\n  web:\n    " + "\n    ".join(LONG.split(", ")) + "\n",
        ),
        ("flows: [{from: a, to: b}]\n", "flows:\n  - {from: a, to: b}\n"),
        (
            "flows:\n- " + "\n  ".join(LONG.split(", ")),
            "flows:\n  - " + "\n    ".join(LONG.split(", ")) + "\n",
        ),
        ("types: {services: {t: {kind: api}}}\n", "types:\n  services:\n    t: {kind: api}\n"),
        ("include:\n- a\n- b\n", "include: [a, b]\n"),
        # scalars stay as they are spelt
        ("services: {web: {a: 'x', b: \"y\", c: 0x1F, d: ~, e: 1.50}}\n", None),
        (
            "services:\n  web:\n    title: Shop, Inc. [old]\n",
            'services:\n  web: {title: "Shop, Inc. [old]"}\n',
        ),
        ("services:\n  web:\n", "services:\n  web:\n"),
        ("services:\n  web:\n    title: two\n      lines\n    kind: api\n", None),
        ('services:\n  web:\n    title: "two\n\n         lines \\\n         x"\n', None),
        ("services:\n  web:\n    title: >-\n        a\n          b\n\n        c\n    kind: api\n", None),
        ("services:\n  web: &w {kind: api}\n  api: *w\n", "services:\n  web: &w {kind: api}\n  api: *w\n"),
        ("services:\n  web:\n    c: &c\n      x: 1 # y\n  api: {c: *c}\n", None),
        # comments and empty lines
        ("# head\nname: x # why\n", "# head\nname: x  # why\n"),
        (
            "# head\n\n\n# of the name\nname: x\n\n\n\nowner: y\n",
            "# head\n\n# of the name\nname: x\n\nowner: y\n",
        ),
        ("# of stores\nstores: {}\nname: x\n", "name: x\n# of stores\nstores: {}\n"),
        (
            "# yaml-language-server: $schema=x\n# of stores\nstores: {}\nname: x\n",
            "# yaml-language-server: $schema=x\nname: x\n# of stores\nstores: {}\n",
        ),
        ("services: { # in empty brackets\n}\n", "services: {}  # in empty brackets\n"),
        ("a: 1\n# of stores\nstores: {a: {}}\n\n# of services\nservices: {a: {}}\n", None),
        ("services:\n  a: {}\n  # end of a\nstores:\n  b: {}\n# end\n", None),
        ("services:\n  a: {k: v, # why\n      l: w}\n", "services:\n  a:\n    k: v  # why\n    l: w\n"),
        ("services:\n  a: # why\n    k: v\n", "services:\n  a: {k: v}  # why\n"),
        ("services:\n  a:\n    # of k\n    k: v\n    l: w\n", None),
        ("services: {a: {k: [x, # one\n  y]}}\n", "services:\n  a:\n    k:\n      - x  # one\n      - y\n"),
        ("flows:\n  - {from: a, to: b} # c\n", "flows:\n  - {from: a, to: b}  # c\n"),
        ("flows:\n  -\n    # inside\n    from: a\n    to: b\n", "flows:\n  # inside\n  - {from: a, to: b}\n"),
        ("services:\n  a: {t: 'x # no comment', u: y#z}\n", None),
        # notation
        ("--- \r\nname: x\r\nowner: y", "name: x\nowner: y\n"),
        (
            '{"name": "x", "services": {"web": {"port": [1, 2]}}}',
            '"name": "x"\n\n"services":\n  "web": {"port": [1, 2]}\n',
        ),
    ],
)
def test_a_text_is_laid_out(before: str, after: str | None) -> None:
    written = fmt(before)
    if after is not None:
        assert written == after
    assert parse(written).root == parse(before).root
    assert fmt(written) == written


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_sample_says_the_same_and_no_line_is_needlessly_long(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = fmt(before)
    assert parse(after).root == parse(before).root
    assert fmt(after) == after
    assert after.count("#") == before.count("#")
    brackets = [line.split("  #")[0] for line in after.splitlines() if line.endswith("}")]
    assert all(len(line) <= WIDTH for line in brackets)


@pytest.mark.parametrize("name", ["shop", "clinic", "tiny", "online-boutique"])
def test_a_formatted_sample_has_the_same_assessment(name: str, tmp_path: Path) -> None:
    folder = resource_dir("samples") / name
    library = Library()
    for path in folder.glob("*.yaml"):
        (tmp_path / path.name).write_text(fmt(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = load(folder / "threatmodel.yaml", library, "2026-11-01").assess()
    after = load(tmp_path / "threatmodel.yaml", library, "2026-11-01").assess()
    assert after.columns == before.columns
    assert [(f.key, f.severity, f.disposition) for f in after.findings] == [
        (f.key, f.severity, f.disposition) for f in before.findings
    ]
    assert [q.answer for q in after.questions] == [q.answer for q in before.questions]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_text_in_any_style_keeps_its_data_its_order_and_its_comments(data: st.DataObject) -> None:
    text, said = data.draw(styled())
    written = fmt(text)
    assert json.dumps(_by_section(written)) == json.dumps(_by_section(text))
    assert sorted(c for line in written.splitlines() for c in _comments(line)) == sorted(said)
    assert fmt(written) == written


def _by_section(text: str) -> dict[str, Any]:
    root = yaml.safe_load(text)
    return {key: root[key] for key in sorted(root)}


def _comments(line: str) -> list[str]:
    return [part.split()[0] for part in line.split("#note-")[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "services:\n  a:\n    title: |2\n        b\n",
        "services:\n  a: {k: |2\n",
        "stores:\n  b: {holds: *x}\nservices:\n  a: {holds: &x [y]}\n",
    ],
)
def test_what_cannot_be_kept_or_read_is_refused(text: str) -> None:
    with pytest.raises((InputError, UsageError)):
        fmt(text)


def test_every_key_of_a_file_has_its_place_in_the_order() -> None:
    from threatmodel.edit import fmt as module

    names = {key.name for key in (*ROOT.keys, *DECISIONS.keys)}
    assert set(module._ORDER) == names
