"""A plan for a large model is still exact, since what is left after dominance falls into small parts."""

from __future__ import annotations

from benchmarks.synthetic import shape, yaml_lines
from threatmodel.api import Library, parse
from threatmodel.source import parse as parse_yaml


def test_a_large_model_is_planned_exactly() -> None:
    text = "".join(yaml_lines(shape(400)))
    review = parse(parse_yaml(text, "m.yaml"), Library(), "2026-06-01")
    open_ = [f for f in review.assess(frameworks=False).findings if f.disposition == "open"]
    found = review.plan(open_, {})
    assert len(found.closes) == len(open_) > 300
    assert found.exact
    assert len(found.changes) < len(open_), "some changes close several"
    part = review.plan(open_, {}, budget=40)
    assert part.cost <= 40
    assert 0 < part.weight <= part.bound
