"""Facts that the checker derives of calls: what they are for, and what those from outside lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from threatmodel.verify.data import Fact
from threatmodel.verify.text import Entity, Text, many, moved
from threatmodel.verify.values import Value, only, perhaps

_WAYS_IN: Final = frozenset({"entry-point", "filter"})


def protocols(text: Text, of: Entity) -> list[Mapping[str, Any]]:
    """What the catalog says of each protocol that a flow may use."""
    return [text.word("protocols", p)[1] for p in many(of.said.get("protocol")) or ()]


def flow_kind(text: Text, of: Entity) -> Value:
    """What a flow is for: as said, else as its protocols imply, else business."""
    implied = {e.get("flow_kind") for e in protocols(text, of)}
    word = implied.pop() if len(implied) == 1 else None
    return only(of.said.get("kind") or word or "business")


def has_trait(text: Text, of: Entity, wanted: frozenset[str]) -> tuple[bool, bool]:
    """Whether it has one of these traits, certainly and perhaps."""
    found = text.traits(of)
    return bool(found and found & wanted), found is None or bool(found & wanted)


def exposed(text: Text, of: Entity) -> Value:
    """Whether a flow from untrusted ground ends at it."""
    opened = (flow for flow in text.flows_at[of.id] if flow.source in text.untrusted)
    return only(any(flow.target == of.id for flow in opened))


def _called_from_outside(text: Text, of: Entity) -> Value:
    calls = [flow for flow in text.flows_at[of.id] if flow.target == of.id]
    served = [f for f in calls if flow_kind(text, f) == only("business")]
    partners = any(text.trust(text.elements[f.source]) == "third-party" for f in served)
    return only(partners or any(f.source in text.untrusted for f in calls))


def _reachable(origin: str) -> Fact:
    return lambda text, of: perhaps(of.id in text.reached(origin, False), of.id in text.reached(origin, True))


def _faces_outside(text: Text, of: Entity) -> Value:
    """Whether untrusted ground calls it, directly or through ways in."""

    def faced(sure: bool) -> set[str]:
        pending, found = list(text.untrusted), set[str]()
        for element in pending:
            for flow in text.flows_at[element]:
                if flow.source == element and flow.target not in found:
                    found.add(flow.target)
                    through = has_trait(text, text.elements[flow.target], _WAYS_IN)
                    pending += [flow.target] if through[not sure] else []
        return found

    return perhaps(of.id in faced(True), of.id in faced(False))


def _filled_from_outside(text: Text, of: Entity) -> Value:
    """Whether a call that began outside sends a store something; what is deployed to it is ours."""
    sure, possible = (
        text.beginnings("third-party", False) | text.reached("third-party", p) for p in (False, True)
    )
    calls = (
        f for f in text.flows_at[of.id] if f.target == of.id and flow_kind(text, f) != only("deployment")
    )
    found = [(f.source, moved(f, "sends")) for f in calls]
    filled = any(sent and source in sure for source, sent in found)
    return perhaps(filled, any(sent != () and source in possible for source, sent in found))


OUTSIDE_FACTS: Final[Mapping[str, Fact]] = {
    "exposed": exposed,
    "called_from_outside": _called_from_outside,
    "reachable_from_untrusted": _reachable("untrusted"),
    "reachable_from_outside": _reachable("third-party"),
    "faces_outside": _faces_outside,
    "filled_from_outside": _filled_from_outside,
}
"""Every fact of this module by its name."""
