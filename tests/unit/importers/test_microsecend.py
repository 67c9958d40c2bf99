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


def exemplary() -> dict[str, list[dict[str, object]]]:
    """A system in which every rule is met."""
    every = ("local_logging", "log_sanitization")
    gate = ("gateway", "entrypoint", "circuit_breaker", "load_balancer", "authentication", "authorization")
    services = [
        node("gate", *gate, *every),
        node("shop", "internal", *every),
        node("rights", "authorization_server", *every),
        node("login", "authentication_server", "login_attempts_regulation", *every),
        node("names", "service_discovery", "validate_registration", *every),
        node("bus", "message_broker", *every),
        node("board", "monitoring_dashboard", *every),
        node("vault", "secret_manager", *every),
    ]
    externals = [node("user", "user_stereotype"), node("logs", "logging_server")]
    marks = ("restful_http", "authenticated", "authorized", "encrypted_connection")
    names = [str(s["name"]) for s in services]
    flows = [arrow("user", "gate", *marks), arrow("bus", "logs", *marks)]
    flows += [arrow(n, end, *marks) for n in names for end in ("bus", "board") if n != end]
    return {"services": services, "external_entities": externals, "information_flows": flows}


def verdicts(diagram: dict[str, list[dict[str, object]]]) -> set[str]:
    """The rules that a diagram violates."""
    recorded = {rule: {"verdict": True, "items": []} for rule in RULES}
    return {cell.rule for cell in cells({**diagram}, {**recorded}) if not cell.ours}


def test_a_system_can_meet_every_rule() -> None:
    assert verdicts(exemplary()) == set()


MARKS = {
    "R01": ("gate", "entrypoint"),
    "R02": ("gate", "circuit_breaker"),
    "R03": ("gate", "load_balancer"),
    "R04": ("gate", "authorization"),
    "R05": ("gate", "authentication"),
    "R08": ("rights", "authorization_server"),
    "R12": ("login", "login_attempts_regulation"),
    "R15": ("shop", "local_logging"),
    "R16": ("logs", "logging_server"),
    "R22": ("shop", "log_sanitization"),
    "R23": ("names", "service_discovery"),
    "R24": ("names", "validate_registration"),
    "R25": ("vault", "secret_manager"),
}


@pytest.mark.parametrize(("rule", "mark"), MARKS.items())
def test_a_missing_mark_violates_its_rule_and_no_other(rule: str, mark: tuple[str, str]) -> None:
    diagram = exemplary()
    name, stereotype = mark
    for entry in (*diagram["services"], *diagram["external_entities"]):
        if entry["name"] == name:
            entry["stereotypes"] = [s for s in _stereotypes(entry) if s != stereotype]
    assert verdicts(diagram) == {rule}


FLOW_MARKS = {"R06": "authorized", "R07": "authenticated", "R14": "encrypted_connection"}


@pytest.mark.parametrize(("rule", "stereotype"), FLOW_MARKS.items())
def test_one_unmarked_connection_violates_its_rule_and_no_other(rule: str, stereotype: str) -> None:
    diagram = exemplary()
    (flow,) = [f for f in diagram["information_flows"] if (f["sender"], f["receiver"]) == ("shop", "bus")]
    flow["stereotypes"] = [s for s in _stereotypes(flow) if s != stereotype]
    assert verdicts(diagram) == {rule}


def test_a_second_of_a_sort_violates_its_rule() -> None:
    found = {}
    for rule, stereotype in {
        "R01": "entrypoint",
        "R08": "authorization_server",
        "R09": "authentication_server",
        "R16": "logging_server",
        "R23": "service_discovery",
        "R25": "secret_manager",
    }.items():
        diagram = exemplary()
        diagram["services"].append(node("second", stereotype))
        found[rule] = rule in verdicts(diagram)
    assert all(found.values()), found


def _stereotypes(entry: dict[str, object]) -> list[str]:
    found = entry["stereotypes"]
    assert isinstance(found, list)
    return found


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
