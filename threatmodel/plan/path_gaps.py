"""What a path still lacks: the changes of which one at least must be made before it passes a route."""

from __future__ import annotations

from collections.abc import Collection

from threatmodel.evaluate.explain.witness import shows, things_of
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph.paths import Path, calls_of
from threatmodel.plan.change import Change
from threatmodel.plan.clauses import Closing, Need


def way_round(engine: Engine, need: Need) -> Path | None:
    """The shortest path that does not meet a need in an engine; None where all do."""
    return engine.obligations.witness(need.route, need.kind, need.i, certain=need.open_)


def lacking(
    engine: Engine, closing: Closing, need: Need, path: Path, made: Collection[Change]
) -> frozenset[Change]:
    """Changes of which one at least must be made, besides those `made`, before the path meets the need.

    Others that alone would not do are taken as made first, so that as few as possible are left.
    """
    controls = need.route.controls
    shown: list[set[str]] = []
    calls = calls_of(engine.graph, need.route.origin, perhaps=not need.open_)
    helps: dict[Change, list[tuple[int, str]]] = {}
    for hop in path.hops:
        at_end = need.kind == "flow" and hop is path.hops[-1]
        for _, kind, i in things_of(calls, engine.graph, hop, at_end):
            found = {name: shows(engine, name, kind, i) for name in dict.fromkeys(controls)}
            good = {n for n, holds in found.items() if holds or (need.open_ and holds is None)}
            for name in found.keys() - good:
                for change in closing.evident(engine.controls[name], kind, i):
                    helps.setdefault(change, []).append((len(shown), name))
            shown.append(good)
    left = []
    for change in sorted(helps.keys() - set(made)):
        trial = [set(names) for names in shown]
        for at, name in helps[change]:
            trial[at].add(name)
        if _passes(trial, controls):
            left.append(change)
        else:
            shown = trial
    return frozenset(left)


def _passes(shown: list[set[str]], controls: tuple[str, ...]) -> bool:
    position = 0
    for names in shown:
        while position < len(controls) and controls[position] in names:
            position += 1
    return position == len(controls)
