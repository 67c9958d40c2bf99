"""Threats by subject for people: tables on the terminal and in reports, and what is behind single ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from threatmodel.model.words import STRIDE
from threatmodel.render.text.escape import csv_cell, terminal
from threatmodel.render.text.terminal_text import Run, columns, fold, paint, prose
from threatmodel.results import (
    STATUS_MEANINGS,
    ReportedThreat,
    ThreatGroup,
    ThreatResult,
    ThreatRow,
    ThreatStatus,
    ThreatTable,
)

SYMBOLS: Final = {
    ThreatStatus.OPEN: "▲",
    ThreatStatus.UNKNOWN: "?",
    ThreatStatus.MITIGATED: "●",
    ThreatStatus.NOT_APPLICABLE: "·",
    ThreatStatus.NO_CONTROL: "–",
}
LETTERS: Final = {
    "spoofing": "S",
    "tampering": "T",
    "repudiation": "R",
    "information-disclosure": "I",
    "denial-of-service": "D",
    "elevation-of-privilege": "E",
    "linking": "L",
    "identifying": "I",
    "non-repudiation": "Nr",
    "detecting": "D",
    "data-disclosure": "Dd",
    "unawareness": "U",
    "non-compliance": "Nc",
}
"""The letters of each threat in the name of its method."""
PLURALS: Final = {"data": "data", "party": "parties", "boundary": "boundaries", "model": "model"}
COLUMNS: Final = (
    *("subject_kind", "subject", "method", "threat", "status"),
    *("gaps", "unknown", "mitigated_by"),
)
"""The columns of the CSV form."""

_STYLES: Final = {ThreatStatus.OPEN: "high", ThreatStatus.UNKNOWN: "medium", ThreatStatus.MITIGATED: "good"}
_WIDEST: Final = 48


class Shown(NamedTuple):
    """One threat in a row of a report: its symbol and word, and the results behind it, named briefly.

    `answers` are a word, such as "gap", and the results of that verdict as (key, what to call it).
    """

    threat: str
    symbol: str
    status: str
    answers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def spoken(threat: str) -> str:
    """A threat as a sentence says it: `denial of service`, but `non-repudiation`."""
    return threat if threat.startswith("non-") else threat.replace("-", " ")


def group_title(group: ThreatGroup) -> str:
    """The subjects of a group as people call them."""
    return PLURALS.get(group.subject_kind, f"{group.subject_kind}s")


def legend(tables: Sequence[ThreatTable]) -> tuple[tuple[str, str, str], ...]:
    """Symbol, word and meaning of every status that some threat of the tables has."""
    return tuple(
        (SYMBOLS[status], status.word, meaning)
        for status, meaning in STATUS_MEANINGS.items()
        if any(table.counts[status] for table in tables)
    )


def shown(result: ThreatResult) -> Shown:
    """A threat as a report or the terminal tells it."""
    answers = (("gap", result.gaps), ("unknown", result.unknown), ("in place", result.mitigated_by))
    return Shown(
        spoken(result.threat),
        SYMBOLS[result.status],
        result.status.word,
        tuple((word, tuple((k, _short(k, result.subject)) for k in keys)) for word, keys in answers if keys),
    )


def table_counts(table: ThreatTable) -> str:
    """How many threats of a table are open, unknown and mitigated."""
    said = (
        (ThreatStatus.OPEN, "open"),
        (ThreatStatus.UNKNOWN, "unknown"),
        (ThreatStatus.MITIGATED, "mitigated"),
    )
    return ", ".join(f"{table.counts[status]} {word}" for status, word in said)


def uncovered(group: ThreatGroup) -> str:
    """What the catalog has no control against, as a sentence's end; empty where there is nothing."""
    names = ", ".join(map(spoken, group.no_control))
    return f"no control of the catalog counters {names} here" if names else ""


def quiet(group: ThreatGroup) -> str:
    """How many subjects stand in no row, since no control that counters a threat is asked there."""
    more = f"{group.quiet}{' more' if group.rows else ''}"
    return f"{more}: nothing open, unknown or mitigated" if group.quiet else ""


def threats_text(
    head: tuple[str, str],
    tables: Sequence[ThreatTable],
    found: Sequence[ReportedThreat],
    width: int,
    color: bool,
) -> str:
    """The tables of a model (its name and the day), then the threats that people found."""
    name, day = (terminal(text) for text in head)
    lines = [f"{paint(name or '(no name)', 'bold', color)}  {paint(f'as of {day}', 'dim', color)}"]
    for table in tables:
        lines += ["", f"{paint(table.method, 'bold', color)}  {paint(table_counts(table), 'dim', color)}"]
        names = ", ".join(f"{LETTERS[t]} {spoken(t)}" for t in table.threats)
        lines += fold([Run(names)], width, color, "  ", "  ")
        for group in table.groups:
            lines += _group(table, group, color)
    lines.append("")
    for symbol, word, meaning in legend(tables):
        lines += fold([Run(f"{symbol} {word}: {meaning}")], width, color, "  ", "    ")
    lines += _found(found, width, color)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def results_text(
    results: Sequence[ThreatResult], found: Sequence[ReportedThreat], width: int, color: bool
) -> str:
    """Threats one by one, subject by subject, with the results that leave them open or mitigate them."""
    lines: list[str] = []
    for (kind, subject), of_one in groupby(results, lambda r: (r.subject_kind, r.subject)):
        lines += ["", f"{paint(terminal(subject), 'bold', color)}  {paint(kind, 'dim', color)}"]
        for result in of_one:
            lines += _result(result, width, color)
    lines += _found(found, width, color)
    return "\n".join(lines[1:]) + "\n"


