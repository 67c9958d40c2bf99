"""A model's text as the oracle reads it: entities with what they say, where they stand, who calls whom.

It is read from the plain data of the files alone. The oracle takes nothing from the program's own model,
graph or facts, so that it errs on its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

from threatmodel.source import Document

Path: TypeAlias = tuple[int | str, ...]
"""The number of a file, then the keys that lead to a place in it."""

SECTIONS: Final[Mapping[str, str]] = {
    "party": "parties",
    "purpose": "purposes",
    "data": "data",
    "boundary": "boundaries",
    "host": "hosts",
    "actor": "actors",
    "service": "services",
    "store": "stores",
}
ELEMENTS: Final = ("actor", "service", "store")


class Entity(NamedTuple):
    """Something declared: where, what it says itself, and what it says with its type; a flow has its ends."""

    kind: str
    id: str
    at: Path
    own: Mapping[str, Any]
    said: Mapping[str, Any]
    source: str = ""
    target: str = ""


class Text:
    """The files of a model on a day, the first one first, and what the catalog says of the words in them."""

    def __init__(self, documents: Sequence[Document], words: Sequence[Document], as_of: str) -> None:
        self.documents = documents
        self.as_of = as_of
        self.words = {s: _words(words, s) for s in ("kinds", "technologies", "protocols", "adequacy")}
        self.eea = frozenset(name for document in words for name in many(document.at(("eea",))) or ())
        self.types = {
            (f"{section[:-1]} type", normal(name)): Entity(f"{section[:-1]} type", normal(name), at, raw, raw)
            for section in ("services", "stores")
            for at, name, raw in self._entries("types", section)
        }
        self.entities = {
            (kind, normal(name)): self._entity(kind, normal(name), at, raw)
            for kind, section in SECTIONS.items()
            for at, name, raw in self._entries(section)
        }
        self.entities |= {("flow", flow.id): flow for flow in self._flows()}
        self.entities["model", "model"] = Entity("model", "model", (0,), {}, {})
        self.own = {e.id for e in self.of("party") if e.own.get("own") is True}
        self._begin: dict[tuple[str, bool], frozenset[str]] = {}
        self._reached: dict[tuple[str, bool], frozenset[str]] = {}
        self.ours = next(iter(self.own)) if len(self.own) == 1 else ""

    def of(self, *kinds: str) -> list[Entity]:
        """The entities of these kinds, in the order of their ids."""
        return sorted((e for e in self.entities.values() if e.kind in kinds), key=lambda e: e.id)

    @cached_property
    def elements(self) -> Mapping[str, Entity]:
        """Actors, services and stores by id: they share one name space."""
        return {e.id: e for e in self.of(*ELEMENTS)}

    def word(self, section: str, text: Any) -> tuple[str | None, Mapping[str, Any]]:
        """The id of a kind, technology or protocol that a text names, and what the catalog says of it."""
        known = self.words[section]
        return known.get(text) or known.get(str(text).lower()) or (None, {})

    def kind(self, entity: Entity) -> str | None:
        """Its kind, as stated or as its technology implies."""
        if "kind" in entity.said:
            return self.word("kinds", entity.said["kind"])[0]
        implied = self.word("technologies", entity.said.get("technology"))[1].get("kind")
        return self.word("kinds", implied)[0]

    def traits(self, entity: Entity) -> frozenset[str] | None:
        """What its kind implies; None where nobody stated the kind."""
        if entity.kind == "actor":
            return frozenset()
        kind = self.kind(entity)
        return frozenset(many(self.word("kinds", kind)[1].get("traits")) or ()) if kind else None

    def ground(self, entity: Entity) -> str:
        """The boundary that something stands in, or its implied ground, in brackets."""
        if entity.kind == "boundary":
            return entity.id
        if boundary := entity.said.get("boundary"):
            return normal(boundary)
        if entity.kind == "actor":
            return "(outside)"
        if host := entity.said.get("host"):
            return self.ground(self.entities["host", normal(host)])
        if "user-device" in (self.traits(entity) or ()):
            return "(outside)"
        party = normal(entity.said.get("party", ""))
        return "(system)" if party in self.own | {""} else f"({party})"

    def around(self, ground: str) -> Iterator[Entity]:
        """The boundary of this id and those around it, from inside out; nothing for implied ground."""
        while boundary := self.entities.get(("boundary", ground)):
            yield boundary
            ground = normal(boundary.own.get("parent", ""))

    def handed_down(self, ground: str, key: str) -> Any:
        """What the nearest boundary that has a key says in it."""
        return next((b.own[key] for b in self.around(ground) if key in b.own), None)

    def providers(self, ground: str) -> set[str]:
        """On whose machines a ground stands: what every boundary around it names."""
        return {normal(b.own["provider"]) for b in self.around(ground) if "provider" in b.own}

    def handlers(self, element: Entity) -> set[str]:
        """The parties that get at the data of an element."""
        found = {self.party(element), *self.providers(self.ground(element))}
        if host := self.entities.get(("host", normal(element.said.get("host", "")))):
            found |= {self.party(host) or None, *self.providers(self.ground(host))}
        return {party for party in found if party is not None}

    def party(self, entity: Entity) -> str | None:
        """Who operates it; nobody knows of an actor that does not say."""
        if "party" in entity.said:
            return normal(entity.said["party"])
        if entity.kind == "actor":
            return None
        ground = self.ground(entity)
        if ground in ("(outside)", "(system)"):
            return self.ours
        return normal(self.handed_down(ground, "party") or "") or (
            ground[1:-1] if ground[0] == "(" else self.ours
        )

    def is_own(self, party: str | None) -> bool:
        """Whether a party is one of ours."""
        return party in self.own | {""}

    def trust(self, entity: Entity) -> str:
        """The trust of the ground that something stands on."""
        ground = self.ground(entity)
        if ground[0] == "(":
            return {"(outside)": "untrusted", "(system)": "trusted"}.get(ground, "third-party")
        *_, outermost = self.around(ground)
        implied = "trusted" if self.is_own(self.party(outermost)) else "third-party"
        stated = self.handed_down(ground, "trust")
        return str(stated or self.word("kinds", outermost.own.get("kind"))[1].get("trust") or implied)

    def counts(self, entity: Entity) -> bool:
        """Whether it can show a control on a path: untrusted ground shows none."""
        ends = [self.elements[n] for n in (entity.source, entity.target)] if entity.source else [entity]
        return any(self.trust(end) != "untrusted" for end in ends)

    @cached_property
    def untrusted(self) -> list[str]:
        """The elements on untrusted ground."""
        return [name for name, e in self.elements.items() if self.trust(e) == "untrusted"]

    def beginnings(self, origin: str, perhaps: bool) -> frozenset[str]:
        """The elements at which paths of an origin begin, or with `perhaps` begin for all that is known."""
        key = origin, perhaps
        if key not in self._begin:
            human = {e.id: e.own.get("human") for e in self.of("actor")} if origin == "people" else {}
            people = {name for name, said in human.items() if said is True or (perhaps and said is None)}
            others = {"untrusted"} if origin == "untrusted" else {"untrusted", "third-party"}
            ground = {name for name, e in self.elements.items() if self.trust(e) in others}
            self._begin[key] = frozenset(ground | people)
        return self._begin[key]

    @cached_property
    def calls(self) -> Mapping[str, list[tuple[str, Entity, bool]]]:
        """For each element whom it calls, over which flow, and whether a relay hands data out against it."""
        found: dict[str, list[tuple[str, Entity, bool]]] = {name: [] for name in self.elements}
        for flow in self.of("flow"):
            found[flow.source].append((flow.target, flow, False))
            if "relay" in (self.traits(self.elements[flow.target]) or ()) and moved(flow, "returns") != ():
                found[flow.target].append((flow.source, flow, True))
        return found

    @cached_property
    def flows_at(self) -> Mapping[str, list[Entity]]:
        """For each element the flows that it opens or accepts."""
        found: dict[str, list[Entity]] = {name: [] for name in self.elements}
        for flow in self.of("flow"):
            found[flow.source].append(flow)
            found[flow.target].append(flow)
        return found

    def reached(self, origin: str, perhaps: bool) -> frozenset[str]:
        """What calls from the ground of an origin lead to, with `perhaps` through what may be a relay."""
        key = origin, perhaps
        if key not in self._reached:
            begin = self.beginnings(origin, False)
            pending, found = list(begin), set[str]()
            for element in pending:
                for flow in self.flows_at[element]:
                    to = flow.target if flow.source == element else flow.source
                    calls = flow.source == element or self._hands_out(flow)
                    if to not in found and (calls or (perhaps and calls is None)):
                        found.add(to)
                        pending += [to] * (to not in begin)
            self._reached[key] = frozenset(found)
        return self._reached[key]

    def _hands_out(self, flow: Entity) -> bool | None:
        """Whether the target of a flow is a relay that hands data out over it."""
        traits, returned = self.traits(self.elements[flow.target]), moved(flow, "returns")
        if returned == () or (traits is not None and "relay" not in traits):
            return False
        return True if traits and returned else None

    def _entries(self, *keys: str) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
        for file, document in enumerate(self.documents):
            found = document.at(keys)
            for name, raw in found.items() if isinstance(found, dict) else ():
                yield (file, *keys, name), name, raw or {}

    def _entity(self, kind: str, name: str, at: Path, raw: Mapping[str, Any]) -> Entity:
        template = self.types.get((f"{kind} type", normal(raw.get("type", ""))))
        return Entity(kind, name, at, raw, {**template.own, **raw} if template else raw)

    def _flows(self) -> Iterator[Entity]:
        for file, document in enumerate(self.documents):
            listed = document.at(("flows",))
            for number, raw in enumerate(listed if isinstance(listed, list) else ()):
                for source in map(normal, many(raw["from"]) or ()):
                    for target in map(normal, many(raw["to"]) or ()):
                        name = f"{source}->{target}" + (f":{raw['name']}" if "name" in raw else "")
                        if source != target:
                            yield Entity("flow", name, (file, "flows", number), raw, raw, source, target)


def many(value: Any) -> tuple[Any, ...] | None:
    """One or many values; None where nothing is said."""
    return None if value is None else tuple(value) if isinstance(value, list) else (value,)


def normal(name: Any) -> str:
    """An id as it is compared."""
    return unicodedata.normalize("NFC", str(name))


def moved(flow: Entity, *ways: str) -> tuple[str, ...] | None:
    """The data that a flow moves in these directions; None where it states none of its directions."""
    if not {"sends", "returns", "data"} & flow.own.keys():
        return None
    return tuple(normal(d) for key in (*ways, "data") for d in many(flow.own.get(key)) or ())


def _words(kinds: Sequence[Document], section: str) -> dict[str, tuple[str, Mapping[str, Any]]]:
    found = {}
    for document in kinds:
        entries = document.at((section,))
        for name, raw in entries.items() if isinstance(entries, dict) else ():
            for word in (name, *(many((raw or {}).get("aliases")) or ())):
                found[word] = name, raw or {}
    return found
