"""Layer depth counts the layers that every path passes, known and at most, and sees a single perimeter."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.evaluate.defence import Defence
from threatmodel.results.paths import LayerDepth
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()
HEAD = "data: {record: {confidentiality: restricted}}\nactors: {patient: }\n"
GATEWAY = "{kind: api-gateway, controls: {authenticate-caller: oidc, rate-limit: usage plan}}"


def defence(text: str) -> Defence:
    return parse(parse_yaml(HEAD + text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True).defence()


def depth(text: str, element: str) -> LayerDepth:
    return next(d for d in defence(text).depths() if d.element == element)


def test_a_layer_counts_where_every_path_passes_it() -> None:
    one = (
        f"services: {{gateway: {GATEWAY}, app: }}\nflows:\n  - {{from: patient, to: gateway, data: record}}\n"
    )
    one += "  - {from: gateway, to: app, data: record}\n"
    assert {"identity", "perimeter"} <= set(depth(one, "app").known)
    round_ = one + "  - {from: patient, to: app, protocol: http, data: record}\n"
    assert not {"identity", "perimeter"} & set(depth(round_, "app").known)
    assert "identity" in depth(round_, "app").perhaps
    assert {"identity", "perimeter"} <= set(depth(round_, "gateway").known)


def test_two_gateways_that_share_no_point_count_together() -> None:
    text = f"services: {{left: {GATEWAY}, right: {GATEWAY}, app: }}\nflows:\n"
    text += "  - {from: patient, to: [left, right], data: record}\n"
    text += "  - {from: [left, right], to: app, data: record}\n"
    assert "identity" in depth(text, "app").known


def test_a_gap_at_the_same_place_takes_the_layer_away() -> None:
    text = "services: {app: {controls: {authorize: roles, least-privilege: %s}}}\nflows:\n"
    text += "  - {from: patient, to: app, data: record}\n"
    assert "access" in depth(text % "narrow roles", "app").known
    assert "access" not in depth(text % "false", "app").known
    assert "access" not in depth(text % "false", "app").perhaps


def test_a_single_perimeter_is_seen_for_what_it_is() -> None:
    guarded = "services: {gateway: {controls: {rate-limit: usage plan}}, app: }\nflows:\n"
    guarded += "  - {from: patient, to: gateway}\n  - {from: gateway, to: app, data: record}\n"
    found = depth(guarded, "app")
    assert found.known == ("perimeter",)
    assert found.single == "gateway"
    deeper = guarded.replace("app: }", "app: {controls: {authorize: roles}}}")
    assert depth(deeper, "app").single == ""


def test_only_sensitive_elements_of_ours_that_paths_reach_are_listed() -> None:
    text = "parties: {lab: }\nboundaries: {ours: {trust: trusted}}\n"
    text += "services: {app: , theirs: {party: lab, boundary: ours}, list: , inside: }\nflows:\n"
    text += "  - {from: patient, to: [app, theirs], data: record}\n  - {from: patient, to: list, data: []}\n"
    text += "  - {from: inside, to: app, data: record}\n"
    assert [d.element for d in defence(text).depths()] == ["app"]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_paths_are_listed_weakest_first_with_what_they_pass(most: int) -> None:
    text = (
        f"services: {{gateway: {GATEWAY}, app: }}\nflows:\n  - {{from: patient, to: gateway, data: record}}\n"
    )
    text += "  - {from: gateway, to: app, data: record}\n  - {from: patient, to: app, data: record}\n"
    found = defence(text)
    paths = found.paths(found.outside, 0, most)
    assert [[hop.target for hop in p.hops] for p in paths] == [["app"], ["gateway", "app"]][:most]
    assert paths[0].controls == 0
    if most > 1:
        assert {"authenticate-caller", "rate-limit"} <= set(paths[1].hops[0].controls)
        assert paths[1].controls == sum(len(hop.controls) for hop in paths[1].hops)


def test_a_path_counts_nothing_that_an_untrusted_element_on_it_shows() -> None:
    text = "boundaries: {outside: {trust: untrusted}}\nservices: {app: , relay: {boundary: outside, "
    text += "controls: {authenticate-caller: oidc}}}\nflows:\n"
    text += "  - {from: patient, to: relay, data: record}\n  - {from: relay, to: app, data: record}\n"
    found = defence(text)
    (path,) = found.paths(found.outside - {2}, 0, 5)
    assert [hop.target for hop in path.hops] == ["relay", "app"]
    assert [hop.controls for hop in path.hops] == [(), ()]


def test_the_way_round_a_layer_is_the_shortest_path_that_does_not_pass_it() -> None:
    text = f"services: {{gateway: {GATEWAY}, far: , app: }}\nflows:\n"
    text += "  - {from: patient, to: [gateway, far], data: record}\n"
    text += "  - {from: [gateway, far], to: app, data: record}\n"
    found = defence(text)
    assert found.detour("app", "perimeter") == ("patient", "far", "app")
    assert found.detour("far", "perimeter") == ("patient", "far")
    assert found.detour("gateway", "perimeter") == ()
