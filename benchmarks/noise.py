"""Prints how much there is to read: `python -m benchmarks.noise [DFDS.json]`, samples and imported diagrams.

A gap group is a control with one reason, a question group what stands below one heading; both are what the
first screen shows. The budget is three of them, taken together, for each element.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from threatmodel.api import Library, Review, load, parse
from threatmodel.importers.code2dfd.convert import import_code2dfd
from threatmodel.importers.foreign import Foreign
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.ranking import blocks
from threatmodel.source import parse as parse_yaml

DAY = "2026-01-01"
BUDGET = 3.0
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


class Noise(NamedTuple):
    """What one model gives its reader."""

    elements: int
    gaps: int
    gap_groups: int
    questions: int
    question_groups: int

    @property
    def groups_per_element(self) -> float:
        """What the budget limits."""
        return (self.gap_groups + self.question_groups) / self.elements


def main() -> None:
    """Prints a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dfds", nargs="?", type=Path, help="diagrams of microSecEnD")
    chosen = parser.parse_args()
    heads = ("elements", "gaps", "groups", "questions", "groups", "groups per element")
    print(" " * 40 + "".join(f"{head:>{len(head) + 2}}" for head in heads))
    for name, review in _reviews(chosen.dfds):
        n = noise(review)
        cells = (
            n.elements,
            n.gaps,
            n.gap_groups,
            n.questions,
            n.question_groups,
            f"{n.groups_per_element:.1f}",
        )
        row = "".join(f"{cell:>{len(head) + 2}}" for head, cell in zip(heads, cells, strict=True))
        print(f"{name[:40]:40}{row}{'' if n.groups_per_element < BUDGET else '  over the budget'}")


def noise(review: Review) -> Noise:
    """What one model gives its reader, frameworks apart."""
    assessment = review.assess(frameworks=False)
    headings = {q.group or q.text for q in phrased(assessment.questions)}
    return Noise(
        elements=len(review.graph.elements),
        gaps=len(assessment.findings),
        gap_groups=len(blocks(assessment, "open", by_reason=True)),
        questions=len(assessment.questions),
        question_groups=len(headings),
    )


def _reviews(dfds: Path | None) -> Iterator[tuple[str, Review]]:
    library = Library()
    for folder in sorted(SAMPLES.iterdir()):
        if (folder / "threatmodel.yaml").is_file():
            yield folder.name, load(folder / "threatmodel.yaml", library, DAY)
    if dfds is not None:
        text = dfds.read_text(encoding="utf-8")
        for system in json.loads(text):
            imported = import_code2dfd(Foreign(text, library.kinds, "dfds", system))
            yield system, parse(parse_yaml(imported.text, system), library, DAY)


if __name__ == "__main__":
    main()
