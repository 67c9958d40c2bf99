"""Fix sets close what they say, open nothing, and nothing cheaper does: against trying every set."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given

from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.test_obligations import CONTROLS, LIBRARY, small_model
from threatmodel.api import Review, parse
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.statements import LACKING
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.model import SECTIONS
from threatmodel.plan import Costs, place_of_change, plan
from threatmodel.plan.change import Change, Sites, stating
from threatmodel.plan.costs import WEIGHTS
from threatmodel.results import BASELINE, Finding, Place, Verdict, result_key
from threatmodel.results.fixes import FixPlan
from threatmodel.source import parse as parse_yaml

_MOST = 300  # sets of statements that are tried for one model
COSTS = Costs({"know": 2, "allow": 3, "check": 2, "limit": 1, "sealed": 1}, CONTROLS)


def _review(text: str) -> Review:
    return parse(parse_yaml(text, "model.yaml"), LIBRARY, AS_OF)


def _universe(review: Review, sites: Sites) -> list[Change]:
    """Every statement that could be made; of a control of paths only in the place of one that denies it."""
    model = review.model
    places = [BASELINE]
    places += [Place(k, name) for k, section in SECTIONS.items() for name in getattr(model, section) if name]
    places += [Place("service type", name) for name in model.service_types]
    places += [Place("store type", name) for name in model.store_types]
    places += [site for f in model.flows if (site := sites.site(Place("flow", f.id)))]
    found = []
    for control in CONTROLS.values():
        allowed, said = place_kinds(control), review.engine.statements.of(control.id)
        for place in dict.fromkeys(places):
            now = said.at(place)
            denied = now is not None and now.weight in LACKING
            if place[0].removesuffix(" type") in allowed and (denied or not required_routes(control)):
                found.append(Change(control.id, place))
    return found


def _verdicts(engine: Engine) -> dict[str, Verdict]:
    return {
        result_key(control.id, kind, name): engine.decide(control, kind).verdict(i)
        for control in CONTROLS.values()
        for kind in control.subjects
        for i, name in enumerate(engine.graph.subjects[kind])
    }


def _with(review: Review, sites: Sites, changes: Sequence[Change]) -> dict[str, Verdict]:
    return _verdicts(review.engine.restated(stating(review.graph, sites, changes)))


def _cheaper(universe: Sequence[Change], cost: int) -> Iterator[tuple[Change, ...]]:
    """Every set of statements that costs less."""
    for size in range(cost):
        for changes in combinations(universe, size):
            if sum(COSTS.of(CONTROLS[c.control]) for c in changes) < cost:
                yield changes


def _made(found: FixPlan) -> list[Change]:
    return [Change(c.control, place_of_change(c)) for c in found.changes]


def _check(text: str) -> int:
    """How many sets were tried against the plan for all gaps of a model."""
    review = _review(text)
    sites = Sites(review.graph)
    findings = [f for f in review.assess(frameworks=False).findings if f.subject_kind != "threat"]
    found = plan(review.engine, findings, COSTS, "m")
    _confirmed(review, sites, findings, found)
    universe = _universe(review, sites)
    whole = _with(review, sites, universe)
    possible = {f.key for f in findings if whole[f.key] is Verdict.SATISFIED}
    assert set(found.closes) == possible, text
    assert found.exact
    assert found.cost == found.bound
    tried = 0
    for changes in _cheaper(universe, found.cost):
        tried += 1
        if tried > _MOST:
            break
        after = _with(review, sites, changes)
        assert any(after[key] is not Verdict.SATISFIED for key in possible), (changes, text)
    return tried


def _confirmed(review: Review, sites: Sites, findings: Sequence[Finding], found: FixPlan) -> None:
    before, after = _verdicts(review.engine), _with(review, sites, _made(found))
    assert all(after[key] is Verdict.SATISFIED for key in found.closes)
    assert not {k for k, v in after.items() if v is Verdict.GAP and before[k] is not Verdict.GAP}
    assert {*found.closes, *(left.key for left in found.left)} == {f.key for f in findings}
    assert found.cost == sum(c.cost for c in found.changes)


def test_nothing_cheaper_closes_the_gaps_of_random_models() -> None:
    tried = [_check(small_model(seed)) for seed in range(30)]
    assert sum(n > 20 for n in tried) > 15


@examples(25)
@given(plain_models(CONTROLS, crowded=True))
def test_nothing_cheaper_closes_the_gaps_of_crowded_models(model: Plain) -> None:
    _check(yaml(model))


@pytest.mark.parametrize("budget", [1, 2, 4, 6])
def test_nothing_within_a_budget_closes_more(budget: int) -> None:
    compared = 0
    for seed in range(12):
        review = _review(small_model(seed))
        sites = Sites(review.graph)
        findings = [f for f in review.assess(frameworks=False).findings if f.subject_kind != "threat"]
        found = plan(review.engine, findings, COSTS, "m", budget)
        _confirmed(review, sites, findings, found)
        assert found.cost <= budget
        assert found.exact
        weights = {f.key: WEIGHTS[f.severity] for f in findings}
        assert found.weight == sum(weights[key] for key in found.closes)
        for n, changes in enumerate(_cheaper(_universe(review, sites), budget + 1)):
            if n > 100:
                break
            after = _with(review, sites, changes)
            worth = sum(weights[f.key] for f in findings if after[f.key] is Verdict.SATISFIED)
            assert worth <= found.weight, (changes, small_model(seed))
            compared += 1
    assert compared > 100


def test_a_set_is_the_same_whatever_order_findings_come_in() -> None:
    for seed in random.Random(3).sample(range(1000), 10):
        review = _review(small_model(seed))
        findings = review.assess(frameworks=False).findings
        backwards = plan(review.engine, findings[::-1], COSTS, "m")
        assert _made(plan(review.engine, findings, COSTS, "m")) == _made(backwards)
