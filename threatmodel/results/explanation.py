"""One result explained: what decided it, why it was asked at all, how it is dealt with, and what to do."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.results.finding import Disposition
from threatmodel.results.message import Message
from threatmodel.results.place import Place
from threatmodel.results.question import DeclareKey, Question
from threatmodel.results.reason import Cause, Premise
from threatmodel.results.verdict import Verdict


class Explanation(NamedTuple):
    """A result with the step that decided it.

    `rests_on` is what decided, `needed` why the control is asked of the subject (empty where that itself
    decided), `overrode` what speaks against the verdict and did not count. Gaps and unknown results have a
    severity with its inputs; gaps and possible bypasses a disposition, and `decision` who decided on it, and
    until when. `planned` is whether the statement behind it says so. Of unknown results, `questions` ask what
    settles most, `keys` name what the model does not declare and would tell as well, and `places` where the
    control could be stated for the subject, the nearest first.
    """

    key: str
    title: str
    verdict: Verdict
    severity: str
    severity_from: tuple[str, ...]
    disposition: Disposition | None
    decision: str
    planned: bool
    span: Span | None
    because: Cause
    rests_on: tuple[Premise, ...]
    needed: tuple[Premise, ...]
    overrode: tuple[Premise, ...]
    fix: Message | None
    questions: tuple[Question, ...]
    keys: tuple[DeclareKey, ...]
    places: tuple[Place, ...]


class ListedResult(NamedTuple):
    """A result in a list: the other half of its key, and of a gap its severity and how it is dealt with."""

    name: str
    verdict: Verdict
    severity: str
    disposition: Disposition | None
    because: Cause
