"""`threatmodel report`: diagram, gaps, questions and matrices in one HTML or Markdown file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    decisions_option,
    model_argument,
    open_review,
    settings_of,
)
from threatmodel.cli.output import emit, say, tell
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.render.report import Beyond
    from threatmodel.results import Assessment


_ROWS = 40


@click.command(name="report")
@model_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("threatmodel-report.html"),
    show_default=True,
    help="File to write, HTML or (.md) Markdown.",
)
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@click.option(
    "--templates", type=click.Path(path_type=Path, file_okay=False), help="Folder of templates that win."
)
@catalog_option
@as_of_option
@decisions_option
def command(
    model: str | None,
    output: Path,
    program: str | None,
    templates: Path | None,
    as_of: str | None,
    decisions: Path | None,
) -> None:
    """Write the whole report of MODEL: diagram, ranked gaps, questions and matrices."""
    is_markdown(output)
    settings = settings_of(model)
    review = open_review(model, as_of, decisions, settings)
    assessment = review.assess()._replace(notes=review.notes(settings.hushed()))
    tell(assessment.warnings)
    write_report(review, assessment, output, program, templates)
    say(f"wrote {output}")


def write_report(
    review: Review, assessment: Assessment, output: Path, program: str | None, templates: Path | None
) -> None:
    """Writes one report file; without a layout program the HTML holds the Mermaid text and says so."""
    from threatmodel.render.diagram.diagram import dot_text, mermaid_text
    from threatmodel.render.report import report_html, report_markdown

    mermaid, beyond = mermaid_text(review.graph, assessment), _beyond(review, assessment)
    if is_markdown(output):
        emit(report_markdown(assessment, review.graph, mermaid, templates, beyond), output)
        return
    svg = drawn(program, dot_text(review.graph, assessment), len(review.graph.flows))
    emit(report_html(assessment, review.graph, svg, mermaid, templates, beyond), output)


def is_markdown(output: Path) -> bool:
    """Whether a report file is Markdown rather than HTML; raises UsageError where its name says neither."""
    ending = output.suffix.lower()
    if ending not in ("", ".html", ".htm", ".md", ".markdown"):
        help = "name it .html, and print that from a browser" if ending == ".pdf" else "name it .html or .md"
        raise UsageError(f"a report is HTML or Markdown, not `{ending}`", help)
    return ending in (".md", ".markdown")


def _beyond(review: Review, assessment: Assessment) -> Beyond:
    """What the report tells besides the assessment."""
    from threatmodel.graph.data_at_stake import stakes
    from threatmodel.render.report import Beyond

    defence, derived = review.defence(), review.threats()
    sensitive = defence.sensitive_data
    return Beyond(
        depths=defence.depths(),
        stakes=stakes(review.graph, sensitive),
        protections=tuple(review.protection(data) for data in sensitive),
        threats=(derived.tables(derived.columns, _ROWS), derived.found(assessment)),
    )


def drawn(program: str | None, dot: str, flows: int) -> str | None:
    """The picture, or None after saying why there is none."""
    from threatmodel.render.diagram.drawing import draw

    try:
        return draw(dot, "svg", program, flows=flows).decode()
    except UsageError as error:
        say(f"warning: no picture: {error}; the report gives the diagram as Mermaid and DOT text")
        return None
