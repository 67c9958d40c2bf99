"""How text from models, catalogs and file names is made harmless in each notation that is written.

Every writer takes text as the user wrote it and escapes it here, once, where it enters the output. Only the
standard library's smallest parts are imported: the terminal writer uses this module on every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Characters that nobody sees but that move, hide, reorder or colour what stands around them: controls (tab
# and line feed apart), soft hyphens, fillers, zero-width and bidirectional marks, separators, unpaired
# surrogates (they cannot be written as UTF-8), private use, noncharacters and tags. U+FE0E and U+FE0F stay:
# emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_IN_PATH = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._/-")
_FORMULA = tuple("=+-@＝＋－＠")
_BREAK = re.compile(r"[ \t]*(?:\r\n|[\r\n\v\f\t])[ \t]*")

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_MARKDOWN = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {c: f"\\{c}" for c in "\\`*_{}[]#|~$"},
)
_IN_CODE = str.maketrans({c: f"&#{ord(c)};" for c in "&<>\"'\\`*_{}[]()#|~$!:@"})
_MERMAID = str.maketrans(
    {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;"} | {c: f"#{ord(c)};" for c in "#;`\\*~%{}|"}
)


def visible(text: str) -> str:
    """The text with every invisible or reordering character shown as `<U+202E>`; line feeds and tabs stay."""
    return _HIDDEN.sub(lambda m: f"<U+{ord(m[0]):04X}>", text)


def one_line(text: str) -> str:
    """Visible text on one line: line breaks and tabs, with the blanks around them, become one blank."""
    return visible(_BREAK.sub(" ", text))


def terminal(text: str) -> str:
    """One line for a terminal: no line breaks, no control characters, so no colours or cursor moves."""
    return one_line(text)


def html(text: str) -> str:
    """Text between HTML or XML tags or in a quoted attribute."""
    return visible(text.replace("\r\n", "\n")).translate(_HTML)


xml = html  # the same five characters matter in both


def markdown(text: str) -> str:
    """Inline text in GitHub's Markdown, also in a table cell: no markup, HTML, mention or reference."""
    escaped = one_line(text).translate(_MARKDOWN)
    escaped = re.sub(r"^(\s*)([-+=]|\d+(?=[.)](\s|$)))", _list_marker, escaped)
    # a mention or an issue reference is found in the finished HTML: only a break inside it helps
    return re.sub(r"(?<!\w)(@|\\#|GH-)(?=\w)", r"\1<!-- -->", escaped)


def code(text: str) -> str:
    """A code span in GitHub's Markdown, also in a table cell, whatever backticks and pipes the text has."""
    shown = one_line(text)
    if shown and shown == shown.strip() and not re.search(r"[`|]", shown):
        return f"`{shown}`"
    # a pipe would need a backslash inside a table and none outside: entities work in both
    return f"<code>{shown.translate(_IN_CODE)}</code>"


def csv_cell(text: str) -> str:
    """The text of a CSV cell (the CSV writer adds the quotes): no spreadsheet takes it for a formula."""
    shown = one_line(text)
    formula = shown.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{shown}" if formula else shown


def dot(text: str) -> str:
    r"""Text inside a double-quoted DOT string: no quotes, entities, `\N` or `\G`; breaks are `\n`."""
    shown = visible(text.replace("\r\n", "\n")).replace("&", "&amp;").replace("\t", " ")
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def mermaid(text: str) -> str:
    """Text inside a quoted Mermaid label or a sequence's message: entities, one line, no word `end`."""
    escaped = one_line(text).translate(_MERMAID)
    escaped = re.sub(r"(?i)\b(e)(?=nd\b)", _entity, escaped)
    escaped = re.sub(r"(?<!\w)_|_(?!\w)", "#95;", escaped)  # within words it is no emphasis
    return re.sub(r"^(\s*\d*)([-+.)])", lambda m: m[1] + _entity(m[0][-1]), escaped)  # a list is refused


def marker(word: str, path: str) -> str:
    """A hidden comment of HTML and Markdown that names a file: other paths give other comments."""
    shown = "".join(chr(b) if b in _IN_PATH else f"%{b:02X}" for b in path.encode("utf-8", "surrogateescape"))
    return f"<!-- {word}:{shown.replace('--', '-%2D')} -->"


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """A message cut at its backticks: `(True, user text)`, `(False, words)`; a lone backtick stays a word."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    for i, part in enumerate(parts):
        if part or i % 2:
            yield i % 2 == 1, part


def prose_html(text: str) -> str:
    """A message as HTML, what stands in backticks as `<code>`."""
    return "".join(f"<code>{html(p)}</code>" if quoted else html(p) for quoted, p in pieces(text))


def prose_markdown(text: str) -> str:
    """A message as Markdown, what stands in backticks as code spans."""
    return "".join(code(p) if quoted else markdown(p) for quoted, p in pieces(text))


def _list_marker(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}"


def _entity(found: re.Match[str] | str) -> str:
    return f"#{ord(found[0])};"
