"""Article 32 measures of some data: what the verdicts of the controls behind Art. 32(1) come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.records.record import Item
from threatmodel.results import Assessment, ResultColumn, Verdict, result_key


def measures(graph: SystemGraph, assessment: Assessment, data: Collection[str]) -> tuple[Item, ...]:
    """The controls by what their verdicts show, then each gap; nothing without the framework `gdpr`.

    A number is of the elements and flows with the data that a control is asked of.
    """
    names = [
        control
        for framework in assessment.frameworks
        if framework.id == "gdpr"
        for row in framework.rows
        if row.requirement.startswith("Art. 32(1)")
        for control in row.controls
    ]
    places = {f.key: f.span for f in assessment.findings}
    shown, partly, unknown, gaps = [], [], [], []
    for name in sorted(dict.fromkeys(names)):
        found = list(_results(graph, assessment, name, frozenset(data)))
        counts = Counter(verdict for _, verdict in found)
        gaps += [key for key, verdict in found if verdict is Verdict.GAP]
        asked = counts.total() - counts[Verdict.NOT_APPLICABLE]
        if asked and counts[Verdict.SATISFIED] == asked:
            shown.append(f"`{name}` ({asked})")
        elif counts[Verdict.SATISFIED]:
            partly.append(f"`{name}` ({counts[Verdict.SATISFIED]} of {asked})")
        elif counts[Verdict.UNKNOWN]:
            unknown.append(f"`{name}`")
    groups = (("shown", shown), ("shown in part", partly), ("not known", unknown))
    listed = [Item(f"{word}: {', '.join(names)}") for word, names in groups if names]
    return (*listed, *(Item(f"gap: `{key}`", places.get(key)) for key in gaps))


def _results(
    graph: SystemGraph, assessment: Assessment, control: str, data: frozenset[str]
) -> Iterator[tuple[str, Verdict]]:
    for column in assessment.columns:
        if column.control == control:
            for i in _touched(graph, column, data):
                key = result_key(control, column.subject_kind, column.ids[i])
                yield key, Verdict(column.verdicts[i])


def _touched(graph: SystemGraph, column: ResultColumn, data: frozenset[str]) -> list[int]:
    """The subjects of a column that carry or have some of the data."""
    where = data_map(graph)
    match column.subject_kind:
        case "flow":
            return [i for i in range(len(column.ids)) if data & where.flows[i].ids]
        case "service" | "store" | "actor" as kind:
            elements = graph.positions[kind]
            return [i for i in range(len(column.ids)) if data & where.element(elements[i]).ids]
        case "data":
            return [i for i, name in enumerate(column.ids) if name in data]
        case _:
            return []
