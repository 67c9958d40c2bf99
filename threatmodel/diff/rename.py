"""Recognises what was renamed: pairs of a lost and a new id that are each other's only best match.

What something is connected with and what is said of it are its features; a pair needs most of them in
common, and among them something that kept its name. Matching goes in rounds: what was recognised in one
names the neighbours of others in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from threatmodel.diff.rename_features import (
    CONTRADICTING,
    SPACES,
    Features,
    Indexed,
    Lost,
    features,
    flow_features,
)
from threatmodel.graph import SystemGraph
from threatmodel.model import Flow
from threatmodel.results import PREFIXED, Finding, result_key

_ENOUGH: Final = 0.6  # the share of features that a pair must have in common
_ANCHORED: Final = 2.0  # what of it must hang on things that kept their names
_ROUNDS: Final = 8
_COMMON: Final = 60  # features of more things than this find no candidates: they tell nothing apart


class Names(NamedTuple):
    """Ids before to ids after of what was renamed, by name space."""

    spaces: Mapping[str, Mapping[str, str]]

    def of(self, kind: str, name: str) -> str:
        """The later id of something of a kind."""
        return self.spaces.get(SPACES.get(kind, kind), {}).get(name, name)

    def earlier(self, kind: str, name: str) -> str:
        """The earlier id of something of a kind."""
        pairs = self.spaces.get(SPACES.get(kind, kind), {}).items()
        return next((before for before, after in pairs if after == name), name)

    def flow(self, flow: Flow) -> str:
        """The later id of a flow."""
        if flow.id in self.spaces.get("flow", {}):
            return self.spaces["flow"][flow.id]
        ends = f"{self.of('element', flow.source)}->{self.of('element', flow.target)}"
        return f"{ends}:{flow.name}" if flow.name else ends

    def finding(self, finding: Finding) -> str:
        """The later key of a finding."""
        if not self.any or finding.subject_kind not in (*SPACES, *PREFIXED, "flow"):
            return finding.key
        subject = self.of(finding.subject_kind, finding.subject)
        return result_key(finding.control, finding.subject_kind, subject)

    @property
    def any(self) -> bool:
        """Whether anything was renamed."""
        return any(self.spaces.values())


def renames(before: SystemGraph, after: SystemGraph) -> Names:
    """What was renamed between two graphs; flows whose ends were renamed are in it too."""
    found: dict[str, dict[str, str]] = {}
    sides = Indexed(before), Indexed(after)
    for _ in range(_ROUNDS):
        lost = _lost(*sides, found)
        pairs = list(_matched(*sides, lost, found)) if lost.both else []
        if not pairs:
            break
        for kind, old, new in pairs:
            found.setdefault(SPACES.get(kind, kind), {})[old] = new
    names = Names(found)
    flows = {f.id: later for f in before.flows if (later := names.flow(f)) != f.id} if names.any else {}
    names = Names({**found, "flow": flows})
    return Names({**found, "flow": {**flows, **_named_flows(before, after, names)}})


def _lost(before: Indexed, after: Indexed, found: Mapping[str, Mapping[str, str]]) -> Lost:
    """The ids of each kind that are on one side only and not yet recognised."""
    old: dict[str, frozenset[str]] = {}
    new: dict[str, frozenset[str]] = {}
    for kind in before.things:
        space = found.get(SPACES.get(kind, kind), {})
        old[kind] = frozenset(before.things[kind].keys() - after.things[kind].keys() - space.keys())
        new[kind] = frozenset(after.things[kind].keys() - before.things[kind].keys() - set(space.values()))
    return Lost(old, new)


def _matched(
    before: Indexed, after: Indexed, lost: Lost, found: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    for kind in before.things:
        if lost.old[kind] and lost.new[kind]:
            old = {n: features(before, kind, n, found, lost.old) for n in lost.old[kind]}
            new = {n: features(after, kind, n, {}, lost.new) for n in lost.new[kind]}
            yield from ((kind, *pair) for pair in best_pairs(old, new))


def best_pairs(old: Mapping[str, Features], new: Mapping[str, Features]) -> Iterator[tuple[str, str]]:
    """The pairs that are each other's only best match and alike enough."""
    where: dict[object, list[str]] = {}
    for name, own in new.items():
        for feature in own.weights:
            where.setdefault(feature, []).append(name)
    scores: dict[str, dict[str, float]] = {}
    for name, own in old.items():
        telling = [where[f] for f in own.weights if len(where.get(f, ())) <= _COMMON and f in where]
        for other in {candidate for named in telling for candidate in named}:
            if score := _alike(own, new[other]):
                scores.setdefault(name, {})[other] = score
    chosen = {name: best for name, found in scores.items() if (best := _only_best(found))}
    backward: dict[str, dict[str, float]] = {}
    for name, found in scores.items():
        for other, score in found.items():
            backward.setdefault(other, {})[name] = score
    for name in sorted(chosen):
        if _only_best(backward[chosen[name]]) == name:
            yield name, chosen[name]


def _alike(old: Features, new: Features) -> float:
    """The share of features in common, 0 where that proves nothing or something contradicts it."""
    shared = old.weights.keys() & new.weights.keys()
    if any(old.keys.get(k) and new.keys.get(k) and old.keys[k] != new.keys[k] for k in CONTRADICTING):
        return 0.0
    common = sum(old.weights[f] for f in shared)
    anchored = sum(old.weights[f] for f in shared & old.anchors & new.anchors)
    union = sum(old.weights.values()) + sum(new.weights.values()) - common
    share = common / union if union else 0.0
    if share < _ENOUGH or (anchored < _ANCHORED and not (share == 1.0 and common >= _ANCHORED and anchored)):
        return 0.0
    return share


def _only_best(scores: Mapping[str, float]) -> str | None:
    """The name with the highest score, None when two have it."""
    ranked = sorted(scores.values(), reverse=True)
    if len(ranked) > 1 and ranked[0] == ranked[1]:
        return None
    return max(scores, key=scores.__getitem__)


def _named_flows(before: SystemGraph, after: SystemGraph, names: Names) -> dict[str, str]:
    """Flows that kept their ends and have another name."""
    later = {names.flow(f) for f in before.flows}
    known = {f.id for f in after.flows}
    if later == known:
        return {}
    old: dict[tuple[str, str], dict[str, Flow]] = {}
    for flow in before.flows:
        if names.flow(flow) not in known:
            ends = names.of("element", flow.source), names.of("element", flow.target)
            old.setdefault(ends, {})[flow.id] = flow
    new: dict[tuple[str, str], dict[str, Flow]] = {}
    for flow in after.flows:
        if flow.id not in later:
            new.setdefault((flow.source, flow.target), {})[flow.id] = flow
    found: dict[str, str] = {}
    for ends in old.keys() & new.keys():
        lost = {n: flow_features(f, names.spaces) for n, f in old[ends].items()}
        won = {n: flow_features(f, {}) for n, f in new[ends].items()}
        found |= dict(best_pairs(lost, won))
    return found
