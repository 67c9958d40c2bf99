"""Where output goes: results to stdout or to a file written whole, everything else to stderr."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.errors import Diagnostic, InputError, InternalError, ThreatModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threatmodel.api.gate import Refusal
    from threatmodel.cli.inputs import Role
    from threatmodel.export.screen import Screen
    from threatmodel.results import Note


def colored(stream_is_terminal: bool) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return stream_is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def screen(output: Path | None) -> Screen:
    """The screen for a text that goes to `output`: at most 120 columns, and colours on a terminal only."""
    import shutil

    from threatmodel.export.screen import Screen

    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    return Screen(width, output is None and colored(sys.stdout.isatty()))


def emit(content: str | bytes, target: Path | None, replaces: Role | None = None) -> None:
    """Writes a result: to `target` whole or not at all, to stdout when None.

    Links are followed, a file that is there keeps its permissions, and a device or a pipe is written into.
    Raises UsageError where that is not possible, and for a file that this run reads in another role than
    `replaces`.
    """
    from threatmodel.cli.inputs import refuse_inputs

    # the name of a folder may hold bytes that are no UTF-8; JSON reads their escapes, other formats show them
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    if target is None:
        _print(data)
        return
    refuse_inputs([target], replaces)
    try:
        _write(target, data)
    except OSError as error:
        raise UsageError(f"cannot write `{target}`: {(error.strerror or str(error)).lower()}") from None


def say(text: str) -> None:
    """A line for the person at the keyboard, on stderr."""
    click.echo(text, err=True)


def tell(found: Iterable[Note | Diagnostic]) -> None:
    """Diagnostics with their excerpts, on stderr."""
    from threatmodel.render.terminal import diagnostics_text
    from threatmodel.render.text.notes import diagnostics

    if texts := diagnostics(found):
        click.echo(
            diagnostics_text(texts, color=colored(sys.stderr.isatty())), err=True, nl=False, color=True
        )


def say_why(refusals: Iterable[Refusal]) -> None:
    """A line on stderr for each threshold that refused something, with what it refused."""
    from threatmodel.render.gate import refusal_text

    for refusal in refusals:
        say(refusal_text(*refusal))


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


def _write(target: Path, data: bytes) -> None:
    found = _status(target)
    if found and _is_stdout(found):
        _print(data)  # under another name, such as /dev/stdout: what stands there already stays
    elif found and not stat.S_ISREG(found.st_mode):
        with target.open("wb") as stream:
            stream.write(data)
    else:
        _replace(Path(os.path.realpath(target)), data, found)


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _is_stdout(found: os.stat_result) -> bool:
    try:
        return os.path.samestat(found, os.fstat(1))
    except OSError:  # stdout is closed
        return False


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    import errno
    import tempfile

    # whoever may write into the folder could replace the file: what is marked as read-only stays all the same
    if before and not (before.st_mode & 0o222 and os.access(target, os.W_OK)):
        raise PermissionError(errno.EACCES, "the file is read-only")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if before:
            _give_away(name, before)
        Path(name).chmod(stat.S_IMODE(before.st_mode) if before else _mode_of_new())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def _give_away(name: str, before: os.stat_result) -> None:
    """Gives a new file the owner and the group of the one that it replaces, as far as the system lets us."""
    with suppress(PermissionError):
        os.chown(name, -1, before.st_gid)
        os.chown(name, before.st_uid, -1)


def _mode_of_new() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
