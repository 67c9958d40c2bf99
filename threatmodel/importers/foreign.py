"""Text in a foreign format, and its first reading: what is wrong with it has a place, whatever it holds."""

from __future__ import annotations

import json
from typing import NamedTuple

from threatmodel.errors import Diagnostic, InputError, Span
from threatmodel.kinds import Kinds


class Foreign(NamedTuple):
    """A text to import, the kinds that a model may name, and what the file of the text is called.

    `name` chooses one of several diagrams in a file, where a format has that.
    """

    text: str
    kinds: Kinds
    file: str = "<text>"
    name: str | None = None


def json_value(text: str, file: str) -> object:
    """The value that a JSON text stands for; raises InputError at the place where it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        excerpt = (text.splitlines() or [""])[min(line, text.count("\n") + 1) - 1 :][:1]
        message, span = f"this is not JSON: {error.msg.lower()}", Span(file, line, column, line, column + 1)
        raise InputError((Diagnostic("json-syntax", message, span, excerpt="".join(excerpt)),)) from None
    except (ValueError, RecursionError):
        raise refusal(file, "this JSON is nested too deep or has numbers that are too long") from None


def refusal(file: str, message: str, code: str = "wrong-type") -> InputError:
    """What to raise for a text that is not as its format asks: the message at the beginning of its file."""
    return InputError((Diagnostic(code, message, Span(file, 1, 1, 1, 1)),))
