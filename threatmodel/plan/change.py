"""Changes: a statement of one control at one place, and a model that says some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import SECTIONS, Model, Path, Statement
from threatmodel.model.elements import Evidence
from threatmodel.results import Place

_SHOWN = (Evidence("the work that the plan asks for", None, None),)
_TYPES = {"service type": "service_types", "store type": "store_types"}


class Change(NamedTuple):
    """A statement that a control is implemented; a flow is named by the first one of its entry."""

    control: str
    place: Place


class Sites:
    """Where a model can state something: one list entry of flows is one place, implied things are none."""

    def __init__(self, graph: SystemGraph) -> None:
        self._model = graph.model
        self._first: dict[str, str] = {}
        self._flows: dict[str, list[str]] = {}
        heads: dict[Path, str] = {}
        for flow in graph.model.flows:
            head = heads.setdefault(flow.at, flow.id)
            self._first[flow.id] = head
            self._flows.setdefault(head, []).append(flow.id)
        self._at = {head: at for at, head in heads.items()}

    def site(self, place: Place) -> Place | None:
        """The place itself, of a flow its entry, None where nothing can be written."""
        kind, name = place
        match kind:
            case "flow":
                return Place(kind, self._first[name])
            case "model":
                return None
            case "boundary":
                return place if name in self._model.boundaries else None
            case "party":
                return place if name else None
            case _:
                return place

    def flows(self, place: Place) -> tuple[str, ...]:
        """The flows that one entry makes; nothing for other places."""
        return tuple(self._flows[place[1]]) if place[0] == "flow" else ()

    def path(self, place: Place) -> Path | None:
        """Where a place stands in the files; None for a baseline that no file has."""
        kind, name = place
        if kind == "baseline":
            roots = ((file, document.root) for file, document in enumerate(self._model.documents))
            return next(((f, kind) for f, root in roots if isinstance(root, dict) and kind in root), None)
        if kind == "flow":
            return self._at[name]
        section: Mapping[str, Any] = getattr(self._model, _TYPES.get(kind) or SECTIONS[kind])
        at: Path = section[name].at
        return at


def stating(graph: SystemGraph, sites: Sites, changes: Iterable[Change]) -> Model:
    """The model with these statements, each in the place of what the place says of its control now."""
    model = graph.model
    by_place: dict[Place, list[str]] = {}
    for change in changes:
        by_place.setdefault(change.place, []).append(change.control)
    fields: dict[str, Any] = {}
    flows: dict[str, list[str]] = {}
    for place, controls in by_place.items():
        kind, name = place
        if kind == "baseline":
            fields["baseline"] = {**model.baseline, **_said(controls, (0, "baseline"))}
        elif kind == "flow":
            flows.update(dict.fromkeys(sites.flows(place), controls))
        else:
            field = _TYPES.get(kind) or SECTIONS[kind]
            section = fields.setdefault(field, dict(getattr(model, field)))
            section[name] = _with(section[name], controls)
    if flows:
        fields["flows"] = tuple(_with(f, flows[f.id]) if f.id in flows else f for f in model.flows)
    return model._replace(**fields)


def _with(value: Any, controls: list[str]) -> Any:
    return value._replace(controls={**value.controls, **_said(controls, (*value.at, "controls"))})


def _said(controls: list[str], at: Path) -> dict[str, Statement]:
    """Statements with evidence, so that they count against facts, and no mechanism that could be weak."""
    return {c: Statement(c, (*at, c), "implemented", None, None, _SHOWN, None, None, None) for c in controls}
