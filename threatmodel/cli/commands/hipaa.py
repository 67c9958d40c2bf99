"""`threatmodel hipaa`: the records that HIPAA asks for, made from the model."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import open_review
from threatmodel.cli.record_options import record_options, write_record


@click.group(name="hipaa")
def command() -> None:
    """Make the records that HIPAA asks for from a model.

    Every cell says in which file and line it is written; what is missing is listed as questions.
    """


@command.command(name="associates")
@record_options
def associates_(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """Every party that PHI of MODEL reach, with the agreement that covers it (164.308(b), 164.504(e))."""
    from threatmodel.records import associates

    write_record(associates(open_review(model, as_of, decisions).graph), form, model, output)


@command.command(name="decisions")
@record_options
def decisions_(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """What was decided on each addressable specification for MODEL (164.306(d)(3))."""
    from threatmodel.records import addressable_record

    review = open_review(model, as_of, decisions)
    write_record(addressable_record(review.assess(), review.decisions), form, model, output)


@command.command(name="minimum-necessary")
@record_options
def minimum_necessary_(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """The PHI in MODEL that somebody is sent beyond what they need (164.502(b))."""
    from threatmodel.records import minimum_necessary

    write_record(minimum_necessary(open_review(model, as_of, decisions).graph), form, model, output)


@command.command(name="disclosures")
@record_options
def disclosures_(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """The ways on which PHI of MODEL leave, and which the accounting lists (164.528)."""
    from threatmodel.records import disclosures

    write_record(disclosures(open_review(model, as_of, decisions).graph), form, model, output)
