"""Disabling controls changes no other result, and makes no row of a framework look better."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models
from tests.properties.world import SHIPPED, review
from threatmodel.catalog.controls import Change
from threatmodel.errors import Span
from threatmodel.evaluate import Engine, assess

CONTROLS = SHIPPED.catalog.controls


@examples(25)
@given(plain_models(CONTROLS, crowded=True), st.randoms(use_true_random=False))
def test_disabling_controls_takes_their_results_away_and_changes_no_other(
    model: Plain, chance: Random
) -> None:
    graph = review(model).graph
    names = frozenset(chance.sample(sorted(CONTROLS), 5))
    off = {
        name: c._replace(
            disabled=Change(name, "acme", "disable", "disabled", True, "x", Span("o", 1, 1, 1, 2))
        )
        if name in names
        else c
        for name, c in CONTROLS.items()
    }
    before, after = (assess(Engine(graph, controls), SHIPPED.frameworks) for controls in (CONTROLS, off))
    assert [c for c in before.columns if c.control not in names | {""}] == [
        c for c in after.columns if c.control
    ]
    assert [f for f in before.findings if f.control not in names | {""}] == [
        f for f in after.findings if f.control
    ]
    for old, new in zip(before.frameworks, after.frameworks, strict=True):
        for was, now in zip(old.rows, new.rows, strict=True):
            if names.isdisjoint(was.controls):
                assert now == was
            else:
                assert now.disabled == tuple(n for n in was.controls if n in names)
                assert now.status in (was.status, "not-modelled")
                assert now.status not in ("design-evidence", "partial-evidence", "alternative", "inherited")
