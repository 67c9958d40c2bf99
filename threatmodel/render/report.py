"""The report: diagram, gaps, questions and matrices by the four questions of threat modeling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from threatmodel._version import __version__
from threatmodel.errors import Span
from threatmodel.graph import SystemGraph
from threatmodel.graph.data_at_stake import Stake
from threatmodel.render.catalogs import edition_name, weakened
from threatmodel.render.inventory import inventory
from threatmodel.render.matrix import DISCLAIMER
from threatmodel.render.paths import STAKES, depth_note
from threatmodel.render.text.findings import finding_values
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.notes import diagnostics
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.ranking import Block, blocks, bypass_blocks, tally
from threatmodel.render.text.reasons import reason_text
from threatmodel.render.text.wording import counted
from threatmodel.render.threats import threat_values
from threatmodel.results import STATUSES, Assessment, Disposition, ReportedThreat, ThreatTable
from threatmodel.results.paths import LayerDepth, Protection

ThreatSections: TypeAlias = tuple[Sequence[ThreatTable], Sequence[ReportedThreat]]
NO_THREATS: Final[ThreatSections] = ((), ())


_NOTES: Final = 100
_END: Final = {True: "kept", False: "broken", None: "not known"}


class AnchoredGap(NamedTuple):
    """A gap in words with its anchor in the page, its place, and the requirements that it touches."""

    anchor: str
    finding: Mapping[str, object]
    place: Span | None
    requirements: tuple[tuple[str, str], ...]


class GapBlock(NamedTuple):
    """Gaps told together: severity, title and fix of the worst, then each of them."""

    severity: str
    title: str
    layer: str
    because: str
    fix: str
    gaps: tuple[AnchoredGap, ...]


class Beyond(NamedTuple):
    """What a report tells besides the assessment; each part is left out where it is empty.

    The layers of defence before sensitive elements, the sensitive data at stake by element, how far each
    protection of a sensitive asset carries, and the threats that are open, unknown or mitigated.
    """

    depths: tuple[LayerDepth, ...] = ()
    stakes: tuple[Stake, ...] = ()
    protections: tuple[tuple[Protection, ...], ...] = ()
    threats: ThreatSections = NO_THREATS


NOTHING_BEYOND: Final = Beyond()


def report_html(
    assessment: Assessment,
    graph: SystemGraph,
    svg: str | None,
    mermaid: str,
    templates: Path | None,
    beyond: Beyond = NOTHING_BEYOND,
) -> str:
    """One page that needs no network and runs no script; without a drawing it holds the Mermaid text."""
    from markupsafe import Markup

    from threatmodel.render.diagram.svg import inline_svg
    from threatmodel.render.templating import render

    label = f"data flow diagram of {assessment.name}"
    drawing = Markup(inline_svg(svg, label)) if svg is not None else None
    values = {**_values(assessment, graph, beyond), "svg": drawing, "mermaid": mermaid}
    return render("report/report.html.j2", values, templates)


def report_markdown(
    assessment: Assessment,
    graph: SystemGraph,
    mermaid: str,
    templates: Path | None,
    beyond: Beyond = NOTHING_BEYOND,
) -> str:
    """The same report for a wiki or a pull request, with the diagram as a Mermaid block."""
    from threatmodel.render.templating import render

    return render(
        "report/report.md.j2", {**_values(assessment, graph, beyond), "mermaid": mermaid}, templates
    )


def _values(assessment: Assessment, graph: SystemGraph, beyond: Beyond) -> dict[str, object]:
    """What both templates read."""

    touched = _requirements(assessment)
    anchors = {f.key: f"gap-{i}" for i, f in enumerate(assessment.findings, start=1)}
    ways = {f.key: f"bypass-{i}" for i, f in enumerate(assessment.bypasses, start=1)}

    def blocks_of(disposition: Disposition) -> tuple[GapBlock, ...]:
        return tuple(_block(b, anchors, touched) for b in blocks(assessment, disposition, by_reason=False))

    return {
        "name": assessment.name,
        "as_of": assessment.as_of,
        "version": __version__,
        "counts": tally(assessment),
        "system": inventory(graph),
        "gaps": blocks_of("open"),
        "bypasses": tuple(_block(b, ways, touched) for b in bypass_blocks(assessment)),
        "depths": [(d, depth_note(d)) for d in beyond.depths],
        "stakes": [(graph.elements[s.element], s) for s in beyond.stakes[:STAKES]],
        "protections": [_protection(found) for found in beyond.protections if found],
        "planned": blocks_of("planned"),
        "waived": blocks_of("waived"),
        "questions": [{**q.question._asdict(), **q._asdict()} for q in phrased(assessment.questions)],
        "frameworks": assessment.frameworks,
        "statuses": STATUSES,
        "disclaimer": DISCLAIMER,
        "anchors": anchors,
        "assumptions": assessment.assumptions,
        "warnings": diagnostics(assessment.warnings),
        "notes": diagnostics(assessment.notes[:_NOTES]),
        "more_notes": max(0, len(assessment.notes) - _NOTES),
        "catalogs": [(edition_name(e), e) for e in assessment.catalogs],
        "weakened": tuple(weakened(assessment.catalogs)),
        **threat_values(*beyond.threats),
    }


def _block(block: Block, anchors: dict[str, str], touched: dict[str, list[tuple[str, str]]]) -> GapBlock:
    first = block.first
    return GapBlock(
        severity=first.severity,
        title=first.title,
        layer=first.layer,
        because=reason_text(first.because),
        fix=message_text(block.fix) if block.fix else "",
        gaps=tuple(
            AnchoredGap(anchors[f.key], finding_values(f), f.span, tuple(touched.get(f.key, ())))
            for f in block.findings
        ),
    )


def _protection(found: Sequence[Protection]) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """An asset, a cell for each aspect, and at whom it is open or perhaps open."""
    cells = tuple(f"{p.kept} of {counted(p.hops, 'hop')}; end to end {_END[p.end_to_end]}" for p in found)
    return found[0].asset, cells, found[0].broken_at, found[0].unsaid_at


def _requirements(assessment: Assessment) -> dict[str, list[tuple[str, str]]]:
    """Framework title and requirement for each gap that stands against it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, framework, requirement in _touched(assessment):
        found.setdefault(key, []).append((framework, requirement))
    return found


def _touched(assessment: Assessment) -> Iterator[tuple[str, str, str]]:
    for framework in assessment.frameworks:
        for row in framework.rows:
            for key in row.gaps:
                yield key, framework.id.upper(), row.requirement
