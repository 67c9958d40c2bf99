"""The baseline: gaps that were known on the day it was written, so that a check fails on newer ones only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from threatmodel.model.words import SEVERITIES, gravity
from threatmodel.results import Assessment, Finding
from threatmodel.source import Document
from threatmodel.source.problems import Problems
from threatmodel.source.reading import by_name, kept, read_fields, required, table, word

FORMAT: Final = 1
_HEAD: Final = (
    "# Gaps that were known when this file was written; `threatmodel baseline update` writes it anew.\n"
)


_BASELINE: Final = table(
    "baseline",
    {
        "threatmodel-baseline": required(kept, FORMAT),
        "findings": required(by_name(word(SEVERITIES)), {}),
    },
)


class Comparison(NamedTuple):
    """For each open gap "new", "worsened" or "known", and the entries that no longer occur."""

    states: Mapping[str, str]
    gone: tuple[str, ...]

    @property
    def known(self) -> frozenset[str]:
        """The gaps that the baseline has at this severity or a higher one."""
        return frozenset(key for key, state in self.states.items() if state == "known")


def parse_baseline(document: Document) -> dict[str, str]:
    """The severity of each known gap by its key; raises InputError with everything that is wrong."""
    problems = Problems(document)
    raw = read_fields(problems, _BASELINE, document.root)
    version = raw["threatmodel-baseline"]
    if version != FORMAT or isinstance(version, bool):
        help = f"this program reads `threatmodel-baseline: {FORMAT}`"
        at = ("threatmodel-baseline",)
        problems.add("unsupported-version", "this format version is not supported", at, help)
    problems.finish()
    severities: dict[str, str] = raw["findings"]
    return severities


def compare(assessment: Assessment, baseline: Mapping[str, str]) -> Comparison:
    """How the open gaps stand to a baseline; waived and planned ones still occur, but are not compared."""
    keys = {f.key for f in assessment.findings}
    return Comparison(
        {f.key: _state(f, baseline) for f in assessment.findings if f.disposition == "open"},
        tuple(sorted(key for key in baseline if key not in keys)),
    )


def open_gaps(assessment: Assessment) -> dict[str, str]:
    """The severity of each open gap: waived and planned ones have a record of their own, with an end."""
    return {f.key: f.severity for f in assessment.findings if f.disposition == "open"}


def pruned(assessment: Assessment, baseline: Mapping[str, str]) -> dict[str, str]:
    """The baseline without what no longer stands open, and with severities that fell; nothing is added."""
    now = open_gaps(assessment)
    return {key: min(word, now[key], key=gravity) for key, word in baseline.items() if key in now}


def baseline_text(severities: Mapping[str, str]) -> str:
    """A baseline file: one gap a line, sorted by key, so that it reads and merges well."""
    lines = [f"  {json.dumps(key, ensure_ascii=False)}: {severities[key]}" for key in sorted(severities)]
    body = "\n".join(("findings:", *lines)) if lines else "findings: {}"
    return f"{_HEAD}threatmodel-baseline: {FORMAT}\n{body}\n"


def _state(finding: Finding, baseline: Mapping[str, str]) -> str:
    if finding.key not in baseline:
        return "new"
    worse = gravity(finding.severity) > gravity(baseline[finding.key])
    return "worsened" if worse else "known"
