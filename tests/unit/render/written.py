"""Assessments made by hand for the writers, and readers of what they wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from threatmodel.errors import Span
from threatmodel.logic import Domain, Known
from threatmodel.results import (
    Assessment,
    Cause,
    DeclareKey,
    FactIs,
    Filled,
    Finding,
    FrameworkResult,
    Premise,
    Question,
    RequirementResult,
    ResultColumn,
    Step,
)

HOSTILE = (
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "back\\slash \\N \\\\",
    "two\nlines\r\nthree",
    "right\u202eto\u2066left\u200f",
    "end",
    "a|b||c",
    "one ` two `` three",
    "=cmd()",
    "{{ 7 * 7 }} {% raw %}",
    "\x1b[31mred\x1b]0;title\x07",
    "**bold** _x_ [a](javascript:alert(1)) <!-- # ![i](x)",
    "# heading",
    "- item",
    "1. item",
    "@someone #12",
    "&lt;b&gt; &#60;",
    "]]> --> */",
)
"""Names that break out of a notation, each in its own way."""


NOBODY = Cause(Step.NOBODY)


def stated(weight: str) -> Cause:
    """What a subject itself says decides."""
    return Cause(Step.STATED, weight=weight)


def premise(fact: str, span: Span | None = None, meaning: str = "") -> Premise:
    """A fact that is false."""
    return Premise(FactIs(fact, Known(False), Domain("boolean"), meaning), span)


def gap(
    control: str = "encrypt",
    subject: str = "db",
    severity: str = "high",
    because: Cause = NOBODY,
    **more: Any,
) -> Finding:
    """A gap of a control, with more of its fields as named."""
    made = Finding(
        key=f"{control}@{subject}",
        control=control,
        subject_kind="store",
        subject=subject,
        layer="channel",
        title=f"the title of {control}",
        message=Filled(f"`{subject}` lacks {control}.", ()),
        because=because,
        fix=Filled(f"Add {control} to `{subject}`.", ()),
        severity=severity,
        severity_from=(f"control: {severity}", "exposure: 0"),
        threats=("tampering",),
        references=("CWE-319",),
        span=Span("model.yaml", 7, 3, 7, 5),
        premises=(premise("the fact", Span("model.yaml", 9, 5, 9, 8)),),
        overrode=(),
        owner=None,
        due=None,
    )
    return made._replace(**more)


def question(text: str = "is `db` encrypted?", settles: int = 2) -> Question:
    """A question that settles so many results."""
    keys = tuple(f"encrypt@s{i}" for i in range(settles))
    asks, answer = Filled(text, ()), DeclareKey("encrypt", ("db",))
    return Question(asks, answer, "db", "high", Span("model.yaml", 7, 3, 7, 5), keys)


def row(requirement: str = "Art. 32(1)(a)", status: str = "gap", **more: Any) -> RequirementResult:
    """A row of a framework."""
    made = RequirementResult(
        framework="gdpr",
        requirement=requirement,
        title="Security of processing",
        designation="mandatory",
        category="controller",
        coverage="partial",
        status=status,
        note="",
        controls=("encrypt",),
        satisfied=1,
        unknown=2,
        gaps=("encrypt@db",) if status == "gap" else (),
        responsible=("clinic",),
        evidence="which flows are encrypted",
        cannot_show="that it runs so",
        url="https://law.example/32",
        decision="",
    )
    return made._replace(**more)


def framework(*rows: RequirementResult, applies: bool | None = True) -> FrameworkResult:
    """A framework with these rows."""
    return FrameworkResult("gdpr", "The Regulation", "https://law.example", "2026-01-01", applies, rows)


def assessment(*findings: Finding, questions: tuple[Question, ...] = (), **more: Any) -> Assessment:
    """An assessment of one satisfied, one unknown and three not-applicable results, with these findings."""
    column = ResultColumn("c", "store", ("a", "b", "c", "d", "e"), bytes((1, 3, 0, 0, 0)))
    made = Assessment("Shop", "2026-11-24", (column,), findings, questions, (), (), (), "model.yaml")
    return made._replace(**more)


class Page(HTMLParser):
    """A page read back: its tags with attributes, and its text outside style sheets."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.text += data

    def names(self) -> set[str]:
        """The tags that occur."""
        return {tag for tag, _ in self.tags}


def plain(painted: str) -> str:
    """Terminal text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", painted)
