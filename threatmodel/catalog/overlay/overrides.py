"""What a catalog of a user changes in controls that are there already: read strictly, then applied.

What makes a control find less (disabled, of a lower severity, fewer weak mechanisms) needs a reason. What a
control asks, and where, cannot be changed: that is another control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from threatmodel.catalog.controls import TAGS, Change, Control, read_mechanisms
from threatmodel.catalog.form import placeholders, unfilled
from threatmodel.catalog.reading import Reader
from threatmodel.errors import did_you_mean, quoted
from threatmodel.model import Path
from threatmodel.model.words import SEVERITIES
from threatmodel.source import Document

_TEXTS: Final[tuple[str, ...]] = ("question", "gap", "fix")
_KEYS: Final = ("disable", "severity", "mechanisms", *_TEXTS, "references", "tags", "reason")
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
    reader = Reader(document)
    raw = reader.mapping(document.root, (), ("overrides",), ("overrides",))
    listed = raw.get("overrides")
    entries = reader.mapping(listed, ("overrides",), listed, ()) if isinstance(listed, dict) else {}
    if listed is not None and not isinstance(listed, dict):
        reader.problem("wrong-type", "`overrides` takes a mapping of control ids", ("overrides",))
    found = tuple(_override(reader, name, entry) for name, entry in entries.items())
    reader.finish()
    return Overrides(found, document)


def apply_overrides(overrides: Overrides, catalog: str, controls: Mapping[str, Control]) -> Overridden:
    """The controls as a catalog leaves them; raises InputError for what cannot be applied to them."""
    reader = Reader(overrides.document)
    after = dict(controls)
    changes: list[Change] = []
    for override in overrides.entries:
        at = ("overrides", override.control)
        control = after.get(override.control)
        if control is None:
            help = did_you_mean(override.control, after) or _HELP
            reader.problem("unknown-control", f"no control {quoted(override.control)} to override", at, help)
        elif control.disabled:
            message = f"{quoted(control.id)} is disabled by the catalog {quoted(control.disabled.catalog)}"
            reader.problem("disabled-control", message, at, "take this override out")
        else:
            made = tuple(_changes(reader, override, control, catalog))
            after[control.id] = _changed(control, override, made)
            changes += made
    reader.finish()
    return Overridden(after, tuple(changes))


def _override(reader: Reader, name: str, entry: object) -> Override:
    at: Path = ("overrides", name)
    raw = reader.mapping(entry, at, _KEYS, ())
    mechanisms = reader.mapping(raw.get("mechanisms", {}), (*at, "mechanisms"), ("weak", "not_weak"), ())
    if isinstance(entry, dict) and not set(raw) - {"reason"}:
        help = f"say one of: {', '.join(k for k in _KEYS if k != 'reason')}"
        reader.problem("empty-override", f"the override of {quoted(name)} changes nothing", at, help)
    if "disable" in raw and raw["disable"] is not True:
        help = "leave it out to keep the control"
        reader.problem("wrong-type", "`disable` can only be `true`", (*at, "disable"), help)
    for key in raw:
        if "disable" in raw and key in _KEYS and key not in ("disable", "reason"):
            message = f"`{key}` counts for nothing in a control that is disabled"
            reader.problem("key-without-use", message, (*at, key))
    texts = {key: reader.text(raw[key], (*at, key)) for key in _TEXTS if key in raw}
    for key, text in texts.items():
        if not text and isinstance(raw[key], str | None):
            reader.problem("empty-value", f"`{key}` is empty", (*at, key))
    return Override(
        control=name,
        disable=raw.get("disable") is True,
        severity=reader.choice(raw.get("severity"), (*at, "severity"), SEVERITIES, ""),
        weak=read_mechanisms(reader, mechanisms.get("weak"), (*at, "mechanisms", "weak")),
        not_weak=read_mechanisms(reader, mechanisms.get("not_weak"), (*at, "mechanisms", "not_weak")),
        texts=texts,
        references=reader.words(raw.get("references"), (*at, "references")),
        tags=reader.words(raw.get("tags"), (*at, "tags"), TAGS),
        reason=reader.text(raw.get("reason"), (*at, "reason")),
    )


def _changes(reader: Reader, override: Override, control: Control, catalog: str) -> Iterator[Change]:
    """What an override changes, each with whether less is found from now on; problems go to the reader."""
    at: Path = ("overrides", control.id)
    for key, what, weaker in _differences(reader, override, control):
        if weaker and not override.reason:
            message = f"{quoted(control.id)} would be weaker ({what}): say why"
            reader.problem("missing-reason", message, (*at, key), "add `reason: ...` to this override")
        span = reader.document.span((*at, key))
        yield Change(control.id, catalog, key, what, weaker, override.reason, span)


def _differences(reader: Reader, override: Override, control: Control) -> Iterator[tuple[str, str, bool]]:
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
            reader.problem("unknown-word", message, (*at, "mechanisms", "not_weak"), help)
    if override.not_weak:
        yield "mechanisms", f"no longer weak: {_listed(map(' '.join, override.not_weak))}", True
    for key, text in override.texts.items():
        for name in unfilled(control, text):
            help = did_you_mean(name, placeholders(control))
            message = f"nothing fills the placeholder {quoted('{' + name + '}')}"
            reader.problem("unknown-placeholder", message, (*at, key), help)
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
