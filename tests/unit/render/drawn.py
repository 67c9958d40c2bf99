"""Small models drawn with the bundled program, read back as shapes and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

from threatmodel import api
from threatmodel.graph import SystemGraph
from threatmodel.render.diagram.diagram import dot_text
from threatmodel.render.diagram.drawing import draw
from threatmodel.results import Assessment, Cause, Filled, Finding, ResultColumn, Step, Verdict
from threatmodel.source import parse

SVG = "{http://www.w3.org/2000/svg}"
NOTHING = Assessment("", "2026-11-24", (), (), (), (), (), ())


class Box(NamedTuple):
    """The corners of a shape in a picture."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside this one."""
        return (
            self.left < other.left
            and self.top < other.top
            and self.right > other.right
            and self.bottom > other.bottom
        )


@cache
def library() -> api.Library:
    """The shipped catalogs, loaded once."""
    return api.Library()


def graph(text: str) -> SystemGraph:
    """The graph of a model text."""
    return api.parse(parse(text, "model.yaml"), library(), "2026-11-24", fragment=True).graph


def assessed(text: str) -> tuple[SystemGraph, Assessment]:
    """The graph of a model text and its assessment under the shipped catalog."""
    review = api.parse(parse(text, "model.yaml"), library(), "2026-11-24", fragment=True)
    return review.graph, review.assess(frameworks=False)


def marked(gaps: Mapping[tuple[str, str], str], unknown: tuple[tuple[str, str], ...] = ()) -> Assessment:
    """An assessment with one gap of a severity for each named subject, and an unknown result for others."""
    columns = tuple(ResultColumn("c", kind, (name,), bytes([Verdict.UNKNOWN])) for kind, name in unknown)
    findings = tuple(finding(kind, name, severity) for (kind, name), severity in gaps.items())
    return NOTHING._replace(columns=columns, findings=findings)


def finding(kind: str, subject: str, severity: str) -> Finding:
    """A gap on a subject."""
    return Finding(
        key=f"c@{subject}",
        control="c",
        subject_kind=kind,
        subject=subject,
        layer="channel",
        title="t",
        message=Filled("m", ()),
        because=Cause(Step.NOBODY),
        fix=Filled("f", ()),
        severity=severity,
        severity_from=(),
        threats=(),
        references=(),
        span=None,
        premises=(),
        overrode=(),
        owner=None,
        due=None,
    )


def svg(graph: SystemGraph, assessment: Assessment = NOTHING) -> ElementTree.Element:
    """The picture as parsed XML: fails where it is not well-formed."""
    picture = draw(dot_text(graph, assessment), "svg", None, flows=len(graph.flows))
    return ElementTree.fromstring(picture)


def part(root: ElementTree.Element, name: str) -> ElementTree.Element:
    """The group of an element, a flow or a frame by its id."""
    return next(g for g in root.iter(f"{SVG}g") if g.get("id") == name)


def texts(root: ElementTree.Element) -> list[str]:
    """Every text in reading order."""
    return [t.text or "" for t in root.iter(f"{SVG}text")]


def box(root: ElementTree.Element, name: str) -> Box:
    """The outline of an element or a frame."""
    numbers = list(_numbers(part(root, name)))
    xs, ys = numbers[0::2], numbers[1::2]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _numbers(group: ElementTree.Element) -> Iterator[float]:
    for shape in (*group.iter(f"{SVG}polygon"), *group.iter(f"{SVG}path")):
        for number in re.findall(r"-?[0-9.]+", shape.get("points") or shape.get("d") or ""):
            yield float(number)
