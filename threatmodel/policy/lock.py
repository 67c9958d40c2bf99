"""The lock file of a project: which edition of each catalog its checks use, so that none changes unseen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic, InputError, quoted
from threatmodel.source import Document
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import kept, listed, mapping, optional, read_fields, required, table, text

_VERSION: Final = 1
_HEAD: Final = """\
# Written by `threatmodel catalog lock`; commit it. `check` and `diff` stop when a catalog differs.
"""
_HELP: Final = "look at what changed in it, then run `threatmodel catalog lock`"


class Locked(NamedTuple):
    """One catalog as the lock file has it."""

    name: str
    version: str
    digest: str


class Lock(NamedTuple):
    """The locked catalogs, in the order in which they are laid over each other."""

    catalogs: tuple[Locked, ...]
    document: Document


_LOCKED: Final = table(
    "catalog", {"name": required(text, ""), "version": optional(text, ""), "digest": required(text, "")}
)
_LOCK: Final = table(
    "lock file",
    {"threatmodel-lock": required(kept), "catalogs": required(listed(mapping(_LOCKED)), ())},
)


def lock_text(editions: Iterable[Edition]) -> str:
    """The text of the lock file for these editions."""
    rows = (
        ", ".join(f"{key}: {_word(getattr(edition, key))}" for key in Locked._fields) for edition in editions
    )
    return f"{_HEAD}threatmodel-lock: {_VERSION}\ncatalogs:\n" + "".join(f"  - {{{row}}}\n" for row in rows)


def parse_lock(document: Document) -> Lock:
    """The lock file; raises InputError with everything that is wrong in it."""
    problems = Problems(document)
    raw = read_fields(problems, _LOCK, document.root)
    if raw["threatmodel-lock"] not in (None, _VERSION):
        message = f"this program reads version {_VERSION} of the lock file"
        problems.add("unsupported-version", message, ("threatmodel-lock",), _HELP)
    problems.finish()
    return Lock(tuple(Locked(**one) for one in raw["catalogs"]), document)


def check_lock(lock: Lock, editions: Iterable[Edition]) -> None:
    """Raises InputError with a problem for each catalog that is not as it is locked."""
    problems = tuple(_problems(lock, tuple(editions)))
    if problems:
        raise InputError(problems)


def _problems(lock: Lock, used: tuple[Edition, ...]) -> Iterator[Diagnostic]:
    by_name = {edition.name: edition for edition in used}
    for i, locked in enumerate(lock.catalogs):
        edition = by_name.get(locked.name)
        if edition is None:
            message = f"the catalog {quoted(locked.name)} is locked, but not used here"
            yield _problem(lock, ("catalogs", i), message)
        elif edition.digest != locked.digest:
            versions = f"{_named(locked)} is locked, {_named(edition)} is used"
            message = f"the catalog {quoted(locked.name)} is not the one that is locked: {versions}"
            yield _problem(lock, ("catalogs", i), message)
    names = [locked.name for locked in lock.catalogs]
    for edition in used:
        if edition.name not in names:
            yield _problem(lock, ("catalogs",), f"the catalog {quoted(edition.name)} is used, but not locked")
    if sorted(names) == sorted(by_name) and names != list(by_name):
        message = "the catalogs are laid over each other in another order than is locked"
        yield _problem(lock, ("catalogs",), message)


def _problem(lock: Lock, at: Path, message: str) -> Diagnostic:
    return lock.document.diagnostic("locked-catalog", message, at, _HELP)


def _named(one: Locked | Edition) -> str:
    digest = one.digest.removeprefix("sha256:")[:12]
    return f"{quoted(one.version)} ({digest})" if one.version else digest


def _word(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
