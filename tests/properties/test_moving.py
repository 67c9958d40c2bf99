"""Law 4: moving an element changes results of what it reaches, what reaches it, and what shares its host.

One control asks of vaults what stands beside them: a move changes that, too.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models, yaml
from tests.properties.world import SHIPPED, review, verdicts
from threatmodel.api import Review
from threatmodel.graph import SystemGraph

_MODELS = plain_models(SHIPPED.catalog.controls, crowded=True)
_ELSEWHERE = ("boundary", "host", "data", "party", "purpose", "model")


@examples(40)
@given(_MODELS, st.randoms(use_true_random=False))
def test_moving_an_element_changes_results_near_it_only(model: Plain, chance: Random) -> None:
    before = review(model)
    for section, name, boundary in _moves(model, chance):
        moved = copy.deepcopy(model)
        moved[section][name] = {**(moved[section][name] or {}), "boundary": boundary}
        after = review(moved)
        if _outside(before) and _outside(after):
            now = verdicts(after)
            changed = {key for key, verdict in verdicts(before).items() if now[key] is not verdict}
            far = changed - _near(before, name) - _near(after, name)
            assert not far, f"{name} to {boundary}: {sorted(far)}\n{yaml(model)}"


def _moves(model: Plain, chance: Random) -> Iterator[tuple[str, str, str]]:
    """Some elements, each with another boundary to stand in."""
    boundaries = list(model.get("boundaries", {}))
    for section in ("services", "stores", "actors"):
        for name in model.get(section, {}):
            if boundaries and chance.random() < 0.5:
                yield section, name, chance.choice(boundaries)


def _outside(found: Review) -> bool:
    graph = found.graph
    return any(graph.trust(e) == "untrusted" for e in range(len(graph.elements)))


def _near(found: Review, name: str) -> set[str]:
    """The keys of results that a move of an element may change."""
    graph, start = found.graph, found.graph.index[name]
    near = _closure(graph, start, back=False) | _closure(graph, start, back=True) | {start}
    host = graph.element_host[start]
    near |= set(graph.on_host[host]) if host >= 0 else set()
    names = {graph.elements[e] for e in near}
    flows = {f.id for f in graph.flows if f.source in names or f.target in names}
    zone, keys = graph.element_ground[start], set()
    for key in verdicts(found):
        control, _, subject = key.partition("@")
        kind = subject.partition(":")[0]
        beside = control == "isolate-vaults" and graph.element_ground[graph.index[subject]] == zone
        if beside or subject in names or subject in flows or kind in _ELSEWHERE or subject in _places(graph):
            keys.add(key)
    return keys


def _places(graph: SystemGraph) -> set[str]:
    return {name for kind in ("boundary", "host") for name in graph.subjects[kind]} | {"model"}


def _closure(graph: SystemGraph, start: int, *, back: bool) -> set[int]:
    """What calls lead to, or come from; whatever may be a relay calls those who may take something out."""
    calls: dict[int, set[int]] = {}
    for n, flow in enumerate(graph.flows):
        source, target = graph.flow_source[n], graph.flow_target[n]
        ends = [(source, target)]
        open_kind = graph.subject_kind[target] != "actor" and graph.kind_of(target) is None
        if flow.returns != () and (graph.relays[target] or open_kind):
            ends.append((target, source))
        for first, last in ends:
            calls.setdefault(last if back else first, set()).add(first if back else last)
    found, pending = set[int](), [start]
    while pending:
        new = calls.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found
