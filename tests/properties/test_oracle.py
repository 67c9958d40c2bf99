"""The engine decides as a naive evaluation does that lists every place with its distance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.controls import control_sets
from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.oracle import Oracle
from threatmodel.api import Library, parse
from threatmodel.catalog import Catalog, Control
from threatmodel.source import parse as parse_yaml

SHIPPED = Library()


def _compare(model: Plain, controls: dict[str, Control], library: Library) -> None:
    engine = parse(parse_yaml(yaml(model), "model.yaml"), library, AS_OF).engine
    oracle = Oracle(engine.graph, controls)
    for control in controls.values():
        for kind in control.subjects:
            decided = engine.decide(control, kind)
            for i, name in enumerate(engine.graph.subjects[kind]):
                expected = oracle.verdict(control, kind, name)
                assert decided.verdict(i).word == expected, f"{control.id}@{name}\n{yaml(model)}"


@examples(250)
@given(st.data())
def test_generated_controls_are_decided_as_the_naive_evaluation_decides(data: st.DataObject) -> None:
    controls = data.draw(control_sets())
    library = _with(controls)
    _compare(data.draw(plain_models(controls, crowded=True)), controls, library)


@examples(100)
@given(plain_models(SHIPPED.catalog.controls, crowded=True))
def test_shipped_controls_are_decided_as_the_naive_evaluation_decides(model: Plain) -> None:
    _compare(model, dict(SHIPPED.catalog.controls), SHIPPED)


def _with(controls: dict[str, Control]) -> Library:
    """The shipped kinds with other controls."""
    library = Library()
    library.__dict__.update(kinds=SHIPPED.kinds, catalog=Catalog(controls))
    return library
