"""`threatmodel threats`: STRIDE and LINDDUN by element and flow, as they follow from the controls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import as_of_option, catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit, screen
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.model.words import THREAT_CATEGORIES

if TYPE_CHECKING:
    from threatmodel.evaluate.threats.derived import Threats
    from threatmodel.results import ReportedThreat

_ROWS = 25


@click.command(name="threats")
@model_argument
@format_option("threats")
@click.option(
    "--element",
    "elements",
    multiple=True,
    metavar="ID",
    help="Only threats to this element, flow or other subject, such as `data:order` (repeatable).",
)
@click.option(
    "--threat",
    "threats",
    multiple=True,
    metavar="THREAT",
    help="Only this threat, such as `spoofing` (repeatable).",
)
@click.option("--all", "every", is_flag=True, help="Show every row of long tables.")
@as_of_option
@catalog_option
@output_option
def command(
    model: str | None,
    form: str,
    elements: tuple[str, ...],
    threats: tuple[str, ...],
    every: bool,
    as_of: str | None,
    output: Path | None,
) -> None:
    """Show the STRIDE and LINDDUN threats of MODEL by subject, and the threats that people found.

    A threat is open where a control that counters it is a gap, else unknown where one is unknown, else
    mitigated where one is in place. With --element or --threat each is listed with the controls behind it.
    """
    from threatmodel.export.threats import ThreatView

    chosen = chosen_format("threats", form, model)
    review = open_review(model, as_of)
    derived = review.threats()
    _check(derived, elements, threats)
    assessment = review.assess(frameworks=False)
    columns = derived.only(elements, threats)
    shown = ThreatView(
        assessment.name,
        assessment.as_of,
        lambda: derived.results(columns),
        lambda rows: derived.tables(columns, rows),
        _about(derived.found(assessment), elements, threats),
        single=bool(elements or threats),
        rows=None if every else _ROWS,
        screen=screen(output),
    )
    emit(chosen.write(shown), output)


def _check(derived: Threats, elements: tuple[str, ...], threats: tuple[str, ...]) -> None:
    """Raises UsageError for the first subject or threat that does not exist, with the nearest one."""
    if elements:
        from threatmodel.results import subject_key

        known = {subject_key(c.subject_kind, name) for c in derived.columns for name in c.ids}
        for name in elements:
            if name not in known:
                raise UsageError(f"no element, flow or other subject `{name}`", did_you_mean(name, known))
    for name in threats:
        if name not in THREAT_CATEGORIES:
            help = did_you_mean(name, THREAT_CATEGORIES) or f"there are: {', '.join(THREAT_CATEGORIES)}"
            raise UsageError(f"no threat `{name}`", help)


def _about(
    found: tuple[ReportedThreat, ...], elements: tuple[str, ...], threats: tuple[str, ...]
) -> tuple[ReportedThreat, ...]:
    """The found threats against these subjects and of these categories, where any are named."""
    return tuple(
        f
        for f in found
        if (not elements or set(elements) & set(f.against)) and (not threats or set(threats) & set(f.threats))
    )
