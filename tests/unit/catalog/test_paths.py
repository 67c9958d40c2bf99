"""A control may ask for paths and count what stands upstream, where paths lead and something can show it."""

from __future__ import annotations

import pytest

from tests.unit.catalog.build import control, problems
from threatmodel.catalog import Control, EveryPath, Route, shown_on_paths
from threatmodel.catalog.lint import cross_check


def _locked(expect: str, **parts: str) -> Control:
    file = "catalogs/controls/perimeter/lock-ways.yaml"
    chosen = {"id": "id: lock-ways", "subject": "subject: store", "gap": "gap: '{store}'", "expect": expect}
    return control(file, **{**chosen, **parts})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("lock-doors", ("lock-doors",)), ("[lock-doors, ring-bell]", ("lock-doors", "ring-bell"))],
)
def test_an_obligation_names_one_control_or_several_in_order(value: str, expected: tuple[str, ...]) -> None:
    found = _locked(f"expect: {{every_path_passes: {value}}}").expect
    assert found == EveryPath(Route(expected), ("expect", "every_path_passes"))


def test_an_obligation_may_follow_flows_of_some_kinds_only() -> None:
    found = _locked("expect: {every_path_passes: {controls: lock-doors, flows: [business, backup]}}").expect
    assert isinstance(found, EveryPath)
    assert found.route == Route(("lock-doors",), ("business", "backup"))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"when": "when: {every_path_passes: a}"}, "statement-in-when"),
        ({"expect": "expect: {not: {every_path_passes: a}}"}, "statement-under-not"),
        ({"expect": "expect: {every_path_passes: []}"}, "condition-form"),
        ({"expect": "expect: {every_path_passes: {controls: []}}"}, "condition-form"),
        ({"expect": "expect: {every_path_passes: {controls: a, flows: secret}}"}, "unknown-word"),
        ({"expect": "expect: {every_path_passes: [a, b, a]}"}, "condition-form"),
        ({"subject": "subject: host", "expect": "expect: {every_path_passes: a}"}, "path-subject"),
        ({"subject": "subject: host", "covered_by": "covered_by: [{upstream: true}]"}, "coverage-form"),
        ({"covered_by": "covered_by: [{upstream: false}]"}, "coverage-form"),
    ],
)
def test_what_paths_cannot_mean_is_told(parts: dict[str, str], code: str) -> None:
    assert [p.code for p in problems(**parts)] == [code]


def test_what_is_asked_of_a_control_or_states_it_shows_it_on_paths() -> None:
    services = control(
        subject="subject: service", gap="gap: '{service}'", covered_by="covered_by: [{upstream: true}]"
    )
    assert services.covered_by.upstream
    assert shown_on_paths(services) == {"service"}
    ends = control(covered_by="covered_by: [{ends: [target]}]")
    assert shown_on_paths(ends) == {"flow", "service", "store", "actor"}


def test_a_path_can_pass_only_what_an_element_or_a_flow_can_show() -> None:
    ways = _locked("expect: {every_path_passes: lock-doors}")
    at_doors = control()
    at_hosts = control(subject="subject: host", gap="gap: '{host}'")
    assert cross_check([ways, at_doors], {"lock-ways": ways, "lock-doors": at_doors}) == []
    found = cross_check([ways, at_hosts], {"lock-ways": ways, "lock-doors": at_hosts})
    assert [p.code for p in found] == ["path-control"]
    assert [p.code for p in cross_check([ways], {"lock-ways": ways})] == ["unknown-control"]


def test_obligations_make_no_circle_since_evidence_never_rests_on_paths() -> None:
    to = _locked("expect: {every_path_passes: lock-doors}")
    back = control(
        subject="subject: store", gap="gap: '{store}'", expect="expect: {every_path_passes: lock-ways}"
    )
    assert cross_check([to, back], {"lock-ways": to, "lock-doors": back}) == []
