"""The catalogs behind an assessment in words: what those of a user weaken, and the editions of all.

The sentences have user text in backticks, as messages do; each writer escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.text.wording import counted, quote

if TYPE_CHECKING:
    from threatmodel.diff import BesideChange

_HOWS: Final = {"added": "is new", "removed": "is gone", "changed": "changed too"}
_KEYS: Final = 4  # so many keys in a sentence; the rest are counted


def weakened(catalogs: Iterable[Edition]) -> Iterator[str]:
    """A sentence for each catalog that disables controls, and one for each that makes some find less."""
    for edition in catalogs:
        weaker = [c for c in edition.changes if c.weaker]
        off = [c for c in weaker if c.key == "disable"]
        less = [c for c in weaker if c.key != "disable"]
        if off:
            listed = "; ".join(f"`{c.control}` ({c.reason})" for c in off)
            yield f"{counted(len(off), 'control')} disabled by the catalog `{edition.name}`: {listed}"
        if less:
            listed = "; ".join(f"`{c.control}`: {c.what} ({c.reason})" for c in less)
            number = len({c.control for c in less})
            yield f"{counted(number, 'control')} weakened by the catalog `{edition.name}`: {listed}"


def moved(beside: Iterable[BesideChange]) -> Iterator[str]:
    """A sentence for what else changed than the model, and what that means for the diff."""
    groups: dict[tuple[str, str], list[BesideChange]] = {}
    for change in beside:
        groups.setdefault((change.kind, change.name), []).append(change)
    for (kind, _), found in groups.items():
        match kind:
            case "policy":
                yield _policy(found)
            case "baseline":
                yield from _baseline(found)
            case "lock":
                yield f"The lock file {quote(found[0].name)} {_HOWS[found[0].how]}."
            case _:
                yield _catalog(found[0])


def _policy(changes: Sequence[BesideChange]) -> str:
    first = changes[0]
    keys = [_key(c) for c in changes if c.key]
    more = [f"and {counted(len(keys) - _KEYS, 'more key')}"] if len(keys) > _KEYS else []
    told = f": {', '.join((*keys[:_KEYS], *more))}" if keys else ""
    gate = f"is {_whose(first)}" if _is_there(first) else "does without it"
    return f"The policy in {quote(first.name)} {_HOWS[first.how]}{told}; the gate of this diff {gate}."


def _key(change: BesideChange) -> str:
    was, now = (quote(_short(text)) if text else "not said" for text in (change.before, change.after))
    return f"{quote(change.key)} {was} → {now}" + (f" ({change.effect})" if change.effect else "")


def _baseline(changes: Sequence[BesideChange]) -> Iterator[str]:
    """What the baseline hides from a check now, and what it does no more."""
    name = quote(changes[0].name)
    for effect, verb in (("looser", "takes in"), ("stricter", "lets go of")):
        chosen = [c for c in changes if c.effect == effect]
        if chosen:
            named = [f"{c.after or c.before} {quote(c.key)}" for c in chosen[:_KEYS]]
            more = [f"and {len(chosen) - _KEYS} more"] if len(chosen) > _KEYS else []
            number = counted(len(chosen), "gap")
            yield f"The baseline {name} {verb} {number}: {', '.join((*named, *more))}."


def _catalog(change: BesideChange) -> str:
    was, now = (quote(text) if text else "nothing" for text in (change.before, change.after))
    used = f"with {_whose(change)}" if _is_there(change) else "without it"
    judged = f"both versions are assessed {used}; what it changes by itself is not here"
    return f"The catalog {quote(change.name)} changed too, from {was} to {now}: {judged}."


def _whose(change: BesideChange) -> str:
    """Whose policy or edition the one is that counted: the one that stands here."""
    match change.counted:
        case "after":
            return "the later one"
        case "before":
            return "the earlier one, which stands here"
        case "":
            return "what this run was told, and not the policy"
        case _:
            return "the one that stands here, which is neither"


def _is_there(change: BesideChange) -> bool:
    """Whether the side that counted has it at all."""
    return (change.how, change.counted) not in (("added", "before"), ("removed", "after"))


def _short(text: str) -> str:
    return wrapped(text, 60, 1)[0]


def editions(catalogs: Iterable[Edition]) -> str:
    """Every catalog with its version and the beginning of its digest; nothing for none."""
    found = [f"{edition_name(e)} ({e.short})" for e in catalogs]
    return f"catalog{'s' * (len(found) > 1)}: {', '.join(found)}" if found else ""


def edition_name(edition: Edition) -> str:
    """Name and version of a catalog."""
    return f"{edition.name} {edition.version}" if edition.version else edition.name
