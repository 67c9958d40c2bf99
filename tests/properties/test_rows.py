"""Rows of frameworks: knowing less never looks better, and a second roll-up over truth tables agrees."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import EFFORT, examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.world import SHIPPED, review, verdicts, why
from threatmodel.catalog import Framework, parse_control, parse_framework
from threatmodel.evaluate import Engine
from threatmodel.evaluate.frameworks.requirements import framework_results
from threatmodel.graph import build_graph
from threatmodel.model import Decisions, Evidence, RequirementDecision, parse_model
from threatmodel.resources import resource_dir
from threatmodel.results import STATUSES, RequirementResult, Verdict
from threatmodel.source import parse, read

CONTROLS = SHIPPED.catalog.controls
GOOD: Final = frozenset({"design-evidence", "partial-evidence", "alternative", "inherited", "not-applicable"})
"""Statuses that speak for a row, or take it out."""


# knowing less


_REMOVED: Final[Mapping[str, tuple[str, ...]]] = {
    "parties": ("jurisdiction", "gdpr", "hipaa", "agreements"),
    "purposes": ("legal_basis", "condition", "large_scale"),
    "data": ("confidentiality", "integrity", "availability", "categories", "retention", "purposes"),
    "boundaries": ("environment",),
    "hosts": ("tenancy",),
    "actors": ("human",),
    "services": ("identity", "tenancy", "criticality", "custom_code", "needs"),
    "stores": ("identity", "tenancy", "criticality", "holds"),
    "flows": ("protocol",),
}
"""Attributes that are unknown when absent. Kinds, placement and what flows carry redraw the structure."""


class _Removal(NamedTuple):
    """A path to a key of a model that may be left out."""

    at: tuple[str | int, ...]
    key: str


def _all_inherited() -> Decisions:
    """Every row of every framework declared as inherited."""
    said = (
        RequirementDecision(
            (0,),
            framework.id,
            "*",
            None,
            "inherited",
            "a reason",
            None,
            (Evidence("report.pdf", None, None),),
            "ana",
            "2026-01-01",
            None,
            "host",
        )
        for framework in SHIPPED.frameworks
    )
    return Decisions(parse("{}", "decisions.yaml"), (), tuple(said))


DECIDED_SO: Final[Mapping[str, Decisions | None]] = {"nothing": None, "inherited": _all_inherited()}


@pytest.mark.parametrize("said", DECIDED_SO)
@examples(12)
@given(plain_models(CONTROLS, crowded=True), st.randoms(use_true_random=False))
def test_leaving_out_a_fact_or_a_statement_never_makes_a_row_look_better(
    said: str, model: Plain, chance: Random
) -> None:
    rows = _decided_rows(model, DECIDED_SO[said])
    for removal in _sample(chance, list(_removals(model))):
        after = _decided_rows(_without(model, removal), DECIDED_SO[said])
        for name, row in after.items():
            if row.status in GOOD and rows[name].status not in GOOD:
                assert _overrode(model, _without(model, removal), row), (
                    f"{name}: {rows[name].status} became {row.status} without {removal}\n{yaml(model)}"
                )


CLINIC: Final[Plain] = json.loads(
    json.dumps(read(resource_dir("samples") / "clinic" / "threatmodel.yaml").root)
)


@examples(12)
@given(plain_models(CONTROLS, crowded=True))
def test_what_is_inherited_settles_only_what_nothing_speaks_of(model: Plain) -> None:
    rows = _decided_rows(model, None)
    for name, row in _decided_rows(model, DECIDED_SO["inherited"]).items():
        if row.status != rows[name].status:
            assert row.status == "inherited"
            assert rows[name].status in ("not-modelled", "not-applicable"), name
            assert (row.gaps, row.unknown) == ((), 0), name


@pytest.mark.parametrize("said", DECIDED_SO)
@pytest.mark.parametrize("seed", range(3))
def test_nor_does_it_in_the_clinic(seed: int, said: str) -> None:
    decisions = DECIDED_SO[said]
    rows = _decided_rows(CLINIC, decisions)
    assert any(row.status == "inherited" for row in rows.values()) is bool(decisions)
    assert sum(row.status in GOOD for row in rows.values()) > 20
    changed = 0
    for removal in Random(seed).sample(list(_removals(CLINIC)), 25 * EFFORT):
        less = _without(CLINIC, removal)
        for name, row in _decided_rows(less, decisions).items():
            changed += row.status != rows[name].status
            if row.status in GOOD and rows[name].status not in GOOD:
                assert _overrode(CLINIC, less, row), f"{name} became {row.status} without {removal}"
    assert changed


def _overrode(model: Plain, less: Plain, row: RequirementResult) -> bool:
    """Whether what was left out had spoken against a result of the row, and had said so."""
    with_it, then = review(model), verdicts(review(less))
    for key, verdict in verdicts(with_it).items():
        control = key.partition("@")[0]
        if control in row.controls and then.get(key) is not verdict:
            reason = why(with_it, key)
            if reason.overrode or "weak" in reason.because or "not-applicable" in reason.because:
                return True
    return False


def _rows(frameworks: Sequence[Any]) -> dict[str, RequirementResult]:
    return {f"{f.id} {row.requirement}": row for f in frameworks for row in f.rows}


def _decided_rows(model: Plain, said: Decisions | None) -> dict[str, RequirementResult]:
    """The rows of a model under decisions."""
    return _rows(framework_results(review(model).engine, SHIPPED.frameworks, said))


def _removals(model: Plain) -> Iterator[_Removal]:
    for section, keys in _REMOVED.items():
        found = model.get(section, {})
        for name, entity in enumerate(found) if isinstance(found, list) else found.items():
            derived = section == "data" and "derived_from" in entity
            for key in keys:
                if key in entity and not (derived and key != "retention"):
                    yield _Removal((section, name), key)
            yield from (_Removal((section, name, "controls"), c) for c in entity.get("controls", {}))
    yield from (_Removal(("baseline",), control) for control in model.get("baseline", {}))


def _without(model: Plain, removal: _Removal) -> Plain:
    less = copy.deepcopy(model)
    here: Any = less
    for step in removal.at:
        here = here[step]
    del here[removal.key]
    return less


def _sample(chance: Random, found: list[_Removal]) -> list[_Removal]:
    return chance.sample(found, min(10, len(found)))


EMPTY: Final[tuple[Plain, ...]] = (
    {},
    {"services": {"web": {}}, "stores": {"db": {}}, "flows": [{"from": "web", "to": "db"}]},
    {
        "parties": {"us": {"own": True}, "them": {}},
        "actors": {"somebody": {}},
        "services": {"web": {}, "theirs": {"party": "them"}},
        "stores": {"db": {}},
        "data": {"x": {}},
        "purposes": {"p": {}},
        "flows": [{"from": "somebody", "to": "web"}, {"from": "web", "to": ["db", "theirs"]}],
    },
)


@pytest.mark.parametrize("model", EMPTY)
def test_a_model_that_says_nothing_gives_no_evidence_and_takes_no_row_out(model: Plain) -> None:
    assessment = review({"threatmodel": 1, "name": "m", **model}).assess()
    statuses = {row.status for row in _rows(assessment.frameworks).values()}
    assert statuses <= {"not-modelled", "outside-model", "gap"}
    assert "not-modelled" in statuses


# a second roll-up


SAID: Final[dict[str, object]] = {
    "satisfied": "by key",
    "alternative": {"status": "alternative", "reason": "a wall"},
    "gap": False,
    "out": {"status": "not-applicable", "reason": "empty"},
    "unknown": None,
}
SCOPE: Final[dict[str, object]] = {"in": "personal", "outside": [], "perhaps": None}
COVERAGE: Final = ("full", "partial", "context", "outside")
APPLIES: Final[dict[str, Plain]] = {
    "yes": {"own.gdpr": {"contains": "controller"}},
    "no": {"own.gdpr": {"contains": "processor"}},
    "open": {"own.hipaa": {"contains": "provider"}},
}
DECIDED: Final = (
    "",
    "attested",
    "implemented",
    "alternative",
    "not-reasonable-and-appropriate",
    "not-applicable",
    "inherited",
)


def naive(said: Sequence[str], scope: Sequence[str], coverage: str, applies: str, decided: str) -> str:
    """The status of a row over two stores, one sentence after the other, without counting anything."""
    stores = [(s, where) for s, where in zip(said, scope, strict=True) if where != "outside"]
    excused = decided in ("alternative", "not-reasonable-and-appropriate")
    gap = any(s == "gap" and where == "in" for s, where in stores)
    unknown = any(s == "unknown" or (s == "gap" and where == "perhaps") for s, where in stores)
    against = coverage != "outside" and (gap or unknown)
    if applies == "no" or (decided == "not-applicable" and not against):
        return "not-applicable"
    if coverage == "outside":
        return "outside-model"
    if applies == "open":
        return "not-modelled"
    if not excused and (gap or unknown):
        return "gap" if gap else "not-modelled"
    if decided == "not-reasonable-and-appropriate" and (gap or unknown or coverage == "context"):
        return "risk-accepted"
    shown = any(s in ("satisfied", "alternative") and where == "in" for s, where in stores)
    replaced = decided == "alternative" and (gap or unknown)
    if coverage != "context" and (shown or replaced):
        if coverage == "partial":
            return "partial-evidence"
        other = replaced or any(s == "alternative" for s, _ in stores)
        return "alternative" if other else "design-evidence"
    if decided and decided != "not-applicable":
        rest = {
            "alternative": "alternative",
            "not-reasonable-and-appropriate": "risk-accepted",
            "inherited": "inherited",
        }
        return rest.get(decided, "partial-evidence")
    if coverage == "context" or stores:
        return "not-modelled"
    return "not-applicable"


def _framework() -> Framework:
    rows = [
        {
            "id": f"{coverage}/{applies}/{decided}",
            "title": "A row",
            "designation": "conditional" if decided == "not-applicable" else "addressable",
            "category": "all",
            "coverage": coverage,
            "cannot_show": "the rest",
            "applies_when": APPLIES[applies],
            **({} if coverage == "outside" else {"controls": ["lock"]}),
        }
        for coverage, applies, decided in product(COVERAGE, APPLIES, DECIDED)
    ]
    plain = {
        "id": "rules",
        "title": "Rules",
        "source": "us",
        "law_as_of": "2026",
        "data": {"data.categories": {"contains": "personal"}},
        "requirements": rows,
    }
    return parse_framework(parse(json.dumps(plain), "rules.yaml"))


def _decisions() -> Decisions:
    said = [
        RequirementDecision(
            (0,),
            "rules",
            f"*/{decided}",
            None,
            decided,
            "a reason",
            "a wall" if decided == "alternative" else None,
            (Evidence("report.pdf", None, None),),
            "ana",
            "2026-01-01",
            None,
            "host" if decided == "inherited" else None,
        )
        for decided in DECIDED
        if decided
    ]
    return Decisions(parse("{}", "decisions.yaml"), (), tuple(said))


LOCK = parse_control(
    parse(
        json.dumps(
            {
                "id": "lock",
                "title": "lock",
                "layer": "perimeter",
                "subject": "store",
                "severity": "high",
                "threats": ["tampering"],
                "gap": "open",
                "fix": "close",
                "examples": ["flows: []  # gap", "flows: []  # satisfied"],
            }
        ),
        "catalogs/controls/perimeter/lock.yaml",
    )
)
RULES = _framework()
SAID_OF_ROWS = _decisions()


def _statuses(said: Sequence[str], scope: Sequence[str]) -> dict[str, str]:
    model: Plain = {
        "threatmodel": 1,
        "name": "m",
        "parties": {"us": {"own": True, "gdpr": "controller"}},
        "data": {
            f"x{i}": {} if SCOPE[where] is None else {"categories": SCOPE[where]}
            for i, where in enumerate(scope)
        },
        "stores": {
            f"d{i}": {"holds": f"x{i}"} | ({} if SAID[s] is None else {"controls": {"lock": SAID[s]}})
            for i, s in enumerate(said)
        },
    }
    graph = build_graph(parse_model(parse(json.dumps(model), "m.yaml"), SHIPPED.kinds), SHIPPED.kinds, AS_OF)
    [result] = framework_results(Engine(graph, {"lock": LOCK}), [RULES], SAID_OF_ROWS)
    return {row.requirement: row.status for row in result.rows}


@pytest.mark.parametrize("said", list(product(SAID, repeat=2)))
def test_a_second_roll_up_agrees_on_all_models_of_two_stores(said: tuple[str, str]) -> None:
    for scope in product(SCOPE, repeat=2):
        found = _statuses(said, scope)
        for coverage, applies, decided in product(COVERAGE, APPLIES, DECIDED):
            expected = naive(said, scope, coverage, applies, decided)
            name = f"{coverage}/{applies}/{decided}"
            assert found[name] == expected, f"{said} {scope} {name}"


def test_the_truth_tables_reach_every_status() -> None:
    seen = {
        naive(said, scope, coverage, applies, decided)
        for said in product(SAID, repeat=2)
        for scope in product(SCOPE, repeat=2)
        for coverage, applies, decided in product(COVERAGE, APPLIES, DECIDED)
    }
    assert seen == {*GOOD, "gap", "not-modelled", "outside-model", "risk-accepted"} == set(STATUSES)


def test_a_verdict_is_one_of_four_and_the_tables_have_them_all() -> None:
    assert len(Verdict) == 4
    assert {"satisfied", "gap", "unknown", "out"} < set(SAID)
