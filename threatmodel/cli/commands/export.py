"""`threatmodel export`: documents for the tools that auditors and compliance teams have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    chosen_frameworks,
    decisions_option,
    framework_option,
    model_argument,
    open_review,
    output_option,
)
from threatmodel.cli.output import emit
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.catalog import Framework

FORMATS = (
    "oscal-catalog",
    "oscal-component-definition",
    "oscal-assessment-results",
    "oscal-poam",
    "oscal-mapping-collection",
    "ciso-assistant",
)


@click.command(name="export")
@click.argument("form", type=click.Choice(FORMATS), metavar="FORMAT")
@model_argument
@framework_option
@catalog_option
@as_of_option
@decisions_option
@output_option
def command(
    form: str,
    model: str | None,
    names: tuple[str, ...],
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Write MODEL as a document for another tool.

    \b
    oscal-catalog               a framework as an OSCAL 1.2.1 catalog
    oscal-component-definition  services and stores, and what each carries out
    oscal-assessment-results    an observation for each row, a finding for each with a gap
    oscal-poam                  an item for each gap that stands against a row
    oscal-mapping-collection    the references of a framework to NIST SP 800-53r5
    ciso-assistant              a framework as CSV for CISO Assistant, results left blank
    """
    from threatmodel.export import ciso, oscal
    from threatmodel.export.dossier import Dossier

    review = open_review(model, as_of, decisions, frameworks=names)
    frameworks = chosen_frameworks(review, names)
    dossier = Dossier(
        review.graph, review.assess(), frameworks, review.library.catalog.controls, review.digest
    )
    if form == "ciso-assistant":
        emit(ciso.write(dossier, _one(frameworks)), output)
    elif form in oscal.OF_FRAMEWORK:
        framework = _one(frameworks)
        document = oscal.OF_FRAMEWORK[form](dossier, framework)
        emit(oscal.write(document, dossier._replace(frameworks=(framework,))), output)
    else:
        emit(oscal.write(oscal.OF_MODEL[form](dossier), dossier), output)


def _one(frameworks: tuple[Framework, ...]) -> Framework:
    if len(frameworks) != 1:
        names = ", ".join(f.id for f in frameworks)
        raise UsageError("this format holds one framework", f"add --framework with one of: {names}")
    return frameworks[0]
