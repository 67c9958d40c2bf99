"""Checks between entities that no single key can make: cycles, derivations, references to results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from threatmodel.errors import display
from threatmodel.model.elements import DataAsset, Party
from threatmodel.model.ids import normal_id
from threatmodel.model.system import Model
from threatmodel.model.words import IMPERSONAL_TRANSFORMS, PERSONAL_CATEGORIES
from threatmodel.source.document import Path as At
from threatmodel.source.problems import Problems

PREFIXED: Final = {"data": "data", "party": "parties", "purpose": "purposes"}


def check(model: Model, problems: Problems) -> None:
    """Records every problem between entities."""
    parents = {b.id: (b.at, (b.parent,) if b.parent else ()) for b in model.boundaries.values()}
    _cycles(problems, parents, "parent")
    derived = {d.id: (d.at, d.derived_from or ()) for d in model.data.values()}
    if not _cycles(problems, derived, "derived_from"):
        _personal(model, problems)
    for asset in model.data.values():
        _derivation(problems, asset)
    several = sum(p.own for p in model.parties.values()) > 1
    for party in model.parties.values():
        _agreements(problems, party, several)
    _scenarios(model, problems)
    _threats(model, problems)


def _cycles(problems: Problems, around: Mapping[str, tuple[At, tuple[str, ...]]], key: str) -> bool:
    """Records one problem per cycle, at its first member; walks without recursion."""
    done: set[str] = set()
    found = False
    for start in around:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(name)
            elif name in on_path:
                _cycle(problems, [*path[path.index(name) :], name], (*around[name][0], key))
                found = True
            elif name not in done and name in around:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((n, False) for n in around[name][1])
    return found


def _cycle(problems: Problems, loop: list[str], at: At) -> None:
    ring = " -> ".join(display(n) for n in loop[:6]) + (" ..." if len(loop) > 6 else "")
    help = f"take {display(loop[1])} out of `{at[-1]}`, or end the circle elsewhere"
    problems.add("cycle", f"`{at[-1]}` goes in a circle: {ring}", at, help, part="value")


def _derivation(problems: Problems, asset: DataAsset) -> None:
    derived, transform = (*asset.at, "derived_from"), (*asset.at, "transform")
    if asset.derived_from and not asset.transform and not problems.within(transform):
        message = f"{display(asset.id)} has `derived_from` but no `transform`"
        help = "say how: `transform: selection`, `pseudonymisation`, `aggregation` ..."
        problems.add("missing-key", message, derived, help)
    if asset.transform and not asset.derived_from and not problems.within(derived):
        message = f"{display(asset.id)} has `transform` but no `derived_from`"
        problems.add("missing-key", message, transform, "name what it is made from")
    for key in ("epsilon", "delta"):
        private = asset.transform == "differential-privacy" or problems.within(transform)
        if getattr(asset, key) is not None and not private:
            message = f"`{key}` counts for nothing without `transform: differential-privacy`"
            problems.add("key-without-use", message, (*asset.at, key), "remove it, or name that transform")


def _personal(model: Model, problems: Problems) -> None:
    """Only aggregation, anonymisation and differential privacy may leave `personal` out."""
    personal = _certainly_personal(model.data)
    for asset in model.data.values():
        at = (*asset.at, "categories")
        if (
            asset.categories is None
            or PERSONAL_CATEGORIES & set(asset.categories)
            or asset.transform is None
            or asset.transform in IMPERSONAL_TRANSFORMS
            or problems.within(at)
        ):
            continue
        source = next((s for s in asset.derived_from or () if s in personal), None)
        if source is not None:
            dropped = f"{display(asset.id)} drops `personal`, which {display(source)} has"
            message = f"{dropped}: {asset.transform} keeps it"
            help = "add `personal`; only aggregation, anonymisation and differential-privacy may leave it out"
            problems.add("personal-dropped", message, at, help, part="value")


def _certainly_personal(data: Mapping[str, DataAsset]) -> set[str]:
    """Assets that say `personal` or what implies it, and those that say nothing of it and come from one."""
    users: dict[str, list[DataAsset]] = {}
    for asset in data.values():
        for source in asset.derived_from or ():
            users.setdefault(source, []).append(asset)
    found: set[str] = set()
    pending = [a.id for a in data.values() if PERSONAL_CATEGORIES & set(a.categories or ())]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [u.id for u in users.get(name, ()) if u.categories is None]
    return found


def _agreements(problems: Problems, party: Party, several: bool) -> None:
    for agreement in party.agreements or ():
        if problems.within((*agreement.at, "with")):
            continue
        what = f"this `{agreement.type}` of {display(party.id)}"
        if agreement.counterpart is None and several:
            help = "there are several own parties: name one in `with`"
            problems.add("no-counterpart", f"{what} has no counterpart", agreement.at, help)
        elif agreement.counterpart in (None, party.id):
            help = "name the other party in `with`"
            problems.add("no-counterpart", f"{what} is with itself", agreement.at, help)


def _scenarios(model: Model, problems: Problems) -> None:
    flows = {f.id for f in model.flows}
    for scenario in model.scenarios.values():
        for at, step in _texts(problems, (*scenario.at, "steps")):
            if normal_id(step) not in flows:
                help = problems.suggest(step, flows) or "a step is a flow id: `web->api`, or `web->api:name`"
                message = f"no flow is called {display(step)}"
                problems.add("unknown-reference", message, at, help, part="value")


def _threats(model: Model, problems: Problems) -> None:
    subjects = set(_subjects(model)) if model.threats else set()
    for threat in model.threats.values():
        for at, name in _texts(problems, (*threat.at, "against")):
            if normal_id(name) not in subjects:
                _no_subject(problems, name, at, subjects)
        for at, key in _texts(problems, (*threat.at, "answered_by")):
            control, _, subject = key.partition("@")
            if not (control and subject):
                help = "write `control@subject`, for instance `rate-limit@api`"
                problems.add("bad-key", f"{display(key)} is no result key", at, help, part="value")
            elif normal_id(subject) not in subjects:
                _no_subject(problems, subject, at, subjects)


def _no_subject(problems: Problems, name: str, at: At, subjects: Collection[str]) -> None:
    meant = next((f"{p}:{name}" for p in PREFIXED if f"{p}:{normal_id(name)}" in subjects), None)
    help = f"did you mean `{meant}`?" if meant else problems.suggest(name, subjects)
    help = help or "name an element, host, boundary or flow, or `data:x`, `party:x`, `purpose:x`, `model`"
    problems.add("unknown-reference", f"nothing is called {display(name)}", at, help, part="value")


def _subjects(model: Model) -> Iterator[str]:
    yield "model"
    yield from (f.id for f in model.flows)
    for section in (model.boundaries, model.hosts, model.actors, model.services, model.stores):
        yield from section
    for prefix, name in PREFIXED.items():
        yield from (f"{prefix}:{i}" for i in getattr(model, name) if i)


def _texts(problems: Problems, at: At) -> Iterator[tuple[At, str]]:
    """The texts of a key that may be written with or without brackets, each with its place."""
    value = problems.raw(at)
    for here, item in (
        [((*at, i), v) for i, v in enumerate(value)] if isinstance(value, list) else [(at, value)]
    ):
        if isinstance(item, str) and item.strip():
            yield here, item.strip()
