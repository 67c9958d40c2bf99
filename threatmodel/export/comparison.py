"""What a change does to security, in its formats."""

from __future__ import annotations

import json as notation
from collections.abc import Callable
from typing import NamedTuple

from threatmodel.diff import Changes, Version
from threatmodel.export.screen import Screen


class Comparison(NamedTuple):
    """The changes between two versions; `model` is the later one's path from the root of the repository.

    `draw` makes an SVG picture of text for Graphviz with so many edges, and gives None where nothing can.
    """

    changes: Changes
    before: Version
    after: Version
    model: str
    draw: Callable[[str, int], str | None]
    screen: Screen = Screen()


def text(compared: Comparison) -> str:
    """The changes for people at a terminal."""
    from threatmodel.render.changes.changes import changes_text

    return changes_text(compared.changes, *compared.screen)


def markdown(compared: Comparison) -> str:
    """A comment on a pull request, with the change drawn in Mermaid."""
    from threatmodel.render.changes.changes import changes_markdown
    from threatmodel.render.changes.diagram import change_mermaid

    changes = compared.changes
    drawn = change_mermaid(compared.before, compared.after, changes)
    return changes_markdown(changes, drawn, model=compared.model)


def json(compared: Comparison) -> str:
    """Every typed change, versioned."""
    from threatmodel.export.changes import to_plain

    return notation.dumps(to_plain(compared.changes), indent=1, ensure_ascii=False) + "\n"


def html(compared: Comparison) -> str:
    """One page with a picture of the change; its text in Mermaid where no program can draw it."""
    from threatmodel.render.changes.changes import changes_html
    from threatmodel.render.changes.diagram import change_picture
    from threatmodel.render.diagram import dot, mermaid

    shown = change_picture(compared.before, compared.after, compared.changes)
    if shown is None:
        return changes_html(compared.changes, None, None)
    svg = compared.draw(dot.write(shown), len(shown.edges))
    return changes_html(compared.changes, svg, mermaid.write(shown))
