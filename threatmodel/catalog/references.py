"""The pinned lists of ids that controls may cite: read by `catalog lint` alone, never by a run on a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from threatmodel.catalog.controls import Control
from threatmodel.catalog.reading import Reader
from threatmodel.errors import Diagnostic, InputError, did_you_mean
from threatmodel.source import Document, read

_REQUIRED = ("id", "title", "version", "url", "licence", "ids")
_USAGES = {"ids": "allowed", "discouraged": "discouraged", "prohibited": "prohibited"}


def load_references(*folders: Path) -> Mapping[str, str]:
    """What each id of `references/*.yaml` in these folders may be used for; raises InputError.

    The words are `allowed`, `discouraged` and `prohibited`, as the list itself says of mapping to an entry.
    """
    found: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for folder in dict.fromkeys(folders):
        for path in sorted(folder.glob("references/*.yaml")):
            try:
                found |= _parse(read(path, path.relative_to(folder.parent).as_posix()))
            except InputError as error:
                problems += error.diagnostics
    if problems:
        raise InputError(tuple(problems))
    return found


def lint_references(controls: Iterable[Control], pinned: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Errors for references that no list has, and for weaknesses that nothing should be mapped to."""
    for control in controls:
        for i, name in enumerate(control.references):
            usage = pinned.get(name)
            if usage == "allowed":
                continue
            span = control.document.span(("references", i))
            excerpt = control.document.excerpt(span.line)
            if usage is None:
                help = did_you_mean(name, pinned) or "add it to the list of its source under `references/`"
                message = f"no pinned list has the reference `{name}`"
                yield Diagnostic("unpinned-reference", message, span, help, excerpt)
            else:
                message = f"mapping to `{name}` is {usage} by the list it comes from"
                help = "cite a more exact entry"
                yield Diagnostic("discouraged-reference", message, span, help, excerpt)


def _parse(document: Document) -> dict[str, str]:
    reader = Reader(document)
    raw = reader.mapping(document.root, (), (*_REQUIRED, "discouraged", "prohibited"), _REQUIRED)
    for key in ("id", "title", "version", "url", "licence"):
        reader.text(raw.get(key), (key,))
    found = {name: usage for key, usage in _USAGES.items() for name in reader.words(raw.get(key), (key,))}
    reader.finish()
    return found
