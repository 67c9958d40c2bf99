"""`threatmodel gdpr`: the records that the GDPR asks for, made from the model."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import open_review
from threatmodel.cli.record_options import record_options, write_record


@click.group(name="gdpr")
def command() -> None:
    """Make the records that the GDPR asks for from a model.

    Every cell says in which file and line it is written; what is missing is listed as questions.
    """


@command.command(name="record")
@record_options
def record(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """The record of processing activities of MODEL (Article 30)."""
    from threatmodel.records import processing_record

    review = open_review(model, as_of, decisions)
    write_record(processing_record(review.graph, review.assess()), form, model, output)


@command.command(name="transfers")
@record_options
def transfers_(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """Every way on which personal data of MODEL leave the EEA (Articles 44 to 49)."""
    from threatmodel.records import transfers

    write_record(transfers(open_review(model, as_of, decisions).graph), form, model, output)


@command.command(name="rights")
@record_options
def rights(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """Which copies of personal data in MODEL each right reaches (Articles 15 to 21 and 7(3))."""
    from threatmodel.records import rights_record

    write_record(rights_record(open_review(model, as_of, decisions).graph), form, model, output)


@command.command(name="dpia")
@record_options
def dpia(
    model: str | None, form: str, as_of: str | None, decisions: Path | None, output: Path | None
) -> None:
    """The triggers of an impact assessment that MODEL shows (Article 35)."""
    from threatmodel.records import screening

    write_record(screening(open_review(model, as_of, decisions).graph), form, model, output)