def threats_csv(results: Sequence[ThreatResult]) -> str:
    """One threat to one subject a row; no cell is taken for a formula."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    for r in results:
        lists = (r.gaps, r.unknown, r.mitigated_by)
        row = (r.subject_kind, r.subject, _method(r.threat), r.threat, r.status.word, *map("; ".join, lists))
        writer.writerow([csv_cell(cell) for cell in row])
    return stream.getvalue()


def threats_markdown(
    head: tuple[str, str], tables: Sequence[ThreatTable], found: Sequence[ReportedThreat]
) -> str:
    """The tables as they stand in the Markdown report, as a page of their own."""
    from threatmodel.render.templating import render

    values = {"name": head[0], "as_of": head[1], **threat_values(tables, found)}
    return render("threats/page.md.j2", values, None)


def threat_values(tables: Sequence[ThreatTable], found: Sequence[ReportedThreat]) -> dict[str, object]:
    """What the templates of threats read."""
    return {
        "threat_tables": [
            {
                "method": table.method,
                "heads": [(LETTERS[t], spoken(t)) for t in table.threats],
                "counts": table_counts(table),
                "groups": [
                    {
                        "title": group_title(group),
                        "rows": [_row(row) for row in group.rows],
                        "more": group.more,
                        "notes": [note for note in (quiet(group), uncovered(group)) if note],
                    }
                    for group in table.groups
                ],
            }
            for table in tables
        ],
        "threat_legend": legend(tables),
        "found_threats": [(f, SYMBOLS[f.status], [spoken(t) for t in f.threats]) for f in found],
    }


def _row(row: ThreatRow) -> dict[str, object]:
    cells = [shown(result) if result else None for result in row.results]
    told = [cell for cell in cells if cell and cell.answers]
    answers = [answer for cell in told for answer in cell.answers]

    def named(word: str) -> list[str]:
        return list(dict.fromkeys(name for said, keys in answers if said == word for _, name in keys))

    return {
        "subject": row.subject,
        "cells": cells,
        "told": told,
        "gaps": named("gap"),
        "in_place": named("in place"),
    }


def _method(threat: str) -> str:

    return "STRIDE" if threat in STRIDE else "LINDDUN"


def _short(key: str, subject: str) -> str:
    return key.removesuffix(f"@{subject}")


def _group(table: ThreatTable, group: ThreatGroup, color: bool) -> Iterator[str]:
    yield ""
    names = [terminal(row.subject) for row in group.rows]
    title = group_title(group)
    size = min(max(map(columns, (title, *names))), _WIDEST)
    heads = "".join(f"{LETTERS[t]:>4}" for t in table.threats) if group.rows else ""
    padding = " " * max(0, size - columns(title) + 2)
    yield f"  {paint(title, 'bold', color)}{padding}{paint(heads, 'dim', color)}"
    for name, row in zip(names, group.rows, strict=True):
        if columns(name) > size:
            yield f"    {name}"
            name = ""
        yield f"    {name}{' ' * (size - columns(name))}{''.join(_cell(r, color) for r in row.results)}"
    notes = (f"… and {group.more} more (--all)" if group.more else "", quiet(group), uncovered(group))
    yield from (f"    {paint(note, 'dim', color)}" for note in notes if note)


def _cell(result: ThreatResult | None, color: bool) -> str:
    if result is None:
        return "    "
    return "   " + paint(SYMBOLS[result.status], _STYLES.get(result.status, "dim"), color)


def _result(result: ThreatResult, width: int, color: bool) -> Iterator[str]:
    told = shown(result)
    label = f"{told.symbol} {told.status}"
    first = f"  {paint(label, _STYLES.get(result.status, 'dim'), color)}{' ' * (18 - columns(label))}"
    yield first + told.threat
    for word, keys in told.answers:
        listed = ", ".join(f"`{terminal(name)}`" for _, name in keys)
        yield from fold(prose(f"{word}: {listed}", color), width, color, " " * 20, " " * 22)


def _found(found: Sequence[ReportedThreat], width: int, color: bool) -> Iterator[str]:
    if not found:
        return
    note = "the model's own list"
    yield ""
    yield f"{paint('FOUND BY PEOPLE', 'bold', color)}  {paint(note, 'dim', color)}"
    for threat in found:
        label = f"{SYMBOLS[threat.status]} {threat.status.word}"
        yield ""
        head = [*prose(threat.title, color), Run(f" ({threat.severity})", threat.severity)]
        indent = " " * 20
        style, start = _STYLES.get(threat.status, ""), f"  {label}{' ' * (18 - columns(label))}"
        first, *rest = fold(head, width, color, indent, indent)
        yield paint(start, style, color) + first[len(indent) :]
        yield from rest
        about = f"{', '.join(f'`{a}`' for a in threat.against)}"
        if threat.threats:
            about = f"{', '.join(spoken(t) for t in threat.threats)} against {about}"
        yield from fold(prose(about, color), width, color, indent, indent)
        answers = ", ".join(f"`{a}`" for a in threat.answered_by) or "nothing"
        yield from fold(prose(f"answered by {answers}", color), width, color, indent, indent)
        yield f"{indent}{paint(f'{terminal(threat.key)} · {terminal(str(threat.span))}', 'dim', color)}"
