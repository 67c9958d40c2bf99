"""Changes as people read them: what to do, where to say it, what it replaces; and why nothing would do."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.catalog import Control
from threatmodel.evaluate.explain.reasons import fill, premises
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph import SystemGraph
from threatmodel.model import Path
from threatmodel.plan.change import Change, Sites
from threatmodel.results import BASELINE, FactIs, Filled, Finding, Place, Premise, Verdict, result_key
from threatmodel.results.fixes import FixChange


def told_change(
    engine: Engine,
    changed: Engine,
    sites: Sites,
    change: Change,
    cost: int,
    keys: tuple[str, ...],
    settles: int,
) -> FixChange:
    """A change of the plan; `changed` is the engine with the whole plan made."""
    control = engine.controls[change.control]
    kind, place = change.place
    now = engine.statements.of(control.id).at(change.place)
    path = sites.path(change.place)
    return FixChange(
        control=control.id,
        title=control.title,
        layer=control.layer,
        kind=kind,
        place="" if change.place == BASELINE else place,
        flows=sites.flows(change.place),
        cost=cost,
        replaces=now.weight if now else "",
        do=_advice(engine, control, change, keys),
        closes=keys,
        settles=settles,
        against=tuple(_contrary(changed, control, sites, change)),
        span=engine.graph.model.span(path) if path else None,
    )


def place_of_change(change: FixChange) -> Place:
    """The place of a change of a plan."""
    return BASELINE if change.kind == BASELINE.kind else Place(change.kind, change.place)


def path_of_change(graph: SystemGraph, change: FixChange) -> Path:
    """Where the statement of a change stands or would stand in the model's files."""
    place = place_of_change(change)
    at = Sites(graph).path(place)
    if at is None:
        return 0, "baseline", change.control
    return (*at, change.control) if place == BASELINE else (*at, "controls", change.control)


def why_never(engine: Engine, finding: Finding) -> str:
    """Why no statement closes a finding."""
    if finding.subject_kind == "threat":
        answers = engine.graph.model.threats[finding.subject].answered_by
        return "no statement satisfies all that answers it" if answers else "`answered_by` is empty"
    if required_routes(engine.controls[finding.control]):
        return "nothing on the way to it can show what is asked for: change the way"
    if finding.subject_kind == "model":
        return "nothing can be stated of the model itself: only its facts show it"
    return "only the model's own facts can show it"


def _advice(engine: Engine, control: Control, change: Change, keys: tuple[str, ...]) -> Filled | None:
    """The control's advice for the first result that is closed, else for the place; None without one."""
    own = (key for key in keys if key.startswith(f"{control.id}@"))
    for key in own:
        for kind in control.subjects:
            name = key.removeprefix(result_key(control.id, kind, ""))
            if name in engine.graph.order[kind]:
                return fill(engine, control.fix, kind, engine.graph.order[kind][name])
    kind, place = change.place
    if kind in control.subjects and kind != "model":
        return fill(engine, control.fix, kind, engine.graph.order[kind][place])
    return None


def _contrary(engine: Engine, control: Control, sites: Sites, change: Change) -> Iterator[Premise]:
    """The facts that say the contrary of a statement of the subjects themselves, in the changed model."""
    kind, place = change.place
    seen: set[Premise] = set()
    if kind not in control.subjects:
        return
    d = engine.decide(control, kind)
    for name in sites.flows(change.place) or (place,):
        i = engine.graph.order[kind][name]
        if d.verdict(i) is Verdict.SATISFIED and d.expected(i) is False:
            for premise in premises(engine, control.expect, kind, i):
                if premise not in seen and isinstance(premise.basis, FactIs):
                    seen.add(premise)
                    yield premise
