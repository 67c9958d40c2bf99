"""Typed changes as short lines, so that a table of them can be read."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.diff import Changes
from threatmodel.diff.changes import Values
from threatmodel.render.changes.system import value_texts
from threatmodel.render.text.notes import diagnostics


def short_lines(changes: Changes, controls: tuple[str, ...] = ()) -> Iterator[str]:
    """A line for every change, gaps and unknown results of these controls only; no requirements."""
    for thing in changes.things:
        yield f"{thing.how} {thing.kind} {thing.id}"
    for rename in changes.renames:
        yield f"renamed {rename.kind} {rename.before} {rename.after}"
    for move in changes.moves:
        yield f"moved {move.kind} {move.id} {move.before or '-'} {move.after or '-'}"
    for attribute in changes.attributes:
        what = f"{attribute.kind} {attribute.id} {attribute.key}"
        yield f"set {what}: {_words(attribute.before)} -> {_words(attribute.after)}"
    for one in changes.statements:
        yield " ".join(part for part in (one.how, one.kind, one.id, one.control) if part)
    for reach in changes.reach:
        yield f"reach {reach.how} {reach.id} {reach.before} {reach.after}"
    for layers in changes.depths:
        lost = [layer for layer in layers.before if layer not in layers.after]
        won = [layer for layer in layers.after if layer not in layers.before]
        what = f"- {' '.join(lost)}" if lost else f"+ {' '.join(won)}"
        yield f"layers {layers.how} {layers.id} {what}"
        yield from (f"round {detour.layer}: {' '.join(detour.path)}" for detour in layers.detours)
    for region in changes.regions:
        places = f"{region.before or '-'} {region.after or '-'}"
        yield f"region {places}: {' '.join(region.data)} at {' '.join(region.elements)}"
    for change in changes.warnings:
        (warning,) = diagnostics((change.warning,))
        yield f"warning {change.how} {warning.code}: {warning.message}"
    for data in changes.data:
        yield f"data {data.how} {data.kind} {data.id} {' '.join(data.data)}"
    for recipient in changes.recipients:
        yield f"recipient {recipient.how} {recipient.party} {' '.join(recipient.data)}"
    for transfer in changes.transfers:
        yield f"transfer {transfer.how} {transfer.party} {' '.join((*transfer.countries, *transfer.data))}"
    for gap in changes.gaps:
        if gap.finding.control in controls:
            yield f"gap {gap.how} {gap.key}"
    for unknown in changes.unknowns:
        word = {"new": "was", "settled": "now"}[unknown.how]
        end = f" {word} satisfied" if unknown.satisfied else ""
        yield from (
            f"unknown {unknown.how} {key}{end}" for key in unknown.keys if key.partition("@")[0] in controls
        )


def _words(values: Values) -> str:
    texts = value_texts(values)
    return "-" if texts is None else " ".join(texts) or "none"
