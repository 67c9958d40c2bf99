"""Reads words that something else must know: ids of the model, kinds, technologies and protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from threatmodel.errors import an, display, one_of
from threatmodel.kinds import Kinds
from threatmodel.model.ids import normal_id
from threatmodel.model.language import ENTITIES, Key
from threatmodel.model.scope import Scope
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import Reading, quote, wrong

_SECTION_OF: Final = {"service": "services", "store": "stores", "boundary": "boundaries", "host": "hosts"}


def reference(key: Key, scope: Scope) -> Reading:
    """The id of an entity in one of the sections that the key refers to."""
    sections = key.refers
    nouns = one_of([ENTITIES[s].noun for s in sections])
    declare = "declare it under " + one_of([f"`{s}`" for s in sections])

    def read(problems: Problems, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(problems, f"the id of {an(nouns)}", value, at, quote(value))
            return None
        name = value if value.isascii() else normal_id(value)
        for section in sections:
            if name in scope.ids[section]:
                return name
        help = problems.suggest(name, *(scope.ids[s] for s in sections))
        elsewhere = next((s for s, ids in scope.ids.items() if name in ids), None)
        if elsewhere:
            help = f"{display(value)} is {an(ENTITIES[elsewhere].noun)}" + (f"; {help}" if help else "")
        problems.refuse("unknown-reference", f"no {nouns} is called {display(value)}", at, help or declare)
        return None

    return read


def template(section: str, scope: Scope) -> Reading:
    """The id of a type of this section."""

    def read(problems: Problems, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(problems, "the id of a type", value, at, quote(value))
            return None
        name, known = normal_id(value), scope.types.get(section, ())
        if name in known:
            return name
        help = problems.suggest(name, known) or f"declare it under `types.{section}`"
        problems.refuse("unknown-reference", f"no type of {section} is called {display(value)}", at, help)
        return None

    return read


def kind(noun: str, scope: Scope) -> Reading:
    """A kind that an entity of this noun can be."""
    known = catalogued("kind", scope)

    def read(problems: Problems, value: Any, at: Path) -> str | None:
        name: str | None = known(problems, value, at)
        if name is None or noun in (fits := scope.kinds.kinds[name].subjects):
            return name
        message = f"{display(value)} is a kind of {one_of(fits)}, not of {noun}"
        help = (
            "declare this under " + one_of([f"`{_SECTION_OF[f]}`" for f in fits]) + ", or name another kind"
        )
        problems.refuse("kind-subject", message, at, help)
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


def catalogued(what: str, scope: Scope) -> Reading:
    """The id of a kind, technology or protocol, by its id or an alias."""
    listed = _LISTS[what]
    known = listed.words(scope.kinds)

    def read(problems: Problems, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            wrong(problems, f"a {what}", value, at, quote(value))
            return None
        found = known.get(value) or known.get(value.lower())
        if found is None:
            help = problems.suggest(value, known) or listed.help
            problems.refuse(listed.code, f"unknown {what} {display(value)}", at, help)
        return found

    return read
