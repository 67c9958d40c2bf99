"""Reads the list of flows: lists of ends become one flow per pair, `data` is added to both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from threatmodel.errors import display
from threatmodel.model.elements import Flow
from threatmodel.model.files import written
from threatmodel.model.mappings import read_mapping
from threatmodel.model.scope import Scope
from threatmodel.source.document import Path

MOST_FLOWS: Final = 100_000


def read_flows(scope: Scope) -> tuple[Flow, ...]:
    """Every flow of all files, each id once."""
    found: dict[str, Flow] = {}
    for at, raw in _entries(scope):
        values = read_mapping(scope, "flows", raw, at)
        sources, targets = values.get("from", ()), values.get("to", ())
        if len(found) + len(sources) * len(targets) > MOST_FLOWS:
            help = "every pair of `from` and `to` is a flow: model groups as one element"
            scope.problems.add("too-many-flows", f"more than {MOST_FLOWS} flows", at, help)
            continue
        for flow in _expand(scope, values, at):
            if flow.id in found:
                _twice(scope, flow, found[flow.id])
            else:
                found[flow.id] = flow
    return tuple(found.values())


def _entries(scope: Scope) -> Iterator[tuple[Path, Any]]:
    for at, listed in written(scope.problems, "flows"):
        if not isinstance(listed, list):
            help = "write `- {from: web, to: db, protocol: postgresql}`"
            message = f"`flows` takes a list of flows, not {display(listed)}"
            scope.problems.refuse("wrong-type", message, at, help)
            continue
        for i, raw in enumerate(listed):
            yield (*at, i), raw


def _expand(scope: Scope, v: dict[str, Any], at: Path) -> Iterator[Flow]:
    sources, targets = v.get("from"), v.get("to")
    if sources is None or targets is None:
        return
    sends, returns = _moved(v)
    name = v.get("name")
    pairs = [(s, t) for s in sources for t in targets if s != t]
    if not pairs and not scope.problems.within(at):
        loop = sources and sources == targets
        message = f"{display(sources[0])} sends to itself" if loop else "this flow has no ends"
        scope.problems.add("no-flow", message, at, "name two different elements in `from` and `to`")
    for source, target in pairs:
        yield Flow(
            f"{source}->{target}:{name}" if name else f"{source}->{target}",
            at,
            source,
            target,
            name,
            v.get("kind"),
            v.get("protocol"),
            v.get("port"),
            sends,
            returns,
            v.get("title"),
            v.get("description"),
            v.get("controls", {}),
        )


def _moved(v: dict[str, Any]) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """What moves forward and back: unknown unless something is stated, and then nothing else."""
    both = v.get("data")
    if both is None and "sends" not in v and "returns" not in v:
        return None, None
    if both is None:
        return v.get("sends", ()), v.get("returns", ())
    if "sends" not in v and "returns" not in v:
        return both, both
    sends, returns = (tuple(dict.fromkeys((*v.get(key, ()), *both))) for key in ("sends", "returns"))
    return sends, returns


def _twice(scope: Scope, flow: Flow, first: Flow) -> None:
    related = (("first here", scope.problems.span(first.at)),)
    help = f"give it {'another' if flow.name else 'a'} `name`, or merge the two"
    message = f"flow {display(flow.id)} is declared twice"
    scope.problems.add("duplicate-flow", message, flow.at, help, related=related)
