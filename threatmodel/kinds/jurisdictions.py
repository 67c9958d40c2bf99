"""Reads catalogs/jurisdictions.yaml: whose law protects personal data as Chapter V of the GDPR asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.source import read
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    by_name,
    date,
    many,
    mapping,
    optional,
    read_fields,
    required,
    table,
    text,
)

_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class Adequacy(NamedTuple):
    """A decision of the Commission on one country; with `covers` it is for some recipients only.

    `leaves_out` is what it does not cover though the country counts, `note` what else to know of it, such as
    what is uncertain about its entry in the list.
    """

    country: str
    decision: str
    since: str
    until: str | None
    covers: str | None
    leaves_out: str | None = None
    note: str | None = None

    def in_force(self, day: str) -> bool:
        """Whether it counts on a day (ISO date)."""
        return self.since <= day and not (self.until and self.until < day)


class Jurisdictions(NamedTuple):
    """The EEA with the territories of its members, and the decisions by country, as on the day `checked`."""

    checked: str
    source: str
    eea: frozenset[str]
    adequacy: Mapping[str, Adequacy]

    def protection(self, country: str, day: str) -> str:
        """`eea`, `adequate` (the whole country, on that day) or `other`."""
        if country in self.eea:
            return "eea"
        found = self.adequacy.get(country)
        return "adequate" if found and not found.covers and found.in_force(day) else "other"


NO_JURISDICTIONS: Final = Jurisdictions("", "", frozenset(), {})
"""Knows no country: everything is `other`, so every transfer asks for a mechanism."""


def load_jurisdictions(path: Path) -> Jurisdictions:
    """The jurisdictions of a file; raises InputError with every problem in it."""
    document = read(path, f"{path.parent.name}/{path.name}")
    problems = Problems(document)
    raw = read_fields(problems, _JURISDICTIONS, document.root)
    for name in raw["adequacy"]:
        _country(problems, name, ("adequacy", name))
    problems.finish()
    adequacy = {
        name: Adequacy(name, leaves_out=found.pop("except"), **found)
        for name, found in raw.pop("adequacy").items()
    }
    return Jurisdictions(eea=frozenset(raw.pop("eea")), adequacy=adequacy, **raw)


def _country(problems: Problems, value: object, at: tuple[int | str, ...]) -> str | None:
    """A reading of a country, or of the Union."""
    if isinstance(value, str) and _COUNTRY.fullmatch(value):
        return value
    problems.refuse("unknown-word", "a country is two capital letters of ISO 3166", at)
    return None


_ADEQUACY: Final = table(
    "decision",
    {
        "decision": required(text),
        "since": required(date),
        "until": optional(date),
        "covers": optional(text),
        "except": optional(text),
        "note": optional(text),
    },
)
_JURISDICTIONS: Final = table(
    "list of jurisdictions",
    {
        "checked": required(date),
        "source": required(text),
        "eea": required(many(_country), ()),
        "adequacy": required(by_name(mapping(_ADEQUACY)), {}),
    },
)
