"""How gaps, unknowns and layers of defence went over the commits of a model: a table, JSON, a small chart."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import ceil
from typing import Final, NamedTuple

from threatmodel.render.text.escape import code, markdown, one_line, xml
from threatmodel.render.text.ranking import SEVERITIES
from threatmodel.render.text.terminal_text import columns
from threatmodel.results import Assessment, Verdict
from threatmodel.results.paths import LayerDepth


class Layers(NamedTuple):
    """The layers of defence known on every path to sensitive elements: the fewest, where, and the mean.

    `elements` are so many sensitive elements that paths from untrusted ground lead to.
    """

    fewest: int
    at: str
    mean: float
    elements: int


class Counts(NamedTuple):
    """What an assessment counts: open gaps by severity, worst first, results by verdict, layers of defence.

    `layers` is None where no path leads to anything sensitive.
    """

    severities: tuple[int, ...]
    unknown: int
    satisfied: int
    layers: Layers | None

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


_WIDTH, _HEIGHT = 640, 380
_LEFT, _RIGHT, _PANEL, _STEP = 56, 16, 84, 120
_MOST_DOTS: Final = 60
_SUBJECT: Final = 60
_HEADS: Final = ("commit", "day", "gaps", *SEVERITIES, "unknown", "satisfied", "layers", "mean", "")
_NOTE: Final = (
    "layers: the fewest layers of defence on every path to sensitive data; mean: over all of these\n"
)


class _Line(NamedTuple):
    """A line of the chart: what it shows of a commit, and how it is drawn."""

    value: Callable[[Counts], float | None]
    color: str
    dash: str = ""


def counts(assessment: Assessment, depths: Sequence[LayerDepth]) -> Counts:
    """The counts of an assessment and of the layers before its sensitive elements, the shallowest first."""
    open_ = [f.severity for f in assessment.findings if f.disposition == "open"]
    return Counts(
        tuple(open_.count(severity) for severity in SEVERITIES),
        assessment.count(Verdict.UNKNOWN),
        assessment.count(Verdict.SATISFIED),
        _layers(depths),
    )


def _layers(depths: Sequence[LayerDepth]) -> Layers | None:
    if not depths:
        return None
    mean = sum(len(d.known) for d in depths) / len(depths)
    return Layers(len(depths[0].known), depths[0].element, round(mean, 2), len(depths))


def history_text(moments: Sequence[Moment]) -> str:
    """A table for a terminal, the newest commit last."""
    rows = [_HEADS, *(_cells(m) for m in moments)]
    widths = [max(columns(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return "".join(_line(row, widths) + "\n" for row in rows) + "\n" + _NOTE


def history_markdown(moments: Sequence[Moment]) -> str:
    """The same table in Markdown."""
    lines = [f"| {' | '.join(_HEADS)} |", "|---|---" + "|--:" * (len(_HEADS) - 3) + "|---|"]
    for moment in moments:
        cells = _cells(moment)
        lines.append(f"| {code(cells[0])} | {' | '.join(cells[1:-1])} | {markdown(cells[-1])} |")
    return "\n".join((*lines, "", _NOTE))


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
            "layers": m.counts.layers._asdict() if m.counts and m.counts.layers else None,
            "problem": m.problem,
        }
        for m in moments
    ]
    return json.dumps({"threatmodel-history": 1, "commits": plain}, indent=1, ensure_ascii=False) + "\n"


def history_svg(moments: Sequence[Moment], name: str) -> str:
    """Three panels, one above the other with a scale each, so that they read in black and white."""
    label = xml(one_line(f"Gaps, unknowns and layers of defence of {name} over {len(moments)} commits"))
    head = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}"'
    font = 'font-family="sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} {font} fill="#222">',
        f"<title>{label}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *_panel(moments, "open gaps", 24, _Line(lambda c: c.gaps, "#9b1c1c")),
        *_panel(moments, "unknown results", 24 + _STEP, _Line(lambda c: c.unknown, "#1f4e8c")),
        *_panel(
            moments,
            "layers of defence before sensitive data: mean (solid), fewest (dashed)",
            24 + 2 * _STEP,
            _Line(lambda c: c.layers and c.layers.mean, "#22543d"),
            _Line(lambda c: c.layers and c.layers.fewest, "#22543d", ' stroke-dasharray="6 3"'),
        ),
    ]
    if moments:
        parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{xml(moments[0].day)}</text>')
        parts.append(
            f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{xml(moments[-1].day)}</text>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"


def _panel(moments: Sequence[Moment], title: str, top: int, *lines: _Line) -> list[str]:
    """Lines over their axis: a commit without a model leaves a hole in each."""
    every = [[line.value(m.counts) if m.counts else None for m in moments] for line in lines]
    most = ceil(max((v for values in every for v in values if v is not None), default=0)) or 1
    bottom = top + _PANEL
    parts = [
        f'<text x="{_LEFT}" y="{top - 8}" font-weight="bold">{title}</text>',
        f'<path d="M{_LEFT} {top}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT - 6}" y="{top + 4}" text-anchor="end">{most}</text>',
        f'<text x="{_LEFT - 6}" y="{bottom + 4}" text-anchor="end">0</text>',
    ]
    for line, values in zip(lines, every, strict=True):
        parts += _curve(moments, values, line, bottom, most, title.partition(":")[0])
    return parts


def _curve(
    moments: Sequence[Moment],
    values: Sequence[float | None],
    line: _Line,
    bottom: int,
    most: int,
    title: str,
) -> list[str]:
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(values) - 1)
    path, dots, pen = "", [], "M"
    for i, (moment, number) in enumerate(zip(moments, values, strict=True)):
        if number is None:
            pen = "M"
            continue
        x, y = _LEFT + i * step, bottom - number * _PANEL / most
        path += f"{pen}{x:.1f} {y:.1f}"
        pen = "L"
        words = f"{moment.commit[:10]} {moment.day}: {number:g} {title}, {moment.subject[:_SUBJECT]}"
        tip = f"<title>{xml(one_line(words))}</title>"
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{line.color}">{tip}</circle>')
    if not path:
        return []
    curve = f'<path d="{path}" fill="none" stroke="{line.color}" stroke-width="1.5"{line.dash}/>'
    return [curve, *(dots if len(dots) <= _MOST_DOTS else [])]


def _cells(moment: Moment) -> tuple[str, ...]:
    found = moment.counts
    numbers = (found.gaps, *found.severities, found.unknown, found.satisfied) if found else None
    cells = tuple(str(n) for n in numbers) if numbers else ("-",) * (len(SEVERITIES) + 3)
    layers = found.layers if found else None
    cells += (str(layers.fewest), f"{layers.mean:.1f}") if layers else ("-", "-")
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
