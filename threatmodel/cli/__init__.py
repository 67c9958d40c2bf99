"""The command line: one module per command, imported only when its command runs."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
from typing import NoReturn

import click

from threatmodel._version import __version__
from threatmodel.cli.output import fail

_COMMANDS = {
    "check": "Check a model: a ranked gap list and the open questions.",
    "diff": "Say what a change does to security: two files, folders or git revisions.",
    "report": "Write the whole report: one HTML file or one Markdown file.",
    "diagram": "Draw the model: SVG, PNG, DOT or Mermaid.",
    "matrix": "Print the GDPR and HIPAA control matrices.",
    "gdpr": "Make the GDPR's records: processing, transfers, rights, impact screening.",
    "hipaa": "Make HIPAA's records: associates, decisions, minimum necessary, disclosures.",
    "export": "Write OSCAL documents, or CSV for CISO Assistant.",
    "explain": "Explain a verdict, a control, an element or a requirement.",
    "threats": "Show STRIDE and LINDDUN threats by element: open, unknown, mitigated.",
    "prove": "Write the proof of every verdict, for `verify` or an auditor to check.",
    "verify": "Check a proof against a model, by an evaluation of its own.",
    "paths": "Show the weakest paths, and the layers of defence before what matters.",
    "reach": "Show what a compromised element gives away, or what gives it away.",
    "lineage": "Show where data and what is made of them move and stay.",
    "fix": "Plan the cheapest work that closes gaps, and write it down as planned.",
    "what-if": "Say what a change would do to security, without touching the file.",
    "import": "Write a model from a diagram in a foreign format.",
    "init": "Write a commented model to start from.",
    "demo": "Check a sample and write its report.",
    "schema": "Print the JSON Schema of the model file, for editors.",
    "catalog": "List, show, lint and test the controls.",
    "history": "Show gaps and unknowns over the commits of a model: table or chart.",
    "baseline": "Write down the gaps that are known: create, update, prune.",
    "waive": "Decide to live with a gap: reason, owner and end, in decisions.yaml.",
    "fmt": "Lay model and decisions files out in canonical order and style.",
    "config": "Show the settings that count, and where each comes from.",
    "completion": "Print the completion script of a shell.",
}


class _Lazy(click.Group):
    """Knows every command's name and summary; imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name.replace("-", "_")
        module = importlib.import_module(f"threatmodel.cli.commands.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from threatmodel.errors import did_you_mean

            near = did_you_mean(args[0], _COMMANDS)
            raise click.UsageError(f"no command `{args[0]}`" + (f"; {near}" if near else ""), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="threatmodel", message="%(prog)s %(version)s")
def cli() -> None:
    """Threat models and compliance evidence, kept as code.

    \b
    threatmodel init                 a commented model to start from
    threatmodel check MODEL.yaml     what is missing, ranked, with places and fixes
    threatmodel report MODEL.yaml    diagram, gaps, questions and matrices in one file

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 invalid input or usage, 3 internal error.
    """


def main() -> NoReturn:
    """Runs the command line; every failure ends in a message and the documented exit status."""
    gc.disable()  # a command makes many values, no cycles, and soon ends
    status = _run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    os._exit(status)  # taking a large model apart, value by value, would cost a tenth of the whole check


def _run() -> int:
    try:
        # click gives the status of an Exit back instead of raising it
        status = cli.main(
            prog_name="threatmodel", complete_var="_THREATMODEL_COMPLETE", standalone_mode=False
        )
        return int(status or 0)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except BrokenPipeError:
        return 0
    except SystemExit as done:
        return int(done.code or 0)
    except Exception as error:
        return fail(error)
