"""What a project decides once for all its checks: the thresholds of the gate, catalogs, a baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from threatmodel.catalog import LAYERS
from threatmodel.catalog.reading import Reader
from threatmodel.errors import HYGIENE_RULES
from threatmodel.model.words import CONFIDENTIALITY
from threatmodel.source import Document

THRESHOLDS: Final = ("low", "medium", "high", "critical", "never")
"""From which severity on something fails."""

LEVELS: Final = (*CONFIDENTIALITY, "never")
"""From which confidentiality of the data there on a change fails that lets untrusted ground reach them."""

FOUND: Final = "found-threats"
"""What stands for the layer of threats that people found."""

MOST: Final = 1_000_000
"""What one change can cost at most."""

_GATE: Final = ("fail-on", "fail-on-unknown", "fail-on-reach", "layers", "boundaries", "frameworks")
_KEYS: Final = (*_GATE, "catalog", "catalogs", "baseline", "hygiene", "costs", "plugins")
_ON_OFF: Final = ("on", "off")
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
    reader = Reader(document)
    raw = reader.mapping(document.root, (), _KEYS, ())
    settings = Settings(
        fail_on=_threshold(reader, raw, "fail-on"),
        fail_on_unknown=_threshold(reader, raw, "fail-on-unknown"),
        fail_on_reach=reader.choice(raw.get("fail-on-reach"), ("fail-on-reach",), LEVELS, "") or None,
        layers=_thresholds(reader, raw, "layers", (*LAYERS, FOUND)),
        boundaries=_thresholds(reader, raw, "boundaries", None),
        frameworks=_thresholds(reader, raw, "frameworks", None),
        catalog=reader.text(raw.get("catalog"), ("catalog",)) or None,
        catalogs=reader.words(raw.get("catalogs"), ("catalogs",)),
        baseline=reader.text(raw.get("baseline"), ("baseline",)) or None,
        hygiene=_hygiene(reader, raw),
        costs=_costs(reader, raw.get("costs")),
        plugins=reader.words(raw.get("plugins"), ("plugins",)),
        document=document,
    )
    reader.finish()
    return settings


def _hygiene(reader: Reader, raw: Mapping[str, object]) -> dict[str, str]:
    """Which notes on a model are on and off; one word stands for all of them."""
    given = raw.get("hygiene")
    if isinstance(given, str):
        word = reader.choice(given, ("hygiene",), _ON_OFF, "on")
        return dict.fromkeys(HYGIENE_RULES, word)
    chosen = reader.mapping({} if given is None else given, ("hygiene",), HYGIENE_RULES, ())
    return {name: reader.choice(word, ("hygiene", name), _ON_OFF, "on") for name, word in chosen.items()}


def _threshold(reader: Reader, raw: Mapping[str, object], key: str) -> str | None:
    return reader.choice(raw.get(key), (key,), THRESHOLDS, "") or None


def _costs(reader: Reader, found: object) -> dict[str, int]:
    """What changes cost, by control, layer or level; whether these exist is known with a catalog only."""
    if found is None:
        return {}
    given = reader.mapping(found, ("costs",), found if isinstance(found, dict) else (), ())
    costs: dict[str, int] = {}
    for name, value in given.items():
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST:
            costs[name] = value
        else:
            message = f"a cost is a whole number from 1 to {MOST}"
            reader.problem("out-of-range", message, ("costs", name))
    return costs


def _thresholds(
    reader: Reader, raw: Mapping[str, object], key: str, known: Collection[str] | None
) -> dict[str, str]:
    if raw.get(key) is None:
        return {}
    found = raw[key]
    names = known if known is not None else found if isinstance(found, dict) else ()
    given = reader.mapping(found, (key,), names, ())
    chosen = {name: reader.choice(value, (key, name), THRESHOLDS, "") for name, value in given.items()}
    return {name: word for name, word in chosen.items() if word}
