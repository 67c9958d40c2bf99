"""Services and stores as OSCAL components, and the component definition that says what each carries out."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.catalog import Framework
from threatmodel.errors import Span, UsageError
from threatmodel.export.dossier import Counted, Dossier
from threatmodel.export.oscal.parts import (
    Plain,
    catalog_resource,
    catalog_uuid,
    control_id,
    line,
    metadata,
    party_title,
    prop,
    stable,
    without_empty,
)
from threatmodel.graph import SystemGraph
from threatmodel.model import Actor, Service, Store
from threatmodel.results import RequirementResult, Verdict

_SILENT = frozenset({"outside-model", "not-applicable"})


def component_definition(dossier: Dossier) -> Plain:
    """One component for each service and store, with the rows of the frameworks that its results support."""
    components = [*_components(dossier), *_providers(dossier)]
    if not components:
        raise UsageError("the model has no services or stores to describe")
    return {
        "component-definition": {
            "uuid": stable("component-definition", dossier.assessment.name),
            "metadata": metadata(dossier, f"Components of {dossier.assessment.name}"),
            "components": components,
            "back-matter": {"resources": [catalog_resource(f) for f in dossier.frameworks]},
        }
    }


def component_uuid(dossier: Dossier, name: str, within: str) -> str:
    """The id of the component of a service or store in one part of a document."""
    return stable("component", dossier.assessment.name, within, name)


def described(dossier: Dossier, name: str, within: str) -> Plain:
    """A component without what it carries out: as other documents list it beside their results."""
    value = dossier.graph.values[dossier.graph.index[name]]
    return {
        "uuid": component_uuid(dossier, name, within),
        "type": "service" if isinstance(value, Service) else "software",
        "title": line(value.title or name),
        "description": line(value.description or f"{type(value).__name__} {name}"),
        "props": _props(dossier.graph, value),
    }


def elements_of(graph: SystemGraph, kind: str, subject: str) -> tuple[str, ...]:
    """The services and stores that a result is about: itself, or the ends of a flow."""
    if kind in ("service", "store"):
        return (subject,)
    if kind != "flow":
        return ()
    flow = graph.flows[graph.order["flow"][subject]]
    ends = (flow.source, flow.target)
    return tuple(e for e in ends if not isinstance(graph.values[graph.index[e]], Actor))


def _components(dossier: Dossier) -> Iterator[Plain]:
    by_element: dict[tuple[str, str], list[Counted]] = {}
    for framework in dossier.frameworks:
        for o in dossier.counted(framework):
            for element in elements_of(dossier.graph, o.kind, o.subject):
                by_element.setdefault((framework.id, element), []).append(o)
    for value in dossier.graph.values:
        if not isinstance(value, Actor):
            found = [
                implementation
                for framework in dossier.frameworks
                if (
                    implementation := _implementation(
                        dossier, framework, value.id, by_element.get((framework.id, value.id), [])
                    )
                )
            ]
            yield without_empty(
                {**described(dossier, value.id, "definition"), "control-implementations": found}
            )


def _providers(dossier: Dossier) -> Iterator[Plain]:
    """A component for each party that rows are inherited from, with what it is declared to carry out."""
    inherited: dict[str, dict[str, list[Plain]]] = {}
    for framework in dossier.frameworks:
        for row, result in dossier.rows(framework):
            if result.inherited_from:
                rows = inherited.setdefault(result.inherited_from, {}).setdefault(framework.id, [])
                rows.append(_declared(framework, control_id(framework, row), result))
    sources = {f.id: f for f in dossier.frameworks}
    name = dossier.assessment.name
    for party, rows_of in sorted(inherited.items()):
        title = party_title(dossier, party)
        yield {
            "uuid": stable("provider", name, party),
            "type": "service",
            "title": title,
            "description": f"What the system inherits from {title}, by declared responsibility.",
            "props": [prop("party", party)],
            "control-implementations": [
                {
                    "uuid": stable("control-implementation", name, "provider", party, id),
                    "source": f"#{catalog_uuid(sources[id])}",
                    "description": line(f"Declared for {sources[id].title}; no model shows it."),
                    "implemented-requirements": rows,
                }
                for id, rows in rows_of.items()
            ],
        }


def _declared(framework: Framework, control: str, result: RequirementResult) -> Plain:
    return {
        "uuid": stable("implemented-requirement", framework.id, "provider", result.inherited_from, control),
        "control-id": control,
        "description": line(result.decision),
        "props": [prop("control-origination", "inherited")],
    }


def _implementation(
    dossier: Dossier, framework: Framework, element: str, counted: list[Counted]
) -> Plain | None:
    requirements = []
    for row, result in dossier.rows(framework):
        mine = [o for o in counted if o.control in row.controls]
        if result.status not in _SILENT and any(o.verdict is Verdict.SATISFIED for o in mine):
            requirements.append(_requirement(framework, element, control_id(framework, row), mine))
    if not requirements:
        return None
    return {
        "uuid": stable("control-implementation", dossier.assessment.name, element, framework.id),
        "source": f"#{catalog_uuid(framework)}",
        "description": line(f"What the design of {element} shows for {framework.title}."),
        "implemented-requirements": requirements,
    }


def _requirement(framework: Framework, element: str, control: str, mine: list[Counted]) -> Plain:
    shown = [o for o in mine if o.verdict is Verdict.SATISFIED]
    rest = [o for o in mine if o.verdict is not Verdict.SATISFIED]
    state = "partial" if rest else "implemented"
    return {
        "uuid": stable("implemented-requirement", framework.id, element, control),
        "control-id": control,
        "description": line(
            f"By design: {', '.join(o.key for o in shown)}."
            + (f" Open: {', '.join(f'{o.key} ({o.verdict.word})' for o in rest)}." if rest else "")
        ),
        "props": [
            prop("implementation-status", state, None),
            *(prop("place", f"{p.file}:{p.line}") for p in _places(shown)),
        ],
    }


def _places(counted: list[Counted]) -> tuple[Span, ...]:
    once = {(o.span.file, o.span.line): o.span for o in counted}
    return tuple(once.values())


def _props(graph: SystemGraph, value: Service | Store | Actor) -> list[Plain]:
    element = graph.index[value.id]
    kind = graph.kind_of(element)
    span = graph.model.span(value.at)
    found = [("kind", kind), ("technology", getattr(value, "technology", None))]
    found += [("party", graph.element_party[element] or None), ("place", f"{span.file}:{span.line}")]
    return [prop(name, text) for name, text in found if text]
