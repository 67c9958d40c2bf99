"""Warnings and notes on a model in words, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from threatmodel.errors import HYGIENE, Diagnostic, quoted
from threatmodel.render.text.messages import filled_text
from threatmodel.render.text.reasons import basis_text, place_text, premise_text
from threatmodel.results import (
    Basis,
    ClaimedControl,
    DaysLeft,
    Facts,
    Filled,
    Name,
    Note,
    NoteArgument,
    Place,
    Protector,
    ResultKey,
    Safeguard,
)

_RULES: Final = {
    "nothing-modelled": (
        "the model has no service and no store, so almost nothing is asked",
        "declare what runs under `services` and what keeps data under `stores`",
    ),
    "unused-data": (
        "no flow carries data {0}, and nothing keeps, needs or is made of it",
        "name it on a flow or under `holds`, or take it out",
    ),
    "unneeded-data": (
        "{0} is sent {1}, which its `needs` do not list",
        "send a selection, or list it in `needs`",
    ),
    "unmet-need": (
        "{0} needs {1}, and no flow brings it there",
        "add it to a flow, or take it out of `needs`",
    ),
    "sourceless-data": (
        "{0} gives {1}, and nothing that it is made of gets there",
        "draw how {2} gets there, or list it under `holds`",
    ),
    "empty-flow": (
        "flow {0} carries none of the declared data",
        "say what it carries, or take it out when nothing needs it",
    ),
    "repeated-flow": ("flow {0} says the same as {1}", "keep one of them, or say in which they differ"),
    "unconnected-element": (
        "no flow begins or ends at {0} {1}",
        "draw the flows that it takes part in, or take it out",
    ),
    "empty-boundary": ("nothing stands in boundary {0}", "place elements in it, or take it out"),
    "unused-host": ("nothing runs on host {0}", "name it as the `host` of elements, or take it out"),
    "unused-party": (
        "nothing is operated or provided by party {0}",
        "name it as a `party`, or take it out",
    ),
    "unused-purpose": (
        "nothing is used for purpose {0}",
        "name it under `purposes` of data, or take it out",
    ),
    "unused-type": ("nothing is of type {0}", "name it as a `type`, or take it out"),
    "unnamed-vendor": (
        "{0} is run by its vendor {1}, and counts as ours",
        "name the vendor under `parties`, and as `party` of it or `provider` of the boundary around it",
    ),
    "unmarked-phi": (
        "data {0} is personal and serves {1} ({2}), and no health data",
        (
            "add `health` to its categories: what identifies somebody and relates to care is PHI "
            "(45 CFR 160.103)"
        ),
    ),
    "store-among-services": (
        "service {0} keeps data as a {1}, and is not asked what stores are",
        "declare it under `stores`",
    ),
    "redundant-control": (
        "{0}: {1}",
        "one is enough for what the catalog asks; a second one costs time on every message",
    ),
}
"""What each rule of hygiene says, and its help."""
_WARNINGS: Final = {
    "contradicted-statement": (
        "`{0}` is stated as {1}, but for {2} {3}",
        "the statement counts; correct the one that is wrong",
    ),
    "expired-evidence": ("the evidence for `{0}` has run out; it counts for nothing", ""),
    "unmatched-waiver": ("waiver {0} matches no gap and no possible bypass", ""),
    "expired-waiver": ("waiver {0} expired on {1}", ""),
    "expiring-waiver": ("waiver {0} runs out {2}, on {1}", ""),
    "dangling-waiver": ("there is no result {1}, so waiver {0} does not count", ""),
    "uncompensated-waiver": ("{1} is not satisfied, so waiver {0} does not count", ""),
    "mixed-mechanism": ("`{0}` names both a weak and a strong mechanism; it counts as naming none", ""),
}
_KEY: Final = 200  # a key of usual length stays whole
_NOT_IN_FORCE: Final = "the evidence for `{0}` is not in force on {1}; it counts for nothing"


def diagnostics(found: Iterable[Note | Diagnostic]) -> tuple[Diagnostic, ...]:
    """Warnings or notes in words."""
    return tuple(_diagnostic(note) if isinstance(note, Note) else note for note in found)


def _diagnostic(note: Note) -> Diagnostic:
    if note.code.startswith(HYGIENE):
        message, help = _RULES[note.code.removeprefix(HYGIENE)]
    else:
        message, help = _WARNINGS[note.code]
    if note.code == "expired-evidence" and note.arguments[1]:
        message = _NOT_IN_FORCE
    texts = [_text(argument) for argument in note.arguments]
    help = _meant(note.meant) if note.meant else help.format(*texts)
    related = tuple((premise_text(p), p.span) for p in note.related if p.span)
    return Diagnostic(note.code, message.format(*texts), note.span, help, note.excerpt, note.level, related)


def _meant(meant: Sequence[str]) -> str:
    """What a waiver that matches nothing was likely meant for: the nearest key, or all of a control."""
    key, *pattern = meant
    if pattern:
        return f"a key names its subject, too: {quoted(pattern[0])} for all of them"
    return f"did you mean {quoted(key)}?" if key else ""


def _text(argument: NoteArgument) -> str:
    match argument:
        case str():
            return argument
        case ResultKey(key):
            return quoted(key, _KEY)
        case DaysLeft(days):
            return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        case Name(id):
            return quoted(id)
        case Place():
            return place_text(argument)
        case Filled():
            return filled_text(argument).rstrip(".")
        case _:
            return " and ".join(_part(part) for part in argument)


def _part(part: Basis | Protector) -> str:
    match part:
        case Safeguard(mechanism, place):
            where = place_text(place)
            return f"{quoted(mechanism)} of {where}" if mechanism else f"what {where} says"
        case ClaimedControl(control):
            return f"{quoted(control)}, which nothing asks for here"
        case Facts(bases):
            return " and ".join(map(basis_text, bases))
        case _:
            return basis_text(part)
