"""Reads catalogs/jurisdictions.yaml: whose law protects personal data as Chapter V of the GDPR asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.errors import Diagnostic, InputError, did_you_mean
from threatmodel.source import Document, read

_TOP: Final = ("checked", "source", "eea", "adequacy")
_DECISION: Final = ("decision", "since", "until", "covers", "except", "note")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


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
    reader = _Reader(read(path, f"{path.parent.name}/{path.name}"))
    top = reader.mapping(reader.document.root, (), _TOP, _TOP)
    eea = top.get("eea")
    countries = eea if isinstance(eea, list) else []
    for i, country in enumerate(countries):
        reader.country(country, ("eea", i))
    decisions = reader.mapping(top.get("adequacy"), ("adequacy",), None, ())
    adequacy = {country: reader.decision(country, raw) for country, raw in decisions.items()}
    found = Jurisdictions(
        reader.date(top, (), "checked") or "",
        reader.text(top, (), "source") or "",
        frozenset(c for c in countries if isinstance(c, str)),
        adequacy,
    )
    if reader.problems:
        raise InputError(tuple(reader.problems))
    return found


class _Reader:
    """The document and what was found wrong in it so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Diagnostic] = []

    def problem(self, code: str, message: str, at: tuple[str | int, ...], help: str = "") -> None:
        span = self.document.span(at)
        self.problems.append(Diagnostic(code, message, span, help, self.document.excerpt(span.line)))

    def mapping(
        self,
        value: object,
        at: tuple[str | int, ...],
        known: tuple[str, ...] | None,
        required: tuple[str, ...],
    ) -> dict[str, object]:
        if not isinstance(value, dict):
            self.problem("wrong-type", "a mapping is needed here", at)
            return {}
        for key in value:
            if known is not None and key not in known:
                self.problem("unknown-key", f"unknown key `{key}`", (*at, key), did_you_mean(key, known))
        for key in required:
            if value.get(key) is None:
                self.problem("missing-key", f"`{key}` is missing", at)
        return value

    def decision(self, country: str, raw: object) -> Adequacy:
        at = ("adequacy", country)
        self.country(country, at)
        values = self.mapping(raw, at, _DECISION, ("decision", "since"))
        return Adequacy(
            country,
            self.text(values, at, "decision") or "",
            self.date(values, at, "since") or "",
            self.date(values, at, "until"),
            self.text(values, at, "covers"),
            self.text(values, at, "except"),
            self.text(values, at, "note"),
        )

    def country(self, value: object, at: tuple[str | int, ...]) -> None:
        if not (isinstance(value, str) and _COUNTRY.fullmatch(value)):
            self.problem("unknown-word", "a country is two capital letters of ISO 3166", at)

    def text(self, values: Mapping[str, object], at: tuple[str | int, ...], key: str) -> str | None:
        value = values.get(key)
        if value is None or isinstance(value, str):
            return value
        self.problem("wrong-type", f"`{key}` must be a text", (*at, key), "put it in quotes")
        return None

    def date(self, values: Mapping[str, object], at: tuple[str | int, ...], key: str) -> str | None:
        value = self.text(values, at, key)
        if value is not None and not _DATE.fullmatch(value):
            self.problem("wrong-type", f"`{key}` must be a date", (*at, key), "write it as YYYY-MM-DD")
            return None
        return value
