"""What a project decides once for all its checks: the thresholds of the gate, catalogs, a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from threatmodel.catalog import LAYERS
from threatmodel.errors import HYGIENE_RULES
from threatmodel.model.words import CONFIDENTIALITY
from threatmodel.source import Document
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import Field, by_name, given, many, optional, read_fields, table, text, word

THRESHOLDS: Final = ("low", "medium", "high", "critical", "never")
"""From which severity on something fails."""

LEVELS: Final = (*CONFIDENTIALITY, "never")
"""From which confidentiality of the data there on a change fails that lets untrusted ground reach them."""

FOUND: Final = "found-threats"
"""What stands for the layer of threats that people found."""

MOST: Final = 1_000_000
"""What one change can cost at most."""

_FREE: Final[Mapping[str, int]] = MappingProxyType({})
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Settings(NamedTuple):
    """A policy file, None or empty where it says nothing; paths are as written in it."""

    fail_on: str | None = None
    fail_on_unknown: str | None = None
    fail_on_reach: str | None = None
    layers: Mapping[str, str] = _NOTHING
    boundaries: Mapping[str, str] = _NOTHING
    frameworks: Mapping[str, str] = _NOTHING
    catalog: str | None = None
    catalogs: tuple[str, ...] = ()
    baseline: str | None = None
    hygiene: Mapping[str, str] = _NOTHING
    costs: Mapping[str, int] = _FREE
    plugins: tuple[str, ...] = ()
    document: Document | None = None


def parse_settings(document: Document) -> Settings:
    """The settings of a policy file; raises InputError with everything that is wrong in it."""
    problems = Problems(document)
    raw = read_fields(problems, _SETTINGS, document.root)
    problems.finish()
    return Settings(document=document, **{key.replace("-", "_"): value for key, value in raw.items()})


def _hygiene(problems: Problems, value: object, at: Path) -> Any:
    """A reading of which notes on a model are on and off; one word stands for all of them."""
    if not isinstance(value, str):
        return _NOTES(problems, value, at)
    chosen = _ON_OFF(problems, value, at)
    return dict.fromkeys(HYGIENE_RULES, chosen) if chosen else None


def _cost(problems: Problems, value: object, at: Path) -> int | None:
    """A reading of what one change costs."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST:
        return value
    problems.refuse("out-of-range", f"a cost is a whole number from 1 to {MOST}", at)
    return None


_ON_OFF: Final = word(("on", "off"))
_NOTES: Final = given(table("group of notes", dict.fromkeys(HYGIENE_RULES, Field(_ON_OFF))))
_THRESHOLD: Final = word(THRESHOLDS)
_LAYERS: Final = table("group of layers", dict.fromkeys((*LAYERS, FOUND), Field(_THRESHOLD)))
_SETTINGS: Final = table(
    "policy",
    {
        "fail-on": optional(_THRESHOLD),
        "fail-on-unknown": optional(_THRESHOLD),
        "fail-on-reach": optional(word(LEVELS)),
        "layers": optional(given(_LAYERS), _NOTHING),
        "boundaries": optional(by_name(_THRESHOLD), _NOTHING),
        "frameworks": optional(by_name(_THRESHOLD), _NOTHING),
        "catalog": optional(text),
        "catalogs": optional(many(text), ()),
        "baseline": optional(text),
        "hygiene": optional(_hygiene, _NOTHING),
        "costs": optional(by_name(_cost), _FREE),  # whether the names exist is known with a catalog only
        "plugins": optional(many(text), ()),
    },
)
