"""Where output goes: results to stdout or to a file written whole, everything else to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from threatmodel.errors import Diagnostic, InputError, InternalError, ThreatModelError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def colored(stream_is_terminal: bool) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return stream_is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def emit(content: str | bytes, target: Path | None) -> None:
    """Writes a result: to `target` whole or not at all, to stdout when None."""
    data = content.encode() if isinstance(content, str) else content
    if target is None:
        _print(data)
        return
    try:
        _replace(target, data)
    except OSError as error:
        raise UsageError(f"cannot write `{target}`: {(error.strerror or str(error)).lower()}") from None


def say(text: str) -> None:
    """A line for the person at the keyboard, on stderr."""
    click.echo(text, err=True)


def tell(diagnostics: tuple[Diagnostic, ...]) -> None:
    """Diagnostics with their excerpts, on stderr."""
    from threatmodel.render.terminal import diagnostics_text

    if diagnostics:
        click.echo(
            diagnostics_text(diagnostics, color=colored(sys.stderr.isatty())), err=True, nl=False, color=True
        )


def fail(error: Exception) -> int:
    """Shows a failure and gives its exit status."""
    match error:
        case InputError(diagnostics=diagnostics):
            tell(diagnostics)
            count = sum(d.level == "error" for d in diagnostics)
            say(f"{count} error{'s' * (count != 1)}")
            return 2
        case UsageError():
            say(f"error: {error}")
            if error.help:
                say(f"help: {error.help}")
            return 2
        case InternalError() | ThreatModelError():
            say(f"internal error: {error}")
            return 3
        case _:
            say(f"internal error: {type(error).__name__}: {error}")
            say("help: this is a fault of threatmodel: please report it")
            say("help: THREATMODEL_TRACEBACK=1 in the environment shows where it happened")
            if os.environ.get("THREATMODEL_TRACEBACK"):
                raise error
            return 3


def _print(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # whoever reads has enough: no failure
    except OSError as error:
        raise UsageError(f"cannot write to stdout: {(error.strerror or str(error)).lower()}") from None


def _replace(target: Path, data: bytes) -> None:
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
