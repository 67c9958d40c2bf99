"""What every writer for machines gets: the assessment, the controls, and where its files stand."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from typing import NamedTuple

from threatmodel.catalog import Control
from threatmodel.errors import Span
from threatmodel.export.screen import Screen
from threatmodel.results import Assessment, Finding


class Outcome(NamedTuple):
    """An assessment to write; `model` is its file as people named it.

    `here` is the folder from which files are named and `root` that of the repository, both absolute.
    `baseline` tells for each gap whether the baseline knows it (new, worsened, known), None without one.
    `every` asks for the verdict of each result, where a format can hold them; `screen` is that of a text.
    """

    assessment: Assessment
    controls: Mapping[str, Control]
    model: str
    here: str = "/"
    root: str = "/"
    baseline: Mapping[str, str] | None = None
    every: bool = False
    screen: Screen = Screen()

    def path(self, file: str) -> str:
        """A file's path from the root of the repository, as platforms link it."""
        return posixpath.relpath(posixpath.join(self.here, file), self.root)

    def known(self, finding: Finding) -> bool:
        """Whether the baseline has this gap at this severity."""
        return self.baseline is not None and self.baseline.get(finding.key) == "known"

    def state(self, finding: Finding) -> str:
        """A finding's disposition in a word: open, known (by the baseline), planned, waived or unknown."""
        return "known" if finding.disposition == "open" and self.known(finding) else finding.disposition

    def identity(self, finding: Finding) -> str:
        """A hash of the model's path, the control and the ids: two models of a repository share none."""
        text = f"{self.path(self.model)}\n{finding.key}"
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def place(self, finding: Finding) -> tuple[str, int, int]:
        """Path, line and column of a gap; one without a place stands at the beginning of the model."""
        span = finding.span or Span(self.model, 1, 1, 1, 1)
        return self.path(span.file), span.line, span.column


def fingerprint(finding: Finding) -> str:
    """A hash of the control and the ids, so that no moved line and no new title makes another finding.

    For formats that name the model apart, as SARIF does with `automationDetails`.
    """
    return hashlib.sha256(finding.key.encode()).hexdigest()[:32]


def remark(finding: Finding) -> str:
    """Who decided what about a gap that does not stand open, and until when; empty for an open one."""
    match finding.disposition:
        case "waived":
            return f"waived: {finding.waiver}"
        case "planned":
            return f"planned: {finding.owner}, due {finding.due}"
        case "open" | "unknown":
            return ""
