"""The catalogs behind an assessment in words: what those of a user weaken, and the editions of all.

The sentences have user text in backticks, as messages do; each writer escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.render.text.wording import counted


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


def editions(catalogs: Iterable[Edition]) -> str:
    """Every catalog with its version and the beginning of its digest; nothing for none."""
    found = [f"{edition_name(e)} ({e.short})" for e in catalogs]
    return f"catalog{'s' * (len(found) > 1)}: {', '.join(found)}" if found else ""


def edition_name(edition: Edition) -> str:
    """Name and version of a catalog."""
    return f"{edition.name} {edition.version}" if edition.version else edition.name
