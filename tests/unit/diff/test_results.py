"""What becomes of gaps, unknown results and rows: each told as what it is, and the worst first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.diff.test_pairs import LIBRARY
from tests.unit.evaluate.build import control, engine
from threatmodel.api import Review, compare, parse
from threatmodel.catalog import Control, Framework, parse_framework
from threatmodel.diff import Changes, Version, failing_changes
from threatmodel.diff import compare as compare_versions
from threatmodel.evaluate import assess
from threatmodel.model.words import SEVERITIES
from threatmodel.policy import apply_decisions
from threatmodel.results import Finding
from threatmodel.source import parse as parse_yaml

AS_OF = "2026-06-01"
MODEL = """
data: {record: {confidentiality: %(level)s, categories: [], integrity: low, availability: low}}
boundaries: {lan: {trust: trusted}}
services: {api: {boundary: lan}}
stores:
  a: {boundary: lan, kind: relational-database, holds: record, controls: {encrypt-at-rest: %(a)s}}
  b: {boundary: lan, kind: relational-database, holds: record, controls: {encrypt-at-rest: %(b)s}}
"""
GAP, HELD = "false", "aes-256"
PLANNED = "{status: planned, owner: me, due: 2027-01-01}"


def changed(old: str, new: str) -> Changes:
    sides = (parse(parse_yaml(text, "m.yaml"), LIBRARY, AS_OF, fragment=True) for text in (old, new))
    return compare(*sides)


def between(old: str, new: str, controls: Sequence[Control], *frameworks: Framework) -> Changes:
    """The changes under controls of one's own."""
    return compare_versions(*(_version(text, controls, frameworks) for text in (old, new)))


def _version(text: str, controls: Sequence[Control], frameworks: Sequence[Framework]) -> Version:
    world = engine(text, *controls)
    assessment = apply_decisions(assess(world, frameworks, None), None)
    return Version(world.graph, assessment, (), lambda *_: ())


def stores(a: str, b: str, level: str = "confidential") -> str:
    return MODEL % {"a": a, "b": b, "level": level}


def gaps(old: str, new: str) -> list[tuple[str, str]]:
    return [(g.how, g.key) for g in changed(old, new).gaps if g.key.startswith("encrypt-at-rest@")]


# gaps


def test_what_became_worse_stands_before_what_became_better() -> None:
    assert gaps(stores(GAP, HELD), stores(HELD, GAP)) == [
        ("opened", "encrypt-at-rest@b"),
        ("closed", "encrypt-at-rest@a"),
    ]


def test_a_gap_that_stands_open_again_is_worse_and_one_that_is_planned_is_not() -> None:
    changes = changed(stores(GAP, PLANNED), stores(PLANNED, GAP))
    found = [(g.how, g.before, g.after) for g in changes.gaps if g.key.startswith("encrypt-at-rest@")]
    assert found == [("re-opened", "planned", "open"), ("planned", "open", "planned")]
    assert any(failing_changes(changes, {"encrypt-at-rest@b"}))
    assert not any(failing_changes(changes, {"encrypt-at-rest@a"}))


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [("internal", "restricted", "worsened"), ("restricted", "internal", "eased")],
)
def test_a_gap_of_another_severity_is_worse_or_less_severe(before: str, after: str, how: str) -> None:
    changes = changed(stores(GAP, GAP, before), stores(GAP, GAP, after))
    found = {g.key: (g.how, g.severity_before != g.severity_after) for g in changes.gaps}
    assert found["encrypt-at-rest@a"] == (how, True)
    assert any(failing_changes(changes, {"encrypt-at-rest@a"})) is (how == "worsened")


def test_of_gaps_that_are_as_bad_the_more_severe_stands_first() -> None:
    controls = [control(severity, severity=severity, expect={"holds_data": True}) for severity in SEVERITIES]
    opened = between("stores: {}", "stores: {db: {holds: []}}", controls).gaps
    closed = between("stores: {db: {holds: []}}", "stores: {db: {holds: [x]}}\ndata: {x: {}}", controls).gaps
    for gaps in (opened, closed):
        ranks = [SEVERITIES.index(gap.severity) for gap in gaps]
        assert ranks == sorted(ranks, reverse=True)
        assert len(set(ranks)) > 1


