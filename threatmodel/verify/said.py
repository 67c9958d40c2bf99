"""What is said of a control for one subject: every place that counts, the nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from threatmodel.verify.text import ELEMENTS, Entity, Path, Text, many, normal

GOOD: Final = ("implemented", "alternative", "bare")
_WORST_FIRST: Final = (
    *("absent", "weak", "planned", "partial"),
    *("bare", "alternative", "implemented", "not-applicable"),
)
_FILLERS: Final = frozenset(("a", "an", "the", "and", "or", "with", "by", "plus", "only", "just", "alone"))
OWN, TYPE, ENDS, END_TYPES, HOSTS, CROSSED, AROUND, BASELINE = range(8)
"""How far a place is from a subject: what it says itself, then its type, and so on outwards."""


class Said(NamedTuple):
    """What one place says of a control: how far it is, what that counts for, and where it stands."""

    distance: int
    step: int
    weight: str
    place: tuple[str, str]
    at: Path


class Sayings:
    """The statements of a model, weighed by the texts of the controls for one day."""

    def __init__(self, text: Text, control: Callable[[str], Mapping[str, Any]]) -> None:
        self._text = text
        self._control = control

    def of(self, name: str, of: Entity) -> tuple[Said, ...]:
        """All that is said of a control for a subject, the nearest first, of two the worse first."""
        found = [*self._near(name, of), *self._around(name, of), *self._baseline(name, of)]
        return tuple(sorted(dict.fromkeys(found), key=_order))  # both ends may be of one type

    def _near(self, name: str, of: Entity) -> Iterator[Said]:
        yield from self._at(name, of, OWN)
        yield from self._at(name, self._template(of), TYPE)
        for end in self._ends(name, of):
            yield from self._beyond(name, end, ENDS)
            yield from self._beyond(name, self._template(end), END_TYPES)

    def _around(self, name: str, of: Entity) -> Iterator[Said]:
        where, text = covered(self._control(name)), self._text
        if of.kind == "flow":
            both = [text.elements[of.source], text.elements[of.target]]
            ends = self._ends(name, of)
            hosts = {_host(end) for end in ends or both}
            hosts = hosts if ends or len(hosts) == 1 else set()
            source, target = ([b.id for b in text.around(text.ground(end))] for end in both)
            entered = [b for b in target if b not in source] if "entering" in where["boundary"] else []
            left = [b for b in source if b not in target] if "leaving" in where["boundary"] else []
            inside = [b for b in source if b in target]
            for step, boundary in (*enumerate(entered), *enumerate(left)):
                yield from self._beyond(name, text.entities["boundary", boundary], CROSSED, step)
        else:
            hosts = {_host(of)} if of.kind in ELEMENTS else set()
            placed = of.kind in (*ELEMENTS, "host", "boundary")
            inside = [b.id for b in text.around(text.ground(of)) if b is not of] if placed else []
        for host in hosts - {""} if where["host"] else ():
            yield from self._beyond(name, text.entities["host", host], HOSTS)
        for step, boundary in enumerate(inside if "inside" in where["boundary"] else ()):
            yield from self._beyond(name, text.entities["boundary", boundary], AROUND, step)

    def _baseline(self, name: str, of: Entity) -> Iterator[Said]:
        if covered(self._control(name))["baseline"] and is_ours(self._text, of):
            for file, document in enumerate(self._text.documents):
                said = document.at(("baseline", name))
                if said is not None and (weight := self._weight(name, said)):
                    yield Said(BASELINE, 0, weight, ("baseline", ""), (file, "baseline", name))

    def _ends(self, name: str, of: Entity) -> list[Entity]:
        sides = covered(self._control(name))["ends"] if of.kind == "flow" else ()
        return [self._text.elements[getattr(of, side)] for side in ("source", "target") if side in sides]

    def _template(self, of: Entity) -> Entity | None:
        return self._text.types.get((f"{of.kind} type", normal(of.said.get("type", ""))))

    def _beyond(self, name: str, at: Entity | None, distance: int, step: int = 0) -> Iterator[Said]:
        """What another place says; `not-applicable` speaks of that place alone."""
        return (said for said in self._at(name, at, distance, step) if said.weight != "not-applicable")

    def _at(self, name: str, at: Entity | None, distance: int, step: int = 0) -> Iterator[Said]:
        said = (at.own.get("controls") or {}).get(name) if at else None
        if at and said is not None and (weight := self._weight(name, said)):
            yield Said(distance, step, weight, (at.kind, at.id), (*at.at, "controls", name))

    def _weight(self, name: str, said: Any) -> str | None:
        """What a statement counts for; None where it names evidence, and none that is in force."""
        if isinstance(said, bool):
            return "bare" if said else "absent"
        if isinstance(said, str):
            said = {"status": said} if said in _WORST_FIRST else {"mechanism": said}
        status = str(said.get("status", "implemented"))
        if status not in ("implemented", "alternative"):
            return status
        listed, words = self._control(name).get("mechanisms", {}), _words(said.get("mechanism", ""))
        alone = {word for text in many(listed.get("alone")) or () for word in _words(text)}
        named = set(words) - _FILLERS
        weak = _names(words, listed.get("weak")) or (named and named <= alone)
        strong = _names(words, listed.get("strong"))
        if weak and not strong:
            return "weak"
        evidence, day = many(said.get("evidence")) or (), self._text.as_of
        if evidence and all(
            isinstance(e, dict) and not str(e.get("date", "")) <= day <= str(e.get("until", day))
            for e in evidence
        ):
            return None
        backed = evidence or said.get("by") or (words and not weak)
        return status if status == "alternative" or backed else "bare"


def covered(control: Mapping[str, Any]) -> dict[str, Any]:
    """Where statements of a control count besides the subject and its type."""
    found: dict[str, Any] = {"ends": (), "boundary": (), "host": False, "baseline": False, "upstream": False}
    for entry in control.get("covered_by", ()):
        for key, value in entry.items():
            found[key] = (*found[key], *(many(value) or ())) if key in ("ends", "boundary") else value
    return found


def is_ours(text: Text, of: Entity) -> bool:
    """Whether own parties operate a subject, so that the baseline can cover it."""
    if of.kind == "flow":
        nodes = [e for e in (text.elements[of.source], text.elements[of.target]) if e.kind != "actor"]
        return bool(nodes) and all(text.is_own(text.party(e)) for e in nodes)
    if of.kind in ("service", "store", "boundary", "host"):
        return text.is_own(text.party(of))
    return of.kind not in ("actor", "party")


def _host(entity: Entity) -> str:
    return normal(entity.said.get("host", ""))


def _order(said: Said) -> tuple[int, int, int, str]:
    kind, name = said.place
    return said.distance, said.step, _WORST_FIRST.index(said.weight), f"{kind} `{name}`"


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "." else " " for c in text.lower()).split()


def _names(words: list[str], listed: Any) -> bool:
    """Whether one of the listed mechanisms stands among the words, as whole words in order."""
    return any(f" {' '.join(_words(m))} " in f" {' '.join(words)} " for m in many(listed) or ())
