"""The rules of microSecEnD are decided as the data set records them, where its files are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.microsecend import RULES, Cell, Score, main, report, score, summed
from tests.unit.importers.diagrams import LIBRARY, arrow, node

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "microsecend"


def cells(diagram: dict[str, object], truth: dict[str, object]) -> list[Cell]:
    return score(json.dumps({"shop": diagram}), json.dumps({"shop": truth}))


def test_every_rule_is_decided_by_a_control_of_the_catalog() -> None:
    assert list(RULES) == [f"R{i:02}" for i in range(1, 26)]
    assert {rule.control for rule in RULES.values()} <= set(LIBRARY.catalog.controls)


def test_a_wrong_verdict_and_missed_items_are_counted() -> None:
    diagram: dict[str, object] = {
        "services": [node("a", "local_logging"), node("b")],
        "information_flows": [arrow("a", "b", "restful_http")],
    }
    truth: dict[str, object] = {
        "R14": {"verdict": False, "items": ["a -> b", "b -> c"]},
        "R15": {"verdict": True, "items": ["a", "b"]},
        "R19": {"verdict": True, "items": []},
        "R18": {"verdict": False, "items": ["a", "a -> b"]},
        "R99": {"verdict": True, "items": []},
        "R01": {"verdict": "partial", "items": []},
    }
    found = cells(diagram, truth)
    assert summed(found) == Score(right=3, cells=4, both=3, extra=1, missed=1)
    lines = list(report(found, items=True))
    assert "  shop R15 write-logs: violated, recorded as met" in lines
    assert "  shop R14 recorded: b -> c" in lines
    assert "  shop R15 ours: b" in lines


def test_nothing_named_is_no_mistake() -> None:
    assert summed([]).precision == summed([]).recall == 1.0


def test_added_callers_are_no_items_of_the_diagram() -> None:
    diagram: dict[str, object] = {"services": [node("a", "entrypoint")]}
    (cell,) = cells(diagram, {"R13": {"verdict": False, "items": ["user -> a"]}})
    assert (cell.ours, cell.our_items) == (False, frozenset())


@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not beside this checkout")
def test_the_recorded_verdicts_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    dfds, truth = DATA / "dfds.json", DATA / "truth.json"
    total = summed(score(dfds.read_text(encoding="utf-8"), truth.read_text(encoding="utf-8")))
    assert total.cells == 150
    assert total.right >= 147
    assert total.precision >= 0.95
    assert total.recall >= 0.95
    main([str(dfds), str(truth)])
    assert "wrong verdicts" in capsys.readouterr().out


@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not beside this checkout")
def test_no_verdict_hangs_on_a_name() -> None:
    dfds, truth = (json.loads((DATA / f).read_text(encoding="utf-8")) for f in ("dfds.json", "truth.json"))
    expected = summed(score(json.dumps(dfds), json.dumps(truth)))
    renamed = {system: _renamed(diagram) for system, diagram in dfds.items()}
    for system, rules in truth.items():
        names = renamed[system][1]
        for rule in rules.values():
            rule["items"] = [
                " -> ".join(names.get(n, n) for n in item.split(" -> ")) for item in rule["items"]
            ]
    assert summed(score(json.dumps({s: d for s, (d, _) in renamed.items()}), json.dumps(truth))) == expected


def _renamed(diagram: dict[str, list[dict[str, object]]]) -> tuple[object, dict[str, str]]:
    """The diagram with names that mean nothing, and the new name of each old one."""
    nodes = [*diagram["services"], *diagram["external_entities"]]
    names = {str(n["name"]): f"n{i}" for i, n in enumerate(nodes)}
    for entry in nodes:
        entry["name"] = names[str(entry["name"])]
    for flow in diagram["information_flows"]:
        flow |= {end: names[str(flow[end])] for end in ("sender", "receiver")}
    return diagram, names
