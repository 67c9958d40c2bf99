"""Ways to change models: other ids everywhere, and what a change looks like from the other side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from tests.properties.models import AS_OF, Plain, yaml
from threatmodel.api import Library, Review, parse
from threatmodel.diff import Changes
from threatmodel.render.changes.system import value_texts
from threatmodel.render.text.notes import diagnostics
from threatmodel.source import parse as parse_yaml

SHIPPED: Final = Library()

SECTIONS: Final = {
    "party": "parties",
    "purpose": "purposes",
    "data": "data",
    "boundary": "boundaries",
    "host": "hosts",
    "actor": "actors",
    "service": "services",
    "store": "stores",
}
_NAMING: Final = frozenset(
    "answered_by against boundary by data derived_from from holds host needs parent party provider purposes"
    " returns sends steps subjects to with".split()
)
_FLIPPED: Final = {
    "added": "removed",
    "weakened": "strengthened",
    "lowered": "raised",
    "worsened": "eased",
    "opened": "closed",
    "nearer": "farther",
    "new": "old",
    "lost": "old",
    "gone": "old",
    "ended": "old",
    "settled": "old",
}
_BACK: Final = {after: before for before, after in _FLIPPED.items() if after != "old"}


def renamed(model: Plain, names: Mapping[str, str]) -> Plain:
    """A model with other ids: in its sections and wherever something is named, also in flow ids and keys."""
    return {
        section: _references(
            {names.get(n, n): v for n, v in content.items()} if section in SECTIONS.values() else content,
            names,
        )
        for section, content in model.items()
    }


def _references(value: Any, names: Mapping[str, str], key: str = "") -> Any:
    match value:
        case dict():
            return {k: _references(v, names, k) for k, v in value.items()}
        case list():
            return [_references(v, names, key) for v in value]
        case str():
            return _text(value, names) if key in _NAMING else value
        case _:
            return value


def _text(text: str, names: Mapping[str, str]) -> str:
    control, at, subject = text.partition("@")
    if at:  # the key of a result: its subject may be a flow that was renamed as a whole
        return f"{control}@{_text(subject, names)}"
    if text in names:
        return names[text]
    return "".join(names.get(part, part) for part in re.split(r"(->|:)", text))


def review(model: Plain, text: str | None = None) -> Review:
    """The review of a model under the shipped catalog, written plainly or as this text."""
    return parse(parse_yaml(text or yaml(model), "model.yaml"), SHIPPED, AS_OF)


def reordered(chance: Random, value: Any) -> Any:
    """The same plain data with keys, flows and lists in another order."""
    match value:
        case dict():
            return {key: reordered(chance, value[key]) for key in chance.sample(list(value), len(value))}
        case list():
            return [reordered(chance, item) for item in chance.sample(value, len(value))]
        case _:
            return value


def ids(model: Plain) -> Iterator[tuple[str, str]]:
    """Every id that may be renamed, with its kind."""
    for kind, section in SECTIONS.items():
        yield from ((kind, name) for name in model.get(section) or {})


def facts(
    changes: Changes, names: Mapping[str, str], *, reverse: bool = False, texts: bool = False
) -> set[tuple[object, ...]]:
    """The changes as plain tuples in other ids; `reverse`d, as the way back must tell them.

    "re-opened" and its kin become the two states; words that name ids are left out unless `texts`.
    """
    found: set[tuple[object, ...]] = set()

    def name(text: str) -> str:
        return _text(text, names)

    def how(word: str) -> str:
        return _FLIPPED.get(word, _BACK.get(word, word)) if reverse else word

    def pair(before: object, after: object) -> tuple[object, object]:
        return (after, before) if reverse else (before, after)

    def words(value: tuple[str, ...] | None) -> object:
        return None if value is None else frozenset(map(name, value))

    def there(new: bool) -> bool:
        return new != reverse

    for t in changes.things:
        found.add(("thing", how(t.how), t.kind, name(t.id)))
    for m in changes.moves:
        place = pair((_zone(m.before, names), m.trust_before), (_zone(m.after, names), m.trust_after))
        found.add(("move", m.kind, name(m.id), *place))
    for a in changes.attributes:
        found.add(
            (
                "attribute",
                a.kind,
                name(a.id),
                a.key,
                *pair(words(value_texts(a.before)), words(value_texts(a.after))),
            )
        )
    for s in changes.statements:
        said = pair(s.before, s.after) if texts else ()
        found.add(("statement", how(s.how), s.kind, name(s.id), s.control, *said))
    for g in changes.gaps:
        states = pair((g.before, g.severity_before), (g.after, g.severity_after))
        found.add(("gap", name(g.key), *states))
    for r in changes.reach:
        found.add(("reach", r.kind, name(r.id), *pair(r.before, r.after), tuple(map(name, r.path)), r.level))
    for layers in changes.depths:
        found.add(("depth", how(layers.how), name(layers.id), *pair(layers.before, layers.after)))
    for where in changes.regions:
        what = words(where.elements), words(where.data)
        found.add(("region", *pair(where.before, where.after), *what))
    for change in changes.warnings:
        (w,) = diagnostics((change.warning,))
        message = "".join(map(name, w.message.split("`")))
        found.add(("warning", there(change.how == "new"), w.code, message))
    for d in changes.data:
        found.add(("data", there(d.how == "new"), d.kind, name(d.id), words(d.data), d.level, d.stayed))
    for p in changes.recipients:
        found.add(("recipient", there(p.how == "new"), name(p.party), words(p.data), p.personal))
    for x in changes.transfers:
        found.add(("transfer", there(x.how == "new"), name(x.party), x.countries, words(x.data)))
    for u in changes.unknowns:
        found.add(
            ("unknown", there(u.how == "new"), words(u.keys), u.satisfied, u.gaps, u.absent, u.severity)
        )
    for q in changes.requirements:
        better = None if q.better is None else q.better != reverse
        found.add(("requirement", q.framework, q.requirement, *pair(q.before, q.after), better))
    return found


def _zone(text: str, names: Mapping[str, str]) -> str:
    return f"({names.get(text[1:-1], text[1:-1])})" if text.startswith("(") else names.get(text, text)
