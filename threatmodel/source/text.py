"""Gets the text of a file within limits, and refuses characters that would shift or hide places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.errors import Diagnostic, InputError, Span, quoted

_BOM: Final = "\ufeff"
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_OURS: Final = "<<<<<<< "
_PARTED: Final = "======="
_THEIRS: Final = ">>>>>>> "
_MOST_CHARACTERS: Final = 20
_SMALL: Final = 64 * 1024
_NAMES: Final = {
    "\0": "a NUL",
    "\x7f": "a DELETE",
    "\x85": "a NEXT LINE",
    "\u2028": "a LINE SEPARATOR",
    "\u2029": "a PARAGRAPH SEPARATOR",
    _BOM: "a BYTE ORDER MARK",
}


class Limits(NamedTuple):
    """What a document may cost: bytes, nesting, values, and characters that its aliases stand for."""

    size: int = 32 * 1024 * 1024
    depth: int = 64
    nodes: int = 1_000_000
    alias_characters: int = 2_000_000


LIMITS: Final = Limits()


def read_bytes(path: Path, name: str, limits: Limits) -> bytes:
    """The bytes of a file, one more than allowed at most; raises InputError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            first = stream.read(min(_SMALL, limits.size + 1))  # room is made for all that is asked for
            return first if len(first) < _SMALL else first + stream.read(limits.size + 1 - _SMALL)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    except ValueError:
        reason = "no such name"
    raise InputError((Diagnostic("unreadable-file", f"cannot read {quoted(name)}: {reason}"),))


def decode(text: str | bytes, file: str, limits: Limits) -> str:
    """The text without a byte order mark; raises InputError when it is too large or not UTF-8."""
    if len(text) > limits.size:
        message = f"the file is larger than {limits.size // (1024 * 1024)} MiB"
        raise InputError((Diagnostic("too-large", message, help="split it and use `include`"),))
    if isinstance(text, str):
        return text.removeprefix(_BOM)
    try:
        return text.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        bad = error.start
    before = split_lines(text[:bad].decode("utf-8").removeprefix(_BOM))
    line, column = len(before), len(before[-1]) + 1
    excerpt = split_lines(text.decode("utf-8", "replace").removeprefix(_BOM))[line - 1]
    span = Span(file, line, column, line, column + 1)
    message = f"byte 0x{text[bad]:02x} is not UTF-8"
    raise InputError((Diagnostic("not-utf8", message, span, "save the file as UTF-8", excerpt),))


def refuse_characters(text: str, file: str) -> None:
    """Raises InputError for control characters, surrogates and line breaks that only YAML 1.1 knows."""
    if not _FORBIDDEN.search(text):
        return
    problems: list[Diagnostic] = []
    for number, line in enumerate(split_lines(text), 1):
        for match in _FORBIDDEN.finditer(line):
            span = Span(file, number, match.start() + 1, number, match.start() + 2)
            problems.append(_refused(match[0], span, line))
            if len(problems) == _MOST_CHARACTERS:
                raise InputError(tuple(problems))
    raise InputError(tuple(problems))


def refuse_conflicts(text: str, file: str) -> None:
    """Raises InputError when git left a merge of the text undone: what else is wrong follows from that."""
    if _OURS not in text:
        return
    found: list[tuple[int, int]] = []
    begins = parted = 0
    lines = split_lines(text)
    for number, line in enumerate(lines, 1):
        if line.startswith(_OURS):
            begins, parted = number, 0
        elif line == _PARTED and begins:
            parted = number
        elif line.startswith(_THEIRS) and parted:
            found.append((begins, number))
            begins = parted = 0
    if found:
        raise InputError(tuple(_conflict(lines, file, *place) for place in found[:_MOST_CHARACTERS]))


def _conflict(lines: list[str], file: str, begins: int, ends: int) -> Diagnostic:
    first, last = (Span(file, n, 1, n, len(lines[n - 1]) + 1) for n in (begins, ends))
    help = "keep what is right of both sides, and remove the lines of `<<<<<<<`, `=======` and `>>>>>>>`"
    related = (("it ends here", last),)
    message = "a merge conflict that nobody resolved begins here"
    return Diagnostic("merge-conflict", message, first, help, lines[begins - 1], related=related)


def _refused(character: str, span: Span, line: str) -> Diagnostic:
    code = f"U+{ord(character):04X}"
    name = f"{_NAMES[character]} ({code})" if character in _NAMES else f"character {code}"
    surrogate = "\ud800" <= character <= "\udfff"
    help = "remove it" if surrogate else f'remove it, or write "\\u{ord(character):04x}" in double quotes'
    excerpt = line.encode("utf-8", "replace").decode("utf-8")
    return Diagnostic("forbidden-character", f"{name} may not stand here", span, help, excerpt)


def split_lines(text: str) -> list[str]:
    """The lines of a text without their breaks, as YAML counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
