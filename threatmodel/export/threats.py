"""Threats by subject in their formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from threatmodel.export.assessment import threats_to_json
from threatmodel.export.screen import Screen
from threatmodel.render import threats as render
from threatmodel.results import ReportedThreat, ThreatResult, ThreatTable


class ThreatView(NamedTuple):
    """The threats of a model: its name, the day, and what is computed only for the formats that show it.

    `single` asks for each threat with the controls behind it in place of `tables`, of at most `rows` rows.
    """

    name: str
    as_of: str
    results: Callable[[], Iterable[ThreatResult]]
    tables: Callable[[int | None], tuple[ThreatTable, ...]]
    found: tuple[ReportedThreat, ...]
    single: bool = False
    rows: int | None = None
    screen: Screen = Screen()


def text(threats: ThreatView) -> str:
    """Tables for people, or single threats with what is behind them."""
    if threats.single:
        return render.results_text(tuple(threats.results()), threats.found, *threats.screen)
    tables = threats.tables(threats.rows)
    return render.threats_text((threats.name, threats.as_of), tables, threats.found, *threats.screen)


def markdown(threats: ThreatView) -> str:
    """Whole tables for a page."""
    return render.threats_markdown((threats.name, threats.as_of), threats.tables(None), threats.found)


def csv(threats: ThreatView) -> str:
    """A threat to a subject a row."""
    return render.threats_csv(tuple(threats.results()))


def json(threats: ThreatView) -> str:
    """Every threat as JSON, versioned."""
    return threats_to_json(threats.name, threats.as_of, threats.results(), threats.found)
