"""What raw values are read against, and the words that messages about them share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any, Final, TypeAlias

from threatmodel.errors import quoted
from threatmodel.kinds import Kinds
from threatmodel.model.elements import Path
from threatmodel.model.problems import Problems
from threatmodel.source.scalars import plain_scalar

ID_HELP: Final = "use letters, digits, `.`, `_` and `-`, a letter or digit first"

_ID: Final = re.compile(r"[^\W_][\w.\-]*")


class Scope:
    """What values are read against: the problems so far, the kinds catalog, and the ids that may be named.

    `ids` maps a section ("services", "data", ...) to the ids in it, `types` services and stores to theirs.
    """

    def __init__(self, problems: Problems, kinds: Kinds) -> None:
        self.problems = problems
        self.kinds = kinds
        self.ids: dict[str, Collection[str]] = {}
        self.types: dict[str, Collection[str]] = {}

    def problem(self, code: str, message: str, at: Path, help: str = "") -> None:
        """Records a problem at the value that a path ends in."""
        self.problems.add(code, message, at, help, part="value")


Reading: TypeAlias = Callable[[Scope, Any, Path], Any]
"""Reads one raw value at a path: gives the value to keep, or None after recording a problem."""


def normal_id(text: str) -> str:
    """An id as it is compared: Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_id(text: str) -> bool:
    """Whether a normal text may be an id: letters, digits, `.`, `_`, `-`, a letter or digit first."""
    return len(text) <= 200 and _ID.fullmatch(text) is not None


def shown(value: Any) -> str:
    """A raw value for a message: short, in backticks."""
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "nothing"
        case bool():
            return "`true`" if value else "`false`"
        case str():
            return quoted(value)
        case _:
            return f"`{value}`"


def described(value: Any) -> str:
    """A raw value for a message, texts called so: `1` in quotes is not the number."""
    return f"the text {shown(value)}" if isinstance(value, str) else shown(value)


def wrong(scope: Scope, needed: str, value: Any, at: Path, help: str = "") -> None:
    """Records that a value has the wrong type; `needed` is what should stand there."""
    if value is None:
        scope.problem("empty-value", "this item is empty", at, "remove it")
        return
    help = help or ("write one value, without brackets" if isinstance(value, list) else "")
    scope.problem("wrong-type", f"{needed} is needed here, not {described(value)}", at, help)


def quote(value: Any) -> str:
    """Help where a text was read as something else."""
    return "put it in quotes" if isinstance(value, (bool, int, float)) else ""


def unquote(value: Any, *types: type) -> str:
    """Help where quotes made a text of something else."""
    return "remove the quotes" if isinstance(value, str) and type(plain_scalar(value)) in types else ""


def one_of(words: Collection[str]) -> str:
    """Words for a sentence: `a`, `b` or `c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
