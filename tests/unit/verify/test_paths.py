"""Claims about paths: a true witness or closed set is accepted, every other one is rejected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control
from tests.unit.verify.build import changed, checked, proved, rejected, reviewed
from threatmodel.api import Review
from threatmodel.catalog import Control

GUARD = control("g", "service", mechanisms={"weak": ["md5"]})
EITHER = control("g", ["service", "flow"])
STRICT = control("g", "service", expect={"custom_code": True})
SECOND = control("s", "service")
CHANNEL = control("g", "flow", expect={"transport.encrypted": True}, covered_by=[{"ends": ["target"]}])
CLAIMS = control("g", "service", expect={"any": [{"claimed": "s"}, {"every_path_passes": "s"}]})
PASSES = control("o", "store", expect={"every_path_passes": "g"})
ORDERED = control("o", "store", expect={"every_path_passes": ["g", "s"]})
BUSINESS = control("o", "store", expect={"every_path_passes": {"controls": ["g"], "flows": ["business"]}})
OTHERS = control("o", "store", expect={"every_path_passes": {"controls": "g", "from": "third-party"}})
PEOPLE = control("o", "store", expect={"every_path_passes": {"controls": "g", "from": "people"}})
AT_FLOW = control("o", "flow", when={"target.element": "store"}, expect={"every_path_passes": "g"})
ON_FLOWS = control("s", "flow")
PLACED = control("g", "service", covered_by=[{"boundary": "inside"}, {"baseline": True}])


def world(gate: str, side: str = "", more: str = "") -> str:
    """A caller, a gate and a side door, each on the way to a store."""
    return f"""
actors: {{u: }}
services: {{gate: {gate}, side: {side}, far: }}
stores: {{d: }}
flows:
  - {{from: u, to: [gate, side]}}
  - {{from: [gate, side], to: d}}
{more}
"""


YES, NO = "{controls: {g: oidc}}", "{controls: {g: false}}"
ROUND: tuple[str, list[str]] = ("u", ["u->side", "side->d"])
SHUT: tuple[bool, str, list[str]] = (True, "", [])
GROUND = "boundaries: {z: {controls: {g: %s}}}"
HTTPS = world("", "").replace("[gate, side]}", "[gate, side], protocol: https}", 1)
HTTP = world("", "").replace("[gate, side]}", "gate, protocol: http}", 1)
BOTH = "{controls: {g: oidc, s: rbac}}"
STAFF = """
parties: {v: }
boundaries: {office: }
actors: {u: , clerk: {boundary: office%s}}
services: {gate: {controls: {g: oidc}}, far: {party: v}, side: {controls: {g: false}}}
stores: {d: }
flows: [{from: u, to: gate}, {from: gate, to: d}, {from: %s, to: side}, {from: side, to: d}]
"""
BY_CLERK: tuple[str, list[str]] = ("clerk", ["clerk->side", "side->d"])
SHORT: list[tuple[str, tuple[Control, ...], str, bool | None, str, list[str]]] = [
    ("o@d", (PASSES, GUARD), world(YES, YES), *SHUT),
    ("o@d", (PASSES, GUARD), world(YES, NO), False, *ROUND),
    ("o@d", (PASSES, GUARD), world(YES), None, *ROUND),
    ("o@d", (PASSES, GUARD), world(YES, "{controls: {g: md5}}"), False, *ROUND),
    ("o@d", (PASSES, GUARD), world(YES, "{controls: {g: {status: planned}}}"), False, *ROUND),
    ("o@d", (ORDERED, GUARD, SECOND), world(BOTH, YES), None, *ROUND),
    (
        "o@d",
        (ORDERED, GUARD, SECOND),
        world(BOTH, BOTH),
        *SHUT,
    ),
    ("o@d", (BUSINESS, GUARD), world(YES, "", "").replace("[gate, side]}", "gate}", 1), *SHUT),
    (
        "o@d",
        (BUSINESS, GUARD),
        world(YES, NO, "  - {from: u, to: far, kind: deployment}\n  - {from: far, to: d}"),
        False,
        *ROUND,
    ),
    ("o@d", (OTHERS, GUARD), STAFF % ("", "far"), False, "far", ["far->side", "side->d"]),
    ("o@d", (PASSES, GUARD), STAFF % ("", "far"), *SHUT),
    ("o@d", (PEOPLE, GUARD), STAFF % (", human: true", "clerk"), False, *BY_CLERK),
    ("o@d", (PEOPLE, GUARD), STAFF % ("", "clerk"), None, *BY_CLERK),
    ("o@d", (PEOPLE, GUARD), STAFF % (", human: false", "clerk"), *SHUT),
    ("o@side->d", (AT_FLOW, GUARD), world(YES, NO), False, *ROUND),
    ("o@gate->d", (AT_FLOW, GUARD), world(YES, NO), *SHUT),
    ("o@d", (PASSES, CHANNEL), HTTPS, *SHUT),
    ("o@d", (PASSES, CHANNEL), HTTP, None, "u", ["u->gate", "gate->d"]),
    ("o@d", (PASSES, CLAIMS, SECOND), world(YES.replace("g", "s"), NO.replace("g", "s")), False, *ROUND),
    ("o@d", (PASSES, STRICT), world(YES, "{custom_code: false, controls: {g: true}}"), False, *ROUND),
    ("o@d", (PASSES, PLACED), world(YES, "{boundary: z}", GROUND % "false"), False, *ROUND),
    ("o@d", (PASSES, GUARD), world(YES, YES, "  - {from: u, to: w}").replace("u: ", "u: , w: "), *SHUT),
    (
        "o@d",
        (PASSES, GUARD),
        world("", NO, "  - {from: u, to: far}\n  - {from: far, to: side}")
        .replace("far: }", "far: {controls: {g: false}}}")
        .replace("[gate, side]}", "gate}", 1),
        False,
        "u",
        ["u->far", "far->side", "side->d"],
    ),
    (
        "o@d",
        (PASSES, CLAIMS, ON_FLOWS),
        """