# results that are unknown

TWO = """
data: {record: {}}
services: {api: {}, job: {}}
stores: {kept: {holds: record%(at)s}}
flows:
  - {from: api, to: kept, data: record%(on)s}
  - {from: job, to: kept, data: record, protocol: postgresql}
"""
LOCK, SEAL = control("lock"), control("seal", "flow")


def two(at: str = "", on: str = "") -> str:
    said = (text and f", controls: {{{text}: yes it is}}" for text in (at, on))
    return TWO % dict(zip(("at", "on"), said, strict=True))


def settled(changes: Changes) -> dict[str, tuple[int, int, int, int]]:
    return {
        key: (u.satisfied, u.gaps, u.absent, u.unasked)
        for u in changes.unknowns
        for key in u.keys
        if u.how == "settled"
    }


def test_a_settled_result_has_the_later_name_of_its_subject() -> None:
    changes = between(two(), two("lock", "seal").replace("kept", "vault"), [LOCK, SEAL])
    assert ("store", "kept", "vault") in {(r.kind, r.before, r.after) for r in changes.renames}
    assert settled(changes) == {"lock@vault": (1, 0, 0, 0), "seal@api->vault": (1, 0, 0, 0)}
    assert not [u for u in changes.unknowns if u.how == "new"]


def test_a_result_stays_unknown_under_a_new_name_of_its_subject() -> None:
    changes = between(two(), two().replace("kept", "vault"), [LOCK, SEAL])
    assert changes.renames
    assert not changes.unknowns


def test_an_unknown_result_whose_subject_is_gone_is_settled_and_not_there() -> None:
    changes = between(f"{two()}  - {{from: job, to: api}}\n", two(), [LOCK, SEAL])
    assert settled(changes) == {"seal@job->api": (0, 0, 1, 0)}


def test_an_unknown_result_that_nobody_asks_for_is_settled_and_not_asked() -> None:
    changes = between(two(), two().replace("kept: {", "kept: {out_of_scope: moved, "), [LOCK])
    assert settled(changes) == {"lock@kept": (0, 0, 0, 1)}


def test_what_was_satisfied_and_is_lost_stands_before_what_is_new_and_that_before_what_is_settled() -> None:
    controls = [LOCK, SEAL, control("bolt", "actor", severity="high")]
    new = two(on="seal").replace("services:", "actors: {user: {}}\nservices:")
    found = between(two("lock"), new, controls).unknowns
    assert [(u.how, u.keys) for u in found] == [
        ("new", ("lock@kept",)),
        ("new", ("bolt@user",)),
        ("settled", ("seal@api->kept",)),
    ]


GUARDED = """
data:
  ticket: {confidentiality: restricted, categories: personal}
  note: {confidentiality: confidential, categories: []}
boundaries: {cloud: {trust: trusted}}
actors: {user: {human: true}}
services:
  gateway: {boundary: cloud, kind: api-gateway, controls: {authenticate-caller: oidc}}
  api: {boundary: cloud, kind: api, custom_code: true}
  far: {boundary: cloud, kind: api, custom_code: true}
  mid: {boundary: cloud, kind: api, custom_code: true}
flows:
  - {from: user, to: gateway, protocol: https, data: ticket}
  - {from: gateway, to: api, protocol: https, data: ticket}
  - {from: gateway, to: far, protocol: https, data: note}
"""
ROUND = """  - {from: user, to: api, name: direct, protocol: https}
  - {from: user, to: mid, protocol: https}
  - {from: mid, to: far, name: direct, protocol: https}
"""


def test_possible_bypasses_of_one_control_are_one_change_with_the_shortest_path_and_the_worst_severity() -> (
    None
):
    changes = changed(GUARDED, GUARDED + ROUND)
    (bypass,) = (u for u in changes.unknowns if "authenticate-every-way@api" in u.keys)
    after = parse(parse_yaml(GUARDED + ROUND, "m.yaml"), LIBRARY, AS_OF, fragment=True).assess()
    found = {f.key: f for f in after.bypasses if f.key in bypass.keys}
    assert len(found) > 1
    assert {len(f.path) for f in found.values()} == {2, 3}
    assert len({f.severity for f in found.values()}) > 1
    shortest, *_ = bypass.asked
    assert isinstance(shortest, Finding)
    assert shortest.path == ("user", "api")
    worst = max((f.severity for f in found.values()), key=SEVERITIES.index)
    assert bypass.severity == worst


