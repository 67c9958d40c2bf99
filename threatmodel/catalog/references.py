"""The pinned lists of ids that controls may cite: read by `catalog lint` alone, never by a run on a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as Folder

from threatmodel.catalog.controls import Control
from threatmodel.catalog.overlay.overrides import Overrides
from threatmodel.catalog.reading import Reader
from threatmodel.errors import Diagnostic, InputError, did_you_mean, quoted
from threatmodel.model import Path
from threatmodel.source import Document, read

_REQUIRED = ("id", "title", "version", "url", "licence", "ids")
_USAGES = {"ids": "allowed", "discouraged": "discouraged", "prohibited": "prohibited"}


def load_references(*folders: Folder) -> Mapping[str, str]:
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


def lint_references(
    controls: Iterable[Control], pinned: Mapping[str, str], overrides: Iterable[Overrides] = ()
) -> Iterator[Diagnostic]:
    """Errors for references that no list has, and for weaknesses that nothing should be mapped to."""
    for control in controls:
        own = control.document.at(("references",))  # what an override adds stands in another file
        cited = control.references[: len(own) if isinstance(own, list) else 1]
        yield from _cited(control.document, ("references",), cited, pinned)
    for file in overrides:
        for entry in file.entries:
            at = ("overrides", entry.control, "references")
            yield from _cited(file.document, at, entry.references, pinned)


def _cited(
    document: Document, at: Path, names: Sequence[str], pinned: Mapping[str, str]
) -> Iterator[Diagnostic]:
    for i, name in enumerate(names):
        usage = pinned.get(name)
        if usage == "allowed":
            continue
        span = document.span((*at, i))
        excerpt = document.excerpt(span.line)
        if usage is None:
            help = did_you_mean(name, pinned) or "add it to the list of its source under `references/`"
            message = f"no pinned list has the reference {quoted(name)}"
            yield Diagnostic("unpinned-reference", message, span, help, excerpt)
        else:
            message = f"mapping to {quoted(name)} is {usage} by the list it comes from"
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
