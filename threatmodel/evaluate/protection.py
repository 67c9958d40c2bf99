"""How far the protection of a data asset carries: on each hop, and end to end across what passes it on.

A channel protects one hop, and ends at both its ends, unless one of them passes TLS through. What the sender
encrypts or signs stays closed across relays, and across whoever hands it on the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph.lineage import Move, family, moves_of
from threatmodel.logic import bits
from threatmodel.logic.kleene import all_of, any_of
from threatmodel.model import Service
from threatmodel.results.paths import Protection

_Known: TypeAlias = bool | None


class _Aspect(NamedTuple):
    """The controls of flows that give an aspect on a hop along a flow, on one back, and end to end."""

    along: tuple[str, ...]
    back: tuple[str, ...]
    sealing: str


class _Passing(NamedTuple):
    """An element that takes an asset on one flow and gives it on another, and the moves, by their numbers."""

    element: int
    arriving: list[int]
    leaving: list[int]


_CHANNEL: Final = ("encrypt-in-transit",)
ASPECTS: Final[Mapping[str, _Aspect]] = {
    "confidentiality": _Aspect(_CHANNEL, _CHANNEL, "encrypt-payload"),
    "integrity": _Aspect((*_CHANNEL, "sign-messages"), (*_CHANNEL, "sign-messages"), "sign-messages"),
    "origin": _Aspect(
        ("authenticate-service", "authenticate-caller", "sign-messages"),
        ("verify-server", "sign-messages"),
        "sign-messages",
    ),
}


def protection(engine: Engine, asset: str) -> tuple[Protection, ...]:
    """For each aspect what is known of an asset on its way; nothing where no flow carries it."""
    moves = moves_of(engine.graph, asset)
    if not moves:
        return ()
    passing, users = _passing(engine, moves), _users(engine, asset)
    return tuple(_protection(engine, asset, name, moves, passing, users) for name in ASPECTS)


def _protection(
    engine: Engine, asset: str, name: str, moves: Sequence[Move], passing: Sequence[_Passing], users: set[int]
) -> Protection:
    wanted, names = ASPECTS[name], engine.graph.elements
    hops = [_hop(engine, wanted, move) for move in moves]
    seals = [_holds(engine, wanted.sealing, move.flow) for move in moves]
    passed = {p.element: _across(engine, p, hops, seals) for p in passing}
    flows = [engine.graph.flows[move.flow].id for move in moves]
    return Protection(
        asset=asset,
        aspect=name,
        hops=len(moves),
        kept=hops.count(True),
        unprotected=_those(flows, hops, False),
        unsaid=_those(flows, hops, None),
        used_by=tuple(names[e] for e in passed if e in users),
        broken_at=tuple(names[e] for e, kept in passed.items() if kept is False and e not in users),
        unsaid_at=tuple(names[e] for e, kept in passed.items() if kept is None and e not in users),
    )


def _those(names: Iterable[str], known: Iterable[_Known], wanted: _Known) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, k in zip(names, known, strict=True) if k is wanted))


def _hop(engine: Engine, wanted: _Aspect, move: Move) -> _Known:
    along = engine.graph.flow_source[move.flow] == move.giver
    return any_of(_holds(engine, control, move.flow) for control in (wanted.along if along else wanted.back))


def _passing(engine: Engine, moves: Sequence[Move]) -> list[_Passing]:
    """The services and stores that pass an asset on, in the order of their ids; actors are ends."""
    taken: dict[int, list[int]] = {}
    given: dict[int, list[int]] = {}
    for n, move in enumerate(moves):
        taken.setdefault(move.taker, []).append(n)
        given.setdefault(move.giver, []).append(n)
    found = (_Passing(e, taken[e], given[e]) for e in sorted(taken.keys() & given.keys()))
    kinds = engine.graph.subject_kind
    return [
        p
        for p in found
        if kinds[p.element] != "actor" and len({moves[n].flow for n in (*p.arriving, *p.leaving)}) > 1
    ]


def _across(engine: Engine, passing: _Passing, hops: list[_Known], seals: list[_Known]) -> _Known:
    """Whether what an element takes and gives stays protected in its hands."""
    element, arriving, leaving = passing
    if engine.graph.relays[element]:
        return all_of(seals[n] for n in arriving)
    value = engine.graph.values[element]
    if isinstance(value, Service) and value.tls_passthrough:
        return all_of(hops[n] for n in (*arriving, *leaving))
    return all_of(seals[n] for n in (*arriving, *leaving))


def _users(engine: Engine, asset: str) -> set[int]:
    """The elements that say they need an asset, or something that is made of it: they open it rightly."""
    made = family(engine.graph, asset).keys()
    return {e for e, value in enumerate(engine.graph.values) if made & set(value.needs or ())}


def _holds(engine: Engine, control: str, flow: int) -> _Known:
    return bits.truth_at(engine.holds(control, "flow"), flow) if control in engine.controls else None