actors: {u: }
services: {side: }
stores: {d: }
flows: [{from: u, to: side, controls: {s: oidc}}, {from: side, to: d}]
""",
        False,
        "u",
        ["u->side", "side->d"],
    ),
    (
        "o@d",
        (PEOPLE, GUARD),
        """
boundaries: {office: }
actors: {clerk: {boundary: office, human: true}}
services: {gate: {controls: {g: oidc}}}
stores: {d: }
flows: [{from: clerk, to: gate}, {from: gate, to: d}]
""",
        None,
        "",
        [],
    ),
    ("o@d", (PASSES, PLACED), world(YES, "{boundary: z}", GROUND % "oidc"), None, *ROUND),
    ("o@d", (PASSES, PLACED), world(YES, "", "baseline: {g: false}"), False, *ROUND),
    (
        "o@d",
        (PASSES, GUARD),
        """
actors: {u: }
services: {far: }
stores: {q: {kind: queue}, d: }
flows: [{from: u, to: q}, {from: far, to: q}, {from: far, to: d}]
""",
        None,
        "u",
        ["u->q", "<far->q", "far->d"],
    ),
    (
        "o@d",
        (PASSES, EITHER),
        """
actors: {u: }
services: {a: , b: }
stores: {d: }
flows: [{from: u, to: a}, {from: a, to: b}, {from: b, to: a}, {from: a, to: d, controls: {g: oidc}}]
""",
        *SHUT,
    ),
]  # fmt: skip


def way_of(proof: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    subject = key.partition("@")[2]
    [at] = [i for i, way in enumerate(proof["paths"]) if way["id"] == subject and "g" in way["controls"]]
    return at, proof["paths"][at]


@pytest.mark.parametrize(("key", "asked", "text", "outcome", "start", "hops"), SHORT)
def test_a_claim_about_paths_is_accepted_and_every_part_of_it_counts(
    key: str, asked: tuple[Control, ...], text: str, outcome: bool | None, start: str, hops: list[str]
) -> None:
    review = reviewed(text, *asked)
    proof = proved(review)
    found = checked(proof, review)
    assert found.differences == ()
    at, way = way_of(proof, key)
    assert (way["outcome"], way["start"]) == (outcome, start)
    assert [("<" if hop["back"] else "") + hop["flow"] for hop in way["hops"]] == hops
    for other in {True, False, None} - {outcome}:
        assert rejected(changed(proof, "paths", at, "outcome", to=other), review)
    assert rejected(changed(proof, "paths", at, "reached", to=False), review)
    assert rejected(changed(proof, "paths", at, "start", to=f"{start}-other"), review)
    assert rejected(changed(proof, "paths", at, "closed", to=[*way["closed"], "far"]), review)
    for n, hop in enumerate(way["hops"]):
        where: tuple[str | int, ...] = ("paths", at, "hops")
        assert rejected(changed(proof, *where, to=way["hops"][:n]), review)
        assert rejected(changed(proof, *where, n, "back", to=not hop["back"]), review)
        assert rejected(changed(proof, *where, n, "flow", to=f"{hop['flow']}:other"), review)
        for name in ("line", "column"):
            assert rejected(changed(proof, *where, n, name, to=99), review)
        assert rejected(changed(proof, *where, n, "file", to="other.yaml"), review)


@pytest.mark.parametrize(("key", "asked", "text", "outcome", "start", "hops"), SHORT)
def test_what_shows_a_control_on_a_path_is_accepted_and_nothing_else_is(
    key: str, asked: tuple[Control, ...], text: str, outcome: bool | None, start: str, hops: list[str]
) -> None:
    review = reviewed(text, *asked)
    proof = proved(review)
    assert proof["evidence"]
    for at, entry in enumerate(proof["evidence"]):
        for other in {True, False, None} - {entry["shows"]}:
            assert rejected(changed(proof, "evidence", at, "shows", to=other), review)
        for n, said in enumerate(entry["statements"]):
            assert said["counts"] != "other"
            assert rejected(changed(proof, "evidence", at, "statements", n, "counts", to="other"), review)
            assert rejected(changed(proof, "evidence", at, "statements", to=entry["statements"][:n]), review)


def _claims(review: Review, proof: dict[str, Any], **claim: Any) -> bool:
    at, way = way_of(proof, "o@d")
    other = changed(proof, "paths", at, to={**way, **claim})
    return rejected(other, review)


def test_a_claim_that_differs_is_named_with_the_paths_that_it_speaks_of() -> None:
    review = reviewed(world(YES, NO), BUSINESS, GUARD)
    proof = proved(review)
    at, _ = way_of(proof, "o@d")
    found = checked(changed(proof, "paths", at, "reached", to=False), review).differences
    assert (found[0].table, found[0].name) == ("paths", ("g", "business", "untrusted", "store", "d"))


def test_only_the_first_of_the_shortest_paths_that_do_not_pass_is_the_witness() -> None:
    more = "  - {from: u, to: far}\n  - {from: far, to: d}\n  - {from: far, to: side}"
    review = reviewed(world(YES, NO, more).replace("far: }", "far: {controls: {g: false}}}"), PASSES, GUARD)
    proof = proved(review)
    by = {
        hop: _hop(review, hop)
        for hop in ("u->side", "side->d", "u->far", "far->d", "far->side", "u->gate", "gate->d")
    }
    assert not _claims(review, proof, hops=[by[hop] for hop in ("u->far", "far->d")])
    for hops in (["u->side", "side->d"], ["u->gate", "gate->d"], ["u->side"], ["u->side", "far->d"], []):
        assert _claims(review, proof, hops=[by[hop] for hop in hops]), hops
    assert _claims(review, proof, start="", hops=[])


def test_a_path_of_other_flows_than_the_obligation_follows_is_no_witness() -> None:
    more = "  - {from: u, to: far, kind: deployment}\n  - {from: far, to: d}"
    review = reviewed(world(YES, NO, more).replace("far: }", "far: {controls: {g: false}}}"), BUSINESS, GUARD)
    hops = [_hop(review, hop) for hop in ("u->far", "far->d")]
    assert _claims(review, proved(review), hops=hops)


def test_a_flow_that_a_path_ends_with_is_not_walked_backwards() -> None:
    text = """
actors: {u: }
services: {s: }
stores: {q: {kind: queue}}
flows: [{from: u, to: q}, {from: s, to: q}]
"""
    asked = control("o", "flow", expect={"every_path_passes": "g"})
    review = reviewed(text, asked, GUARD)
    proof = proved(review)
    assert checked(proof, review).differences == ()
    [at] = [i for i, way in enumerate(proof["paths"]) if way["id"] == "u->q"]
    back = [_hop(review, "u->q"), {**_hop(review, "s->q"), "back": True}]
    assert rejected(changed(proof, "paths", at, "hops", to=back), review)
    [other] = [i for i, way in enumerate(proof["paths"]) if way["id"] == "s->q"]
    assert proof["paths"][other]["reached"] is True
    assert rejected(changed(proof, "paths", other, "hops", to=back), review)


def _hop(review: Review, flow: str) -> dict[str, Any]:
    [found] = [f for f in review.graph.flows if f.id == flow]
    span = review.model.span(found.at)
    return {"flow": flow, "back": False, "file": "m.yaml", "line": span.line, "column": span.column}
