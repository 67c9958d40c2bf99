"""References are checked against pinned lists: an unknown one is refused, and one that is too general too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.catalog.build import control
from threatmodel.api import Library
from threatmodel.catalog.overlay.overrides import apply_overrides, parse_overrides
from threatmodel.catalog.references import lint_references, load_references
from threatmodel.errors import InputError
from threatmodel.resources import resource_dir
from threatmodel.source import parse

LIST = """\
id: cwe
title: Weaknesses
version: "1"
url: https://example.com
licence: free
ids: [CWE-1, CWE-319]
discouraged: [CWE-20]
prohibited: [CWE-16]
"""


def folder(path: Path, text: str) -> Path:
    (path / "references").mkdir(parents=True)
    (path / "references" / "cwe.yaml").write_text(text, encoding="utf-8")
    return path


def test_each_id_has_the_usage_of_the_key_it_stands_under(tmp_path: Path) -> None:
    assert load_references(folder(tmp_path, LIST)) == {
        "CWE-1": "allowed",
        "CWE-319": "allowed",
        "CWE-20": "discouraged",
        "CWE-16": "prohibited",
    }


def test_the_lists_of_several_folders_count_together(tmp_path: Path) -> None:
    ours = folder(tmp_path / "ours", LIST)
    theirs = folder(tmp_path / "theirs", LIST.replace("CWE-1, CWE-319", "CWE-2"))
    assert {"CWE-1", "CWE-2"} <= load_references(ours, theirs, ours).keys()


def test_a_list_is_read_strictly(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_references(folder(tmp_path, LIST.replace("licence: free", "license: free")))
    assert [d.code for d in caught.value.diagnostics] == ["missing-key", "unknown-key"]


@pytest.mark.parametrize(
    ("cited", "codes"),
    [
        ("CWE-1", []),
        ("CWE-20", ["discouraged-reference"]),
        ("CWE-16", ["discouraged-reference"]),
        ("CWE-31", ["unpinned-reference"]),
        ("CWE-1, CWE-20, CWE-31", ["discouraged-reference", "unpinned-reference"]),
    ],
)
def test_a_control_may_cite_what_is_listed_and_exact(tmp_path: Path, cited: str, codes: list[str]) -> None:
    pinned = load_references(folder(tmp_path, LIST))
    found = list(lint_references([control(references=f"references: [{cited}]")], pinned))
    assert [d.code for d in found] == codes
    assert all(d.level == "error" and d.span and "references" in d.excerpt for d in found)


def test_an_override_too_and_it_is_told_in_its_own_file(tmp_path: Path) -> None:
    pinned = load_references(folder(tmp_path, LIST))
    text = "overrides: {lock-doors: {references: [CWE-1, CWE-31]}, bar-windows: {fix: bar them}}"
    overrides = parse_overrides(parse(text, "o.yaml"))
    [doors] = apply_overrides(
        parse_overrides(parse("overrides: {lock-doors: {references: CWE-31}}")),
        "acme",
        {"lock-doors": control(references="references: CWE-1")},
    ).controls.values()
    assert doors.references == ("CWE-1", "CWE-31")
    found = list(lint_references([doors], pinned, [overrides]))
    assert [(d.code, str(d.span)) for d in found] == [("unpinned-reference", "o.yaml:1:46")]


def test_every_reference_of_the_shipped_controls_is_pinned_and_every_pin_is_used() -> None:
    pinned = load_references(resource_dir("catalogs"))
    controls = Library().catalog.controls.values()
    assert list(lint_references(controls, pinned)) == []
    cited = {name for control in controls for name in control.references}
    unused = {name for name, usage in pinned.items() if usage == "allowed"} - cited
    assert {name for name in unused if not name.startswith("LLM")} == set()


def test_the_weaknesses_that_are_too_general_are_known() -> None:
    pinned = load_references(resource_dir("catalogs"))
    usages = [usage for usage in pinned.values() if usage != "allowed"]
    assert (usages.count("discouraged"), usages.count("prohibited")) == (42, 84)
    general = (20, 74, 200, 284, 285, 287, 300, 311, 345, 400, 668, 693)
    assert {pinned[f"CWE-{n}"] for n in general} == {"discouraged"}
