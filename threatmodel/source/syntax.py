"""Says in plain words what is wrong with a text that is no YAML, and where its cause stands."""

from __future__ import annotations

from typing import Final, NamedTuple

import yaml

from threatmodel.errors import quoted
from threatmodel.source.document import BITS


class Fault(NamedTuple):
    """A syntax error: code, message, place, help, and further places."""

    code: str
    message: str
    at: int
    help: str
    related: tuple[tuple[str, int], ...] = ()


class _Words(NamedTuple):
    """What to say for one message of the parser; `opener` is what is left open where the text just ends."""

    message: str
    help: str = ""
    opener: str = ""
    code: str = "yaml-syntax"


_LINE_ABOVE: Final = "the line above may lack its `:`, or this line is indented too far"
_CANNOT: Final = "found character that cannot start any token"
_CLOSING: Final = {"[": "]", "{": "}"}
_SPACES: Final = "indent with spaces"
_ESCAPE: Final = "in double quotes write `\\\\` for a backslash; single quotes need no escapes"
_NAME: Final = "a text that begins with `*` or `&` needs quotes"
_WORDS: Final = {
    "could not find expected ':'": _Words(
        "a `:` is missing after this key", "write `key: value`; a text of several lines needs quotes"
    ),
    "did not find expected '-' indicator": _Words(
        "an item that begins with `- ` is needed here", "indent the items of a list alike"
    ),
    "did not find expected ',' or ']'": _Words(
        "a `,` or `]` is needed here", "a text that contains `,`, `[` or `: ` needs quotes", "list"
    ),
    "did not find expected ',' or '}'": _Words(
        "a `,` or `}` is needed here", "a text that contains `,`, `{` or `: ` needs quotes", "mapping"
    ),
    "found unexpected end of stream": _Words("this text never ends", "", "text"),
    "found unexpected document indicator": _Words(
        "a text in quotes may not hold a line that begins with `---` or `...`", "indent it"
    ),
    "found unknown escape character": _Words("this escape is unknown", _ESCAPE),
    "did not find expected hexdecimal number": _Words("an escape needs hexadecimal digits here", _ESCAPE),
    "found invalid Unicode character escape code": _Words("no character has this number", _ESCAPE),
    "block sequence entries are not allowed in this context": _Words(
        "a list may not begin here", "begin its first `- ` on a new line"
    ),
    "mapping keys are not allowed in this context": _Words("a key may not begin here", "begin a new line"),
    "did not find expected <document start>": _Words(
        "nothing may follow the end of the document", "put everything under the keys of one mapping"
    ),
    "did not find expected alphabetic or numeric character": _Words("a name is needed here", _NAME),
    "found a tab character where an indentation space is expected": _Words("a tab may not indent", _SPACES),
    "found a tab character that violates indentation": _Words("a tab may not indent", _SPACES),
    "found an indentation indicator equal to 0": _Words("a block text cannot be indented by 0"),
    "did not find expected comment or line break": _Words("only a comment may follow here"),
    "found incompatible YAML document": _Words(
        "only YAML 1.2 is read", "remove the line", code="yaml-directive"
    ),
}


def fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    """What an error of the YAML parser means to a person."""
    problem, context = (error.problem or "").strip(), (error.context or "").strip()
    opened = error.context_mark
    mark = error.problem_mark or opened
    if mark is None:
        return Fault("yaml-syntax", f"not valid YAML: {problem}", 0, "")
    at, before, after = _place(mark), _before(text, mark.index), text[mark.index : mark.index + 1]
    percent = problem == _CANNOT and after == "%"
    if percent or "while scanning a directive" in context or "directive" in problem:
        help = "a text that begins with `%` needs quotes"
        return Fault("yaml-directive", "directives are not allowed", at, help)
    if "tag" in context.split() or "tag" in problem.split():
        help = "remove it; a text that begins with `!` needs quotes"
        tag = opened or mark
        written = text[tag.index : tag.index + 60].split(None, 1)[0:1]
        shown = f": {quoted(written[0])}" if written else ""
        return Fault("yaml-tag", f"tags are not allowed{shown}", _place(tag), help)
    match problem:
        case "found character that cannot start any token":
            return _character(after, at)
        case "mapping values are not allowed in this context":
            first = ": " not in before
            help = _LINE_ABOVE if first else "put a text that contains `: ` in quotes, or begin a new line"
            return Fault("yaml-syntax", "a `:` may not stand here", at, help)
        case "exceeded maximum nesting depth":
            return Fault("too-deep", "nested far too deep", at, "no file needs more than ten levels")
        case "did not find expected key":
            return _no_key(before, after, at)
        case "did not find expected node content":
            return _no_value(after, at)
    words = _WORDS.get(problem)
    if words is None:
        plain = " ".join(problem.replace("'", "`").split())
        return Fault("yaml-syntax", f"not valid YAML: {plain}", at, "")
    if words.opener and opened is not None:
        if not text[mark.index :].strip():
            opening = text[opened.index : opened.index + 1]
            help = f"close it with `{_CLOSING.get(opening, opening)}`"
            return Fault(words.code, f"this `{opening}` is never closed", _place(opened), help)
        return Fault(
            words.code, words.message, at, words.help, ((f"the {words.opener} begins here", _place(opened)),)
        )
    if problem == "could not find expected ':'" and opened is not None:
        at = _place(opened)
    return Fault(words.code, words.message, at, words.help)


def _no_key(before: str, after: str, at: int) -> Fault:
    """The parser wants a key where something else stands: after a value, or indented like nothing above."""
    end = before.rstrip()[-1:]
    if end and end in "'\"":
        help = "a text with quotes in it needs the other kind of quotes around it"
        return Fault("yaml-syntax", "nothing may follow a closing quote", at, help)
    if after and after in "]}":
        return Fault("yaml-syntax", f"this `{after}` closes nothing", at, "remove it")
    return Fault("yaml-syntax", "a key is needed here", at, "indent the keys of a mapping alike")


def _no_value(after: str, at: int) -> Fault:
    if after and after in "]},":
        help = "remove it, or put a text that begins with it in quotes"
        return Fault("yaml-syntax", f"a value is needed here, not `{after}`", at, help)
    if not after:
        return Fault("yaml-syntax", "the text ends where a value is needed", at, "close what is open")
    return Fault("yaml-syntax", "a value is needed here", at, "")


def _character(character: str, at: int) -> Fault:
    if character == "\t":
        return Fault("yaml-syntax", "a tab may not indent", at, _SPACES)
    shown = "a backtick" if character == "`" else f"`{character}`"
    return Fault("yaml-syntax", f"a text may not begin with {shown}", at, "put it in quotes")


def _place(mark: yaml.Mark) -> int:
    return int(mark.line << BITS | mark.column)


def _before(text: str, index: int) -> str:
    """What stands before a place on its line."""
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return text[start:index]
