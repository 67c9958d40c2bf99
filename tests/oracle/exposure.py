"""Facts that the oracle derives of calls: what they are for, and what those from outside lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.oracle.data import Fact
from tests.oracle.text import Entity, Text, many, moved
from tests.oracle.values import Value, only, perhaps

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
    return _faces(text, of, text.untrusted, text.untrusted)


def _faces_people(text: Text, of: Entity) -> Value:
    """Whether people, or programs in their hands, call it, directly or through ways in."""
    devices = [e.id for e in text.of("service", "store") if "user-device" in (text.traits(e) or ())]
    people = [(e.id, e.own.get("human")) for e in text.of("actor")]
    sure = [*devices, *(name for name, human in people if human is True)]
    return _faces(text, of, sure, [*sure, *(name for name, human in people if human is None)])


def _faces(text: Text, of: Entity, sure: list[str], possible: list[str]) -> Value:
    def faced(begin: list[str], sure: bool) -> set[str]:
        pending, found = list(begin), set[str]()
        for element in pending:
            for flow in text.flows_at[element]:
                if flow.source == element and flow.target not in found:
                    found.add(flow.target)
                    through = has_trait(text, text.elements[flow.target], _WAYS_IN)
                    pending += [flow.target] if through[not sure] else []
        return found

    return perhaps(of.id in faced(sure, True), of.id in faced(possible, False))


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


EXPOSURE_FACTS: Final[Mapping[str, Fact]] = {
    "exposed": exposed,
    "called_from_outside": _called_from_outside,
    "reachable_from_untrusted": _reachable("untrusted"),
    "reachable_from_outside": _reachable("third-party"),
    "faces_outside": _faces_outside,
    "faces_people": _faces_people,
    "filled_from_outside": _filled_from_outside,
}
"""Every fact of this module by its name."""
