"""What a catalog of a user changes in controls that are there already: read strictly, then applied.

What makes a control find less (disabled, of a lower severity, fewer weak mechanisms) needs a reason. What a
control asks, and where, cannot be changed: that is another control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from threatmodel.catalog.controls import TAGS, Change, Control, mechanism
from threatmodel.catalog.form import placeholders, unfilled
from threatmodel.errors import did_you_mean, quoted
from threatmodel.model.words import SEVERITIES
from threatmodel.source import Document
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    Field,
    by_name,
    many,
    mapping,
    optional,
    read_fields,
    required,
    table,
    text,
    word,
)

_TEXTS: Final[tuple[str, ...]] = ("question", "gap", "fix")
_HELP: Final = "`threatmodel catalog list` shows every control"


class Override(NamedTuple):
    """What one catalog changes in one control: empty where it says nothing.

    `weak` are mechanisms that count as weak besides those of the control, `not_weak` those of the control
    that do not; references and tags are added, texts replaced.
    """

    control: str
    disable: bool
    severity: str
    weak: tuple[tuple[str, ...], ...]
    not_weak: tuple[tuple[str, ...], ...]
    texts: Mapping[str, str]
    references: tuple[str, ...]
    tags: tuple[str, ...]
    reason: str


class Overrides(NamedTuple):
    """The overrides of one file, in its order."""

    entries: tuple[Override, ...]
    document: Document


class Overridden(NamedTuple):
    """Every control after the overrides of one catalog, and what they changed."""

    controls: Mapping[str, Control]
    changes: tuple[Change, ...]


def parse_overrides(document: Document) -> Overrides:
    """The overrides of one file; raises InputError with everything that is wrong in it."""
    problems = Problems(document)
    entries = read_fields(problems, _FILE, document.root)["overrides"]
    problems.finish()
    return Overrides(tuple(entries.values()), document)


def apply_overrides(overrides: Overrides, catalog: str, controls: Mapping[str, Control]) -> Overridden:
    """The controls as a catalog leaves them; raises InputError for what cannot be applied to them."""
    problems = Problems(overrides.document)
    after = dict(controls)
    changes: list[Change] = []
    for override in overrides.entries:
        at = ("overrides", override.control)
        control = after.get(override.control)
        if control is None:
            help = did_you_mean(override.control, after) or _HELP
            problems.add("unknown-control", f"no control {quoted(override.control)} to override", at, help)
        elif control.disabled:
            message = f"{quoted(control.id)} is disabled by the catalog {quoted(control.disabled.catalog)}"
            problems.add("disabled-control", message, at, "take this override out")
        else:
            made = tuple(_changes(problems, override, control, catalog))
            after[control.id] = _changed(control, override, made)
            changes += made
    problems.finish()
    return Overridden(after, tuple(changes))


def _override(problems: Problems, entry: object, at: Path) -> Override:
    """A reading of what one catalog changes in one control."""
    raw = read_fields(problems, OVERRIDE, entry, at)
    written = entry if isinstance(entry, dict) else {}
    if isinstance(entry, dict) and not written.keys() - {"reason"}:
        help = f"say one of: {', '.join(key for key in OVERRIDE.fields if key != 'reason')}"
        problems.add("empty-override", f"the override of {quoted(str(at[-1]))} changes nothing", at, help)
    for key in written if "disable" in written else ():
        if key in OVERRIDE.fields and key not in ("disable", "reason"):
            message = f"`{key}` counts for nothing in a control that is disabled"
            problems.add("key-without-use", message, (*at, key))
    texts = {key: found for key in _TEXTS if (found := raw.pop(key)) is not None}
    return Override(str(at[-1]), texts=texts, **raw.pop("mechanisms"), **raw)


def _only_true(problems: Problems, value: object, at: Path) -> bool | None:
    """A reading of `true`, which nothing else may stand for."""
    if value is True:
        return True
    problems.refuse("wrong-type", f"`{at[-1]}` can only be `true`", at, "leave it out to keep the control")
    return None


def _changes(problems: Problems, override: Override, control: Control, catalog: str) -> Iterator[Change]:
    """What an override changes, each with whether less is found from now on; problems are recorded."""
    at: Path = ("overrides", control.id)
    for key, what, weaker in _differences(problems, override, control):
        if weaker and not override.reason:
            message = f"{quoted(control.id)} would be weaker ({what}): say why"
            problems.add("missing-reason", message, (*at, key), "add `reason: ...` to this override")
        span = problems.span((*at, key))
        yield Change(control.id, catalog, key, what, weaker, override.reason, span)


def _differences(problems: Problems, override: Override, control: Control) -> Iterator[tuple[str, str, bool]]:
    at: Path = ("overrides", control.id)
    if override.disable:
        yield "disable", "disabled", True
    if override.severity and override.severity != control.severity:
        weaker = SEVERITIES.index(override.severity) < SEVERITIES.index(control.severity)
        yield "severity", f"severity {override.severity} instead of {control.severity}", weaker
    if override.weak:
        yield "mechanisms", f"also weak: {_listed(map(' '.join, override.weak))}", False
    for words in override.not_weak:
        if words not in control.weak:
            message = f"{quoted(' '.join(words))} is no weak mechanism of {quoted(control.id)}"
            help = did_you_mean(" ".join(words), map(" ".join, control.weak))
            problems.add("unknown-word", message, (*at, "mechanisms", "not_weak"), help)
    if override.not_weak:
        yield "mechanisms", f"no longer weak: {_listed(map(' '.join, override.not_weak))}", True
    for key, sentence in override.texts.items():
        for name in unfilled(control, sentence):
            help = did_you_mean(name, placeholders(control))
            message = f"nothing fills the placeholder {quoted('{' + name + '}')}"
            problems.add("unknown-placeholder", message, (*at, key), help)
        yield key, f"another text for `{key}`", False
    if override.references:
        yield "references", f"more references: {_listed(override.references)}", False
    if override.tags:
        yield "tags", f"more tags: {_listed(override.tags)}", False


def _changed(control: Control, override: Override, made: tuple[Change, ...]) -> Control:
    kept = [words for words in control.weak if words not in override.not_weak]
    return control._replace(
        severity=override.severity or control.severity,
        weak=tuple(dict.fromkeys((*kept, *override.weak))),
        question=override.texts.get("question", control.question),
        gap=override.texts.get("gap", control.gap),
        fix=override.texts.get("fix", control.fix),
        references=tuple(dict.fromkeys((*control.references, *override.references))),
        tags=tuple(dict.fromkeys((*control.tags, *override.tags))),
        changes=(*control.changes, *made),
        disabled=made[0] if override.disable else None,
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(quoted(word) for word in words)


_MECHANISMS: Final = table(
    "group of mechanisms", dict.fromkeys(("weak", "not_weak"), optional(many(mechanism), ()))
)
OVERRIDE: Final = table(
    "override",
    {
        "disable": Field(_only_true, absent=False),
        "severity": optional(word(SEVERITIES), ""),
        "mechanisms": optional(mapping(_MECHANISMS), _MECHANISMS.absent),
        **dict.fromkeys(_TEXTS, Field(text)),
        "references": optional(many(text), ()),
        "tags": optional(many(word(TAGS)), ()),
        "reason": optional(text, ""),
    },
)
_FILE: Final = table("file of overrides", {"overrides": required(by_name(_override), {})})
