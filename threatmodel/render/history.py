"""How gaps and unknowns went over the commits of a model: a table, JSON, and a small chart."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from threatmodel.render.escape import code, markdown, one_line, xml
from threatmodel.render.ranking import SEVERITIES
from threatmodel.render.screen import columns
from threatmodel.results import Assessment, Verdict


class Counts(NamedTuple):
    """What an assessment counts: open gaps by severity, worst first, and results by verdict."""

    severities: tuple[int, ...]
    unknown: int
    satisfied: int

    @property
    def gaps(self) -> int:
        """Open gaps of every severity."""
        return sum(self.severities)


class Moment(NamedTuple):
    """A commit and what its model came to; without counts `problem` says why there are none."""

    commit: str
    day: str
    subject: str
    counts: Counts | None
    problem: str = ""


_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _PANEL = 56, 16, 84
_MOST_DOTS: Final = 60
_SUBJECT: Final = 60


def counts(assessment: Assessment) -> Counts:
    """The counts of an assessment."""
    open_ = [f.severity for f in assessment.findings if f.disposition == "open"]
    return Counts(
        tuple(open_.count(severity) for severity in SEVERITIES),
        assessment.count(Verdict.UNKNOWN),
        assessment.count(Verdict.SATISFIED),
    )


def history_text(moments: Sequence[Moment]) -> str:
    """A table for a terminal, the newest commit last."""
    heads: tuple[str, ...] = ("commit", "day", "gaps", *SEVERITIES, "unknown", "satisfied", "")
    rows = [heads, *(_cells(m) for m in moments)]
    widths = [max(columns(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return "".join(_line(row, widths) + "\n" for row in rows)


def history_markdown(moments: Sequence[Moment]) -> str:
    """The same table in Markdown."""
    lines = [
        "| commit | day | gaps | " + " | ".join(SEVERITIES) + " | unknown | satisfied | |",
        "|---" * 10 + "|",
    ]
    for moment in moments:
        cells = _cells(moment)
        lines.append(f"| {code(cells[0])} | {' | '.join(cells[1:-1])} | {markdown(cells[-1])} |")
    return "\n".join(lines) + "\n"


def history_json(moments: Sequence[Moment]) -> str:
    """The moments as JSON."""
    plain = [
        {
            "commit": m.commit,
            "day": m.day,
            "subject": m.subject,
            "gaps": dict(zip(SEVERITIES, m.counts.severities, strict=True)) if m.counts else None,
            "unknown": m.counts.unknown if m.counts else None,
            "satisfied": m.counts.satisfied if m.counts else None,
            "problem": m.problem,
        }
        for m in moments
    ]
    return json.dumps({"threatmodel-history": 1, "commits": plain}, indent=1, ensure_ascii=False) + "\n"


def history_svg(moments: Sequence[Moment], name: str) -> str:
    """Two lines, one above the other with a scale each, so that they read in black and white."""
    label = xml(one_line(f"Gaps and unknowns of {name} over {len(moments)} commits"))
    head = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}"'
    font = 'font-family="sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} {font} fill="#222">',
        f"<title>{label}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *_panel(moments, "open gaps", 24, lambda c: c.gaps, "#9b1c1c", ""),
        *_panel(
            moments, "unknown", 24 + _PANEL + 36, lambda c: c.unknown, "#1f4e8c", ' stroke-dasharray="6 3"'
        ),
    ]
    if moments:
        parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{xml(moments[0].day)}</text>')
        parts.append(
            f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{xml(moments[-1].day)}</text>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"


def _panel(
    moments: Sequence[Moment], title: str, top: int, value: Callable[[Counts], int], color: str, dash: str
) -> list[str]:
    """One line over its axis: a commit without a model leaves a hole in it."""
    values = [value(m.counts) if m.counts else None for m in moments]
    most = max((v for v in values if v is not None), default=0) or 1
    bottom, step = top + _PANEL, (_WIDTH - _LEFT - _RIGHT) / max(1, len(values) - 1)
    parts = [
        f'<text x="{_LEFT}" y="{top - 8}" font-weight="bold">{title}</text>',
        f'<path d="M{_LEFT} {top}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT - 6}" y="{top + 4}" text-anchor="end">{most}</text>',
        f'<text x="{_LEFT - 6}" y="{bottom + 4}" text-anchor="end">0</text>',
    ]
    path, dots, pen = "", [], "M"
    for i, (moment, number) in enumerate(zip(moments, values, strict=True)):
        if number is None:
            pen = "M"
            continue
        x, y = _LEFT + i * step, bottom - number * _PANEL / most
        path += f"{pen}{x:.1f} {y:.1f}"
        pen = "L"
        tip = xml(
            one_line(f"{moment.commit[:10]} {moment.day}: {number} {title}, {moment.subject[:_SUBJECT]}")
        )
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{color}"><title>{tip}</title></circle>')
    if path:
        parts.append(f'<path d="{path}" fill="none" stroke="{color}" stroke-width="1.5"{dash}/>')
    return parts + (dots if len(dots) <= _MOST_DOTS else [])


def _cells(moment: Moment) -> tuple[str, ...]:
    found = moment.counts
    numbers = (found.gaps, *found.severities, found.unknown, found.satisfied) if found else None
    cells = tuple(str(n) for n in numbers) if numbers else ("-",) * (len(SEVERITIES) + 3)
    subject = one_line(moment.subject)
    subject = subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"
    problem = f"({one_line(moment.problem)}) " if moment.problem else ""
    return (moment.commit[:10], moment.day, *cells, problem + subject)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    """Commit and day to the left, numbers to the right."""
    cells = [
        cell.ljust(width) if i < 2 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]
    return "  ".join((*cells, row[-1])).rstrip()
