"""How each thing looks: colours, line styles, and the words and symbols that say the same without colour.

The colours are told apart with colour-blind eyes and in grey; text is dark on light.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from threatmodel.render.diagram.picture import Edge, Marks
from threatmodel.render.diagram.transport import Transport
from threatmodel.render.text import escape

FONT: Final = "Helvetica"
TEXT: Final = "#1b1f24"
MUTED: Final = "#4a5360"
GAP: Final = "#b3001b"
GAP_FILL: Final = "#fdecee"
EDGE: Final = "#2b3440"
QUIET: Final = "#6b7683"
NODE_LINE: Final = "#2b3440"
NODE_FILL: Final = "#ffffff"
LINE: Final[Mapping[Transport, str]] = {"encrypted": "solid", "clear": "dashed", "unknown": "dotted"}
_TRANSPORT_WORD: Final[Mapping[Transport, str]] = {
    "encrypted": "encrypted",
    "clear": "clear",
    "unknown": "encrypted?",
}
DASHES: Final[Mapping[str, str]] = {"solid": "", "dashed": "6 4", "dotted": "2 4"}


class Look(NamedTuple):
    """The line and the ground of a frame."""

    dash: str
    line: str
    fill: str
    width: str


TRUST: Final[Mapping[str, Look]] = {
    "trusted": Look("solid", "#1f5fa8", "#edf4fc", "1.6"),
    "third-party": Look("dashed", "#8a5a00", "#fff6e0", "1.8"),
    "untrusted": Look("dotted", "#4d4d4d", "#f1f1f1", "2.2"),
}


def html(text: str) -> str:
    """Text as part of an HTML-like label: no markup, no `\\N` that dot replaces, never empty (an error)."""
    return escape.html(text).replace("\\", "\\\\") or " "


def font(text: str, size: float, color: str = TEXT) -> str:
    """Escaped text in another size or colour."""
    return f'<FONT POINT-SIZE="{size}" COLOR="{color}">{html(text)}</FONT>'


def transport_word(edge: Edge) -> str:
    """Whether a flow is encrypted, in a word beside its protocol; "" where a line below says who does it."""
    return "" if edge.claimed else _TRANSPORT_WORD[edge.transport]


def mark_text(marks: Marks, *, short: bool = False) -> list[str]:
    """The marks as one line of an HTML-like label; none when there is nothing to mark."""
    parts = []
    if marks.gaps:
        parts.append(f'<FONT COLOR="{GAP}"><B>▲ {marks.gaps} {marks.worst}</B></FONT>')
    if marks.unknown and not short:
        parts.append(f'<FONT POINT-SIZE="9.5" COLOR="{MUTED}">? {marks.unknown}</FONT>')
    return ["  ".join(parts)] if parts else []
