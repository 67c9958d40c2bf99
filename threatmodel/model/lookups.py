"""Reads words that must be known: enumerations, ids of the model, kinds, technologies and protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from threatmodel.errors import an
from threatmodel.kinds import Kinds
from threatmodel.model.elements import Path
from threatmodel.model.language import ENTITIES, Key
from threatmodel.model.scope import Reading, Scope, normal_id, one_of, quote, shown, wrong

_SECTION_OF: Final = {"service": "services", "store": "stores", "boundary": "boundaries", "host": "hosts"}


def enum(key: Key) -> Reading:
    """One of the words of an enumeration, or an alias of one."""
    allowed = {**{v: v for v in key.values}, **key.aliases}

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        found = allowed.get(value) if value.__class__ is str else None
        if found is None:
            _unlisted(scope, value, at, key)
        return found

    return read


def _unlisted(scope: Scope, value: Any, at: Path, key: Key) -> None:
    choices = "one of " + ", ".join(f"`{v}`" for v in key.values)
    if not isinstance(value, str):
        wrong(scope, f"a word for `{key.name}`", value, at, choices)
        return
    near = scope.problems.suggest(value, (*key.values, *key.aliases))
    scope.problem("unknown-word", f"{shown(value)} is no value of `{key.name}`", at, near or choices)


def reference(key: Key) -> Reading:
    """The id of an entity in one of the sections that the key refers to."""
    sections = key.refers
    nouns = one_of([ENTITIES[s].noun for s in sections])
    declare = "declare it under " + one_of([f"`{s}`" for s in sections])

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(scope, f"the id of {an(nouns)}", value, at, quote(value))
            return None
        name = value if value.isascii() else normal_id(value)
        for section in sections:
            if name in scope.ids[section]:
                return name
        help = scope.problems.suggest(name, *(scope.ids[s] for s in sections))
        elsewhere = next((s for s, ids in scope.ids.items() if name in ids), None)
        if elsewhere:
            help = f"{shown(value)} is {an(ENTITIES[elsewhere].noun)}" + (f"; {help}" if help else "")
        scope.problem("unknown-reference", f"no {nouns} is called {shown(value)}", at, help or declare)
        return None

    return read


def template(section: str) -> Reading:
    """The id of a type of this section."""

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(scope, "the id of a type", value, at, quote(value))
            return None
        name, known = normal_id(value), scope.types.get(section, ())
        if name in known:
            return name
        help = scope.problems.suggest(name, known) or f"declare it under `types.{section}`"
        scope.problem("unknown-reference", f"no type of {section} is called {shown(value)}", at, help)
        return None

    return read


def kind(noun: str) -> Reading:
    """A kind that an entity of this noun can be."""
    known = catalogued("kind")

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        name: str | None = known(scope, value, at)
        if name is None or noun in (fits := scope.kinds.kinds[name].subjects):
            return name
        message = f"{shown(value)} is a kind of {one_of(fits)}, not of {noun}"
        help = (
            "declare this under " + one_of([f"`{_SECTION_OF[f]}`" for f in fits]) + ", or name another kind"
        )
        scope.problem("kind-subject", message, at, help)
        return None

    return read


class _List(NamedTuple):
    """A list of the kinds catalog: the code of an unknown word, the words, what they are called."""

    code: str
    words: Callable[[Kinds], Mapping[str, str]]
    help: str


_HELP: Final = "take a word of docs/reference/kinds.md, or leave it out"
_LISTS: Final = {
    "kind": _List("unknown-kind", lambda kinds: kinds.kind_names, _HELP),
    "technology": _List(
        "unknown-technology", lambda kinds: kinds.technology_names, f"{_HELP} and say the `kind`"
    ),
    "protocol": _List("unknown-protocol", lambda kinds: kinds.protocol_names, _HELP),
}


def catalogued(what: str) -> Reading:
    """The id of a kind, technology or protocol, by its id or an alias."""
    listed = _LISTS[what]

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(scope, f"a {what}", value, at, quote(value))
            return None
        known = listed.words(scope.kinds)
        found = known.get(value) or known.get(value.lower())
        if found is None:
            help = scope.problems.suggest(value, known) or listed.help
            scope.problem(listed.code, f"unknown {what} {shown(value)}", at, help)
        return found

    return read
