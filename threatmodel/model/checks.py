"""Checks between entities that no single key can make: cycles, derivations, references to results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from threatmodel.model.elements import DataAsset, Party
from threatmodel.model.elements import Path as At
from threatmodel.model.problems import Problems
from threatmodel.model.system import Model
from threatmodel.model.values import normal_id, shown
from threatmodel.model.words import IMPERSONAL_TRANSFORMS

PREFIXED = {"data": "data", "party": "parties", "purpose": "purposes"}


def check(model: Model, problems: Problems) -> None:
    """Records every problem between entities."""
    _cycles(
        problems, {b.id: (b.at, (b.parent,) if b.parent else ()) for b in model.boundaries.values()}, "parent"
    )
    derived = {d.id: (d.at, d.derived_from or ()) for d in model.data.values()}
    if not _cycles(problems, derived, "derived_from"):
        _personal(model, problems)
    for asset in model.data.values():
        _derivation(problems, asset)
    for party in model.parties.values():
        _agreements(model, problems, party)
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
                loop = [*path[path.index(name) :], name]
                message = " -> ".join(f"`{n}`" for n in loop[:6]) + (" ..." if len(loop) > 6 else "")
                problems.add("cycle", f"`{key}` goes in a circle: {message}", (*around[name][0], key))
                found = True
            elif name not in done and name in around:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((n, False) for n in around[name][1])
    return found


def _derivation(problems: Problems, asset: DataAsset) -> None:
    if asset.derived_from and not asset.transform:
        help = "say how: selection, pseudonymisation, aggregation, ..."
        problems.add("missing-key", f"`{asset.id}` has `derived_from` but no `transform`", asset.at, help)
    if asset.transform and not asset.derived_from:
        message = f"`{asset.id}` has `transform` but no `derived_from`"
        problems.add("missing-key", message, (*asset.at, "transform"), "name what it is made from")
    for key in ("epsilon", "delta"):
        if getattr(asset, key) is not None and asset.transform != "differential-privacy":
            message = f"`{key}` counts for nothing without `transform: differential-privacy`"
            problems.add("key-without-use", message, (*asset.at, key))


def _personal(model: Model, problems: Problems) -> None:
    """Only aggregation, anonymisation and differential privacy may leave `personal` out."""
    personal = _certainly_personal(model.data)
    for asset in model.data.values():
        if (
            asset.categories is None
            or "personal" in asset.categories
            or asset.transform in IMPERSONAL_TRANSFORMS
        ):
            continue
        sources = [s for s in asset.derived_from or () if s in personal]
        if sources and asset.transform:
            message = f"`{asset.id}` drops `personal`, which `{sources[0]}` has: {asset.transform} keeps it"
            help = "add `personal`; only aggregation, anonymisation and differential-privacy may leave it out"
            problems.add("personal-dropped", message, (*asset.at, "categories"), help)


def _certainly_personal(data: Mapping[str, DataAsset]) -> set[str]:
    """Assets that say `personal`, and those that say nothing and come from one."""
    users: dict[str, list[str]] = {}
    for asset in data.values():
        for source in asset.derived_from or ():
            users.setdefault(source, []).append(asset.id)
    found: set[str] = set()
    pending = [a.id for a in data.values() if "personal" in (a.categories or ())]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        pending += [u for u in users.get(name, ()) if data[u].categories is None]
    return found


def _agreements(model: Model, problems: Problems, party: Party) -> None:
    for i, agreement in enumerate(party.agreements or ()):
        if agreement.counterpart not in (None, party.id):
            continue
        message = f"the {agreement.type} of `{party.id}` has no counterpart"
        several = sum(p.own for p in model.parties.values()) > 1
        help = (
            "there are several own parties: name one in `with`"
            if several
            else "name the other party in `with`"
        )
        problems.add(
            "no-counterpart", message, _item(model, (*party.at, "agreements"), i), help, part="value"
        )


def _scenarios(model: Model, problems: Problems) -> None:
    flows = {f.id for f in model.flows}
    for scenario in model.scenarios.values():
        for i, step in enumerate(scenario.steps):
            if normal_id(step) not in flows:
                at = _item(model, (*scenario.at, "steps"), i)
                problems.add(
                    "unknown-reference",
                    f"no flow {shown(step)}",
                    at,
                    problems.suggest(step, flows),
                    part="value",
                )


def _threats(model: Model, problems: Problems) -> None:
    if not model.threats:
        return
    subjects = _subjects(model)
    for threat in model.threats.values():
        for i, name in enumerate(threat.against):
            if normal_id(name) not in subjects:
                _no_subject(model, problems, name, (*threat.at, "against"), i, subjects)
        for i, key in enumerate(threat.answered_by or ()):
            control, at, subject = key.partition("@")
            if not (control and at and subject):
                here = _item(model, (*threat.at, "answered_by"), i)
                help = "write `control@subject`, for instance `rate-limit@api`"
                problems.add("bad-key", f"{shown(key)} is no result key", here, help, part="value")
            elif normal_id(subject) not in subjects:
                _no_subject(model, problems, subject, (*threat.at, "answered_by"), i, subjects)


def _no_subject(model: Model, problems: Problems, name: str, at: At, i: int, subjects: set[str]) -> None:
    here = _item(model, at, i)
    help = problems.suggest(name, subjects)
    problems.add("unknown-reference", f"nothing is called {shown(name)}", here, help, part="value")


def _subjects(model: Model) -> set[str]:
    found = {"model", *(f.id for f in model.flows)}
    for section in (model.boundaries, model.hosts, model.actors, model.services, model.stores):
        found.update(_ids(section))
    for prefix, name in PREFIXED.items():
        found.update(f"{prefix}:{i}" for i in _ids(getattr(model, name)))
    return found


def _ids(section: Mapping[str, object]) -> Iterable[str]:
    return (name for name in section if name)


def _item(model: Model, at: At, i: int) -> At:
    """The path of item `i` of a key that may be written with or without brackets."""
    file, *rest = at
    value = model.documents[int(file)].at(tuple(rest))
    return (*at, i) if isinstance(value, list) else at
