"""The pinned lists of ids that controls may cite: read by `catalog lint` alone, never by a run on a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as Folder

from threatmodel.catalog.controls import Control
from threatmodel.catalog.overlay.overrides import Overrides
from threatmodel.errors import Diagnostic, InputError, did_you_mean, quoted
from threatmodel.source import Document, read
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import many, optional, read_fields, required, table, text

_USAGES = {"ids": "allowed", "discouraged": "discouraged", "prohibited": "prohibited"}
_LIST = table(
    "list of references",
    {
        **dict.fromkeys(("id", "title", "version", "url", "licence"), required(text)),
        "ids": required(many(text), ()),
        "discouraged": optional(many(text), ()),
        "prohibited": optional(many(text), ()),
    },
)


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
        if usage is None:
            help = did_you_mean(name, pinned) or "add it to the list of its source under `references/`"
            message = f"no pinned list has the reference {quoted(name)}"
            yield document.diagnostic("unpinned-reference", message, (*at, i), help)
        else:
            message = f"mapping to {quoted(name)} is {usage} by the list it comes from"
            yield document.diagnostic("discouraged-reference", message, (*at, i), "cite a more exact entry")


def _parse(document: Document) -> dict[str, str]:
    problems = Problems(document)
    raw = read_fields(problems, _LIST, document.root)
    problems.finish()
    return {name: usage for key, usage in _USAGES.items() for name in raw[key]}
