"""A change for people: text for a terminal, Markdown for a comment on a pull request, HTML to keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel._version import __version__
from threatmodel.diff import Changes
from threatmodel.render.catalogs import editions, weakened
from threatmodel.render.changes import context
from threatmodel.render.changes.sections import Section, sections
from threatmodel.render.changes.summary import title
from threatmodel.render.text import escape
from threatmodel.render.text.terminal_text import Run, columns, fold, paint, prose

MOST_CHARACTERS: Final = 65_536
"""What a comment on GitHub may hold."""
_DIAGRAM: Final = "Diagram of what changed"
_AFTER_DIAGRAM: Final = (
    "Asked less than before",
    "Now unknown",
    "Requirements",
    "Gaps waived or planned",
    "Better than before",
)  # what it does not show


def changes_text(changes: Changes, width: int, color: bool) -> str:
    """The change for a terminal: what it means, then its sections."""
    name = escape.terminal(changes.name) or "(no name)"
    lines = [
        f"{paint(name, 'bold', color)}  {paint(f'as of {escape.terminal(changes.as_of)}', 'dim', color)}",
        "",
    ]
    for sentence in _meaning(changes):
        lines += fold(prose(sentence, color), width, color)
    for section in sections(changes):
        lines += ["", paint(section.title.upper(), "bold", color), ""]
        for line in section.lines:
            first, rest = f"  {line.sign} ", "    "
            head, *tail = fold(prose(line.text, color), width, color, rest, rest)
            lines += [paint(first, line.severity, color) + head[columns(first) :], *tail]
            for below in line.below:
                lines += fold(prose(below, color), width, color, "      ", "      ")
        if section.more:
            lines.append(paint(f"    … and {section.more} more (--format json)", "dim", color))
    if named := editions(changes.catalogs):
        lines += ["", *fold([Run(escape.terminal(named), "dim")], width, color)]
    return "\n".join(lines) + "\n"


def changes_markdown(
    changes: Changes, mermaid: str | None, most: int = MOST_CHARACTERS, model: str = ""
) -> str:
    """A comment of at most `most` characters: whole sections are left out where it would be longer.

    Its first line is a hidden marker with the path of the `model`, by which a bot finds the comment again.
    """
    head = "\n".join(
        [
            escape.marker("threatmodel-diff", model),
            f"### Threat model: {escape.markdown(changes.name)}",
            "",
            *(f"- {escape.prose_markdown(sentence)}" for sentence in _meaning(changes)),
            "",
        ]
    )
    parts = [(s.title, "\n".join(_markdown(s))) for s in sections(changes)]
    if mermaid is not None:
        shown = sum(name not in _AFTER_DIAGRAM for name, _ in parts)
        parts.insert(shown, (_DIAGRAM, _diagram(mermaid)))
    made = "; ".join(filter(None, (f"as of {changes.as_of}", editions(changes.catalogs))))
    foot = f"<sub>threatmodel diff, {escape.markdown(made)}</sub>\n"
    left = most - len(head) - len(foot) - len(_note([t for t, _ in parts]))
    kept, cut = [], []
    for name, part in parts:
        if len(part) + 1 <= left:
            kept.append(part)
            left -= len(part) + 1
        else:
            cut.append(name)
    return "\n".join([head, *kept, _note(cut) + foot])


def changes_html(changes: Changes, svg: str | None, mermaid: str | None) -> str:
    """One page that needs no network and runs no script; without a drawing it holds the Mermaid text."""
    from markupsafe import Markup

    from threatmodel.render.diagram.svg import inline_svg
    from threatmodel.render.templating import render

    label = f"what changed in {changes.name}"
    values = {
        "name": changes.name,
        "as_of": changes.as_of,
        "version": __version__,
        "title": _meaning(changes),
        "catalogs": editions(changes.catalogs),
        "sections": sections(changes),
        "svg": Markup(inline_svg(svg, label)) if svg is not None else None,
        "mermaid": mermaid,
    }
    return render("changes/page.html.j2", values, None)


def _meaning(changes: Changes) -> tuple[str, ...]:
    """What the change means, then what judges the model and changed, or weakens its verdicts."""
    return (*title(changes), *context.sentences(changes.context), *weakened(changes.catalogs))


def _markdown(section: Section) -> Iterator[str]:
    yield f"#### {section.title}"
    yield ""
    for line in section.lines:
        yield f"- {escape.markdown(line.sign)} {escape.prose_markdown(line.text)}"
        for below in line.below:
            yield f"  <br>{escape.prose_markdown(below)}"
    if section.more:
        yield f"- … and {section.more} more"
    yield ""


def _diagram(mermaid: str) -> str:
    return f"<details><summary>{_DIAGRAM}</summary>\n\n```mermaid\n{mermaid.rstrip()}\n```\n\n</details>\n"


def _note(cut: list[str]) -> str:
    if not cut:
        return ""
    return f"Left out, because a comment has a limit: {', '.join(cut)}. `threatmodel diff` prints them.\n\n"
