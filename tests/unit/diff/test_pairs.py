"""The diff finds what the table of pairs says, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.properties.models import yaml
from tests.unit.diff.short_lines import short_lines
from threatmodel.api import Library, Review, parse
from threatmodel.diff import Changes, Version, compare
from threatmodel.source import parse as parse_yaml

AS_OF = "2026-06-01"
LIBRARY = Library()
_READ: Any = parse_yaml((Path(__file__).parent / "pairs.yaml").read_text(encoding="utf-8"), "pairs.yaml").root
ROWS: list[dict[str, Any]] = _READ["rows"]


def model(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A base with the sections of a row on top: entries are added, flows follow."""
    found = dict(base)
    for section, content in own.items():
        before = base.get(section)
        if isinstance(content, dict) and isinstance(before, dict):
            found[section] = {**before, **content}
        elif isinstance(content, list) and isinstance(before, list):
            found[section] = [*before, *content]
        else:
            found[section] = content
    return found


def version(plain: dict[str, Any], waived: str, folder: Path) -> Version:
    decisions = None
    if waived:
        decisions = folder / "decisions.yaml"
        waiver = {"finding": waived, "reason": "r", "owner": "o", "until": "2027-01-01"}
        decisions.write_text(yaml({"threatmodel-decisions": 1, "waivers": [waiver]}))
    text = yaml({"name": "Pair", **plain})
    review: Review = parse(parse_yaml(text, "m.yaml"), LIBRARY, AS_OF, decisions, fragment=True)
    return review.version()


def changes_of(row: dict[str, Any], folder: Path) -> Changes:
    base, waived = _READ["bases"][row["base"]], row.get("waived", {})
    sides = (version(model(base, row[side]), waived.get(side, ""), folder) for side in ("old", "new"))
    return compare(*sides)


def test_the_table_is_long_enough_and_names_each_row_once() -> None:
    names = [row["row"] for row in ROWS]
    assert len(names) == len(set(names)) >= 80
    assert sum(not row["expect"] for row in ROWS) >= 12


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["row"])
def test_the_changes_of_a_pair(row: dict[str, Any], tmp_path: Path) -> None:
    changes = changes_of(row, tmp_path)
    assert sorted(short_lines(changes, tuple(row.get("controls", ())))) == sorted(row["expect"])
    if not row["expect"]:
        assert changes.empty
