"""`threatmodel threats`: STRIDE and LINDDUN by element and flow, as they follow from the controls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import as_of_option, catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit
from threatmodel.cli.path_options import show
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.model.words import THREAT_CATEGORIES

if TYPE_CHECKING:
    from threatmodel.evaluate.threats.derived import Threats
    from threatmodel.results import FoundThreat

_ROWS = 25


@click.command(name="threats")
@model_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "csv", "json"]),
    default="text",
    help="Default: text.",
)
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
    from threatmodel.render import threats as written
    from threatmodel.results.write import threats_to_json

    review = open_review(model, as_of)
    derived = review.threats()
    _check(derived, elements, threats)
    assessment = review.assess(frameworks=False)
    columns, chosen = derived.only(elements, threats), bool(elements or threats)
    found = _about(derived.found(assessment), elements, threats)
    head = (assessment.name, assessment.as_of)
    if form == "csv":
        emit(written.threats_csv(tuple(derived.results(columns))), output)
    elif form == "json":
        emit(threats_to_json(*head, derived.results(columns), found), output)
    elif form == "markdown":
        emit(written.threats_markdown(head, derived.tables(columns), found), output)
    elif chosen:
        results = tuple(derived.results(columns))
        show(lambda width, color: written.results_text(results, found, width, color), output)
    else:
        tables = derived.tables(columns, None if every else _ROWS)
        show(lambda width, color: written.threats_text(head, tables, found, width, color), output)


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
    found: tuple[FoundThreat, ...], elements: tuple[str, ...], threats: tuple[str, ...]
) -> tuple[FoundThreat, ...]:
    """The found threats against these subjects and of these categories, where any are named."""
    return tuple(
        f
        for f in found
        if (not elements or set(elements) & set(f.against)) and (not threats or set(threats) & set(f.threats))
    )
