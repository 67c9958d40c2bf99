"""`threatmodel demo`: the whole product on a shipped sample, in one command."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.commands.report import write_report
from threatmodel.cli.options import as_of_option, day
from threatmodel.cli.output import colored, emit, say
from threatmodel.resources import resource_dir

SAMPLES = ("tiny", "shop", "clinic", "online-boutique")


@click.command(name="demo")
@click.argument("sample", type=click.Choice(SAMPLES), default="clinic")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("threatmodel-demo.html"),
    show_default=True,
    help="Report to write, HTML or (.md) Markdown.",
)
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@as_of_option
def command(sample: str, output: Path, program: str | None, as_of: str | None) -> None:
    """Check a shipped SAMPLE (tiny, shop, clinic, online-boutique; default clinic) and write its report."""
    import shutil
    import sys

    from threatmodel import api
    from threatmodel.render.terminal import check_text

    path = resource_dir("samples") / sample / "threatmodel.yaml"
    review = api.load(path, api.Library(), day(as_of), shown=f"samples/{sample}/threatmodel.yaml")
    assessment = review.assess()
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    told = assessment._replace(file=str(path))  # the command that it ends with works from here
    emit(check_text(told, width, colored(sys.stdout.isatty()), every=False), None)
    write_report(review, assessment, output, program, None)
    say(f"wrote {output}: open it in a browser")
    say(f"the model is {path}")