# warnings

UNMET = """
services: {api: {}}
stores: {kept: {controls: {lock: %s}}}
flows: [{from: api, to: kept, protocol: postgresql}, {from: api, to: kept, name: again, protocol: https}]
"""
STALE = "{mechanism: yes it is, evidence: {link: x.pdf, until: 2026-01-01}}"


def test_a_warning_is_new_gone_or_the_same_whatever_it_names_is_called_now() -> None:
    calm, warned = UNMET % "yes it is", UNMET % STALE
    came = between(calm, warned, [LOCK]).warnings
    assert came
    assert {w.how for w in came} == {"new"}
    assert {w.how for w in between(warned, calm, [LOCK]).warnings} == {"gone"}
    assert not between(warned, warned.replace("kept", "vault"), [LOCK]).warnings
    renamed = between(warned, warned.replace("kept", "vault"), [LOCK])
    assert renamed.renames
    assert not renamed.warnings


def test_a_statement_that_facts_contradict_is_no_other_warning_on_other_lines_or_under_other_names() -> None:
    asked = control("lock", expect={"tenancy": "single"})
    warned = UNMET.replace("{controls", "{tenancy: shared, controls") % "yes it is"
    moved = "\n# another line\n" + warned.replace("kept", "vault")
    assert [w.warning.code for w in between(UNMET % "yes it is", warned, [asked]).warnings] == [
        "contradicted-statement"
    ]
    assert not between(warned, moved, [asked]).warnings


def test_a_waiver_that_matches_nothing_is_no_other_warning_where_it_follows_a_new_name(
    tmp_path: Path,
) -> None:
    def version(name: str) -> Review:
        decisions = tmp_path / f"{name}.yaml"
        waivers = "".join(
            f"  - {{finding: '{key}', reason: r, owner: o, until: 2027-01-01}}\n"
            for key in (f"encrypt-at-rest@{name}", f"encrypt-in-transit@api->{name}:again")
        )
        decisions.write_text(f"threatmodel-decisions: 1\nwaivers:\n{waivers}")
        text = UNMET.replace("lock", "encrypt-at-rest").replace("kept", name) % "aes-256"
        return parse(parse_yaml(text, "m.yaml"), LIBRARY, AS_OF, decisions, fragment=True)

    changes = compare(version("kept"), version("vault"))
    assert len(version("vault").assess().warnings) == 2
    assert ("store", "kept", "vault") in {(r.kind, r.before, r.after) for r in changes.renames}
    assert not changes.warnings


# rows of frameworks


def test_rows_that_are_worse_stand_before_those_without_an_order_and_those_that_are_better() -> None:
    rows = [
        {
            "id": name,
            "title": name,
            "designation": "required",
            "category": "all",
            "coverage": "full",
            "controls": [name],
            "cannot_show": "the rest",
            **more,
        }
        for name, more in (
            ("lock", {}),
            ("moved", {"applies_when": {"has_flows": True}}),
            ("seal", {}),
        )
    ]
    plain = {"id": "rules", "title": "R", "source": "us", "law_as_of": "2026", "requirements": rows}
    rules = parse_framework(parse_yaml(json.dumps(plain), "catalogs/frameworks/rules.yaml"))
    old = """
services: {api: {}}
stores: {kept: {controls: {lock: false, seal: yes it is}}}
flows: []
"""
    new = """
services: {api: {}}
stores: {kept: {controls: {lock: yes it is, seal: false}}}
flows: [{from: api, to: kept}]
"""
    found = between(old, new, [LOCK, control("seal"), control("moved")], rules).requirements
    assert [(r.requirement, r.better) for r in found] == [("seal", False), ("moved", None), ("lock", True)]
