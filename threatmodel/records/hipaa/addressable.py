"""The decision record of HIPAA's addressable specifications: 164.306(d)(3), one line for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from threatmodel.model import Decisions, RequirementDecision
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.results import Assessment, FrameworkResult, RequirementResult

_COLUMNS: Final = ("Specification", "Status", "Decision", "Reason", "Instead", "Decided by", "Evidence")
_WORDS: Final = {
    "implemented": "implemented",
    "alternative": "alternative",
    "not-reasonable-and-appropriate": "not reasonable and appropriate",
    "not-applicable": "not applicable",
    "attested": "attested",
    "inherited": "inherited",
}
_MET: Final = frozenset({"design-evidence", "partial-evidence", "alternative", "inherited", "not-applicable"})


def addressable_record(assessment: Assessment, decisions: Decisions | None) -> Record:
    """Every addressable specification with its status and what was decided, else the question for it."""
    return record(
        "Decisions on addressable specifications",
        "HIPAA, 164.306(d)(3) and 164.316(b)(1): what was decided, by whom, when and why.",
        assessment.as_of,
        (),
        (part for f in assessment.frameworks for part in _parts(f, decisions, assessment.as_of)),
    )


def _parts(framework: FrameworkResult, decisions: Decisions | None, day: str) -> Iterator[Part]:
    """What nobody decided yet, then what stands for each specification; nothing for other frameworks."""
    rows = [row for row in framework.rows if row.designation == "addressable"]
    if not rows:
        return
    undecided = tuple(
        question(f"{row.requirement} {row.title}: implemented, replaced, or refused, and why?")
        for row in rows
        if row.status not in _MET and not any(_decided(framework.id, row, decisions))
    )
    yield Part((), undecided)
    sheet = Sheet(
        f"{framework.title}: addressable specifications",
        "Addressable is not optional: implement it if that is reasonable and appropriate; if it "
        "is not, write down why, and carry out an equivalent measure if one is "
        "(164.306(d)(3)).",
        _COLUMNS,
        tuple(_entry(framework, row, decisions, day) for row in rows),
        "There are none.",
    )
    yield Part((sheet,))


def _entry(
    framework: FrameworkResult, row: RequirementResult, decisions: Decisions | None, day: str
) -> Entry:
    found = list(_decided(framework.id, row, decisions))
    title = Item(f"{row.requirement} {row.title}")
    status: Cell = (Item(row.status),)
    if decisions is None or not found:
        return Entry(title, (status, (Item("none recorded"),), (), (), (), ()))
    return Entry(
        title,
        (
            status,
            tuple(Item(_decision(d, day), decisions.span((*d.at, "decision"))) for d in found),
            tuple(Item(d.reason, decisions.span((*d.at, "reason"))) for d in found),
            tuple(i for d in found for i in _instead(row, d, decisions)),
            tuple(Item(f"{d.owner}, {d.date}", decisions.span((*d.at, "owner"))) for d in found),
            tuple(Item(e.link, decisions.span((*d.at, "evidence"))) for d in found for e in d.evidence),
        ),
    )


def _instead(row: RequirementResult, decision: RequirementDecision, decisions: Decisions) -> Iterator[Item]:
    """The equivalent measure; whoever refuses says of it as well whether it is reasonable and appropriate."""
    if decision.alternative:
        yield Item(decision.alternative, decisions.span((*decision.at, "alternative")))
    elif decision.decision == "not-reasonable-and-appropriate":
        ask = (
            f"{row.requirement} {row.title}: which equivalent measure, or why none (164.306(d)(3)(ii)(B)(2))?"
        )
        yield question(ask, decisions.span((*decision.at, "decision")))


def _decided(
    framework: str, row: RequirementResult, decisions: Decisions | None
) -> Iterator[RequirementDecision]:
    for decision in decisions.requirements if decisions else ():
        pattern = ".*".join(map(re.escape, decision.requirement.split("*")))
        if decision.framework == framework and re.fullmatch(pattern, row.requirement):
            yield decision


def _decision(decision: RequirementDecision, day: str) -> str:
    words = _WORDS[decision.decision] + (f" from {decision.provider}" if decision.provider else "")
    if decision.scope is not None:
        words += f" for {', '.join(decision.scope)}"
    if decision.date > day:
        return f"{words}, not in force before {decision.date}"
    if decision.review:
        due = "was due for review on" if decision.review < day else "to be reviewed by"
        words += f", {due} {decision.review}"
    return words
