"""What else changed than the model, said to people: catalogs, the lock, the policy and the baseline.

The sentences have user text in backticks, as messages do; each writer escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from threatmodel.diff import ContextChange
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.text.wording import counted, quote

_HOWS: Final = {"added": "is new", "removed": "is gone", "changed": "changed too"}
_KEYS: Final = 4  # so many keys in a sentence; the rest are counted


def sentences(context: Iterable[ContextChange]) -> Iterator[str]:
    """A sentence for what else changed than the model, and what that means for the diff."""
    groups: dict[tuple[str, str], list[ContextChange]] = {}
    for change in context:
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


def _policy(changes: Sequence[ContextChange]) -> str:
    first = changes[0]
    keys = [_key(c) for c in changes if c.key]
    more = [f"and {counted(len(keys) - _KEYS, 'more key')}"] if len(keys) > _KEYS else []
    named = f": {', '.join((*keys[:_KEYS], *more))}" if keys else ""
    gate = f"is {_whose(first)}" if _is_there(first) else "does without it"
    return f"The policy in {quote(first.name)} {_HOWS[first.how]}{named}; the gate of this diff {gate}."


def _key(change: ContextChange) -> str:
    was, now = (quote(_short(text)) if text else "not said" for text in (change.before, change.after))
    return f"{quote(change.key)} {was} → {now}" + (f" ({change.effect})" if change.effect else "")


def _baseline(changes: Sequence[ContextChange]) -> Iterator[str]:
    """What the baseline hides from a check now, and what it does no more."""
    name = quote(changes[0].name)
    for effect, verb in (("looser", "takes in"), ("stricter", "lets go of")):
        chosen = [c for c in changes if c.effect == effect]
        if chosen:
            named = [f"{c.after or c.before} {quote(c.key)}" for c in chosen[:_KEYS]]
            more = [f"and {len(chosen) - _KEYS} more"] if len(chosen) > _KEYS else []
            number = counted(len(chosen), "gap")
            yield f"The baseline {name} {verb} {number}: {', '.join((*named, *more))}."


def _catalog(change: ContextChange) -> str:
    was, now = (quote(text) if text else "nothing" for text in (change.before, change.after))
    used = f"with {_whose(change)}" if _is_there(change) else "without it"
    judged = f"both versions are assessed {used}; what it changes by itself is not here"
    return f"The catalog {quote(change.name)} changed too, from {was} to {now}: {judged}."


def _whose(change: ContextChange) -> str:
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


def _is_there(change: ContextChange) -> bool:
    """Whether the side that counted has it at all."""
    return (change.how, change.counted) not in (("added", "before"), ("removed", "after"))


def _short(text: str) -> str:
    return wrapped(text, 60, 1)[0]
