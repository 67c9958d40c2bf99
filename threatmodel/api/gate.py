"""Checks a model as a build does: its assessment, how that stands to a baseline, and whether it fails."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from threatmodel.api.review import Review
from threatmodel.errors import Diagnostic, UsageError, nearest_or_all
from threatmodel.policy import Failing, Gate, Settings, failing
from threatmodel.results import Assessment, Note

if TYPE_CHECKING:
    from threatmodel.diff import FailingChanges
    from threatmodel.policy.baseline import Comparison

Refused: TypeAlias = Literal[
    "gap", "bypass", "question", "worse gap", "new unknown", "newly reached", "new data"
]


class Refusal(NamedTuple):
    """What a gate does not let through, by keys or ids: `option` at `level` refuses it.

    `groups` are those of a policy that have thresholds of their own, which may be the ones that refuse it.
    """

    what: Refused
    option: str
    level: str
    groups: tuple[str, ...]
    names: tuple[str, ...]


class Check(NamedTuple):
    """A checked model: its assessment, how that stands to a baseline, and what the gate does not let through.

    `warnings` are those of the model and of thresholds that gate nothing.
    """

    assessment: Assessment
    warnings: tuple[Note | Diagnostic, ...]
    baseline: Comparison | None
    gate: Gate
    failing: Failing

    @property
    def status(self) -> int:
        """The exit status: 1 where anything fails, else 0."""
        return int(any(self.failing))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What lets the check fail: open gaps, and by their own threshold possible bypasses and questions."""
        from threatmodel.render.text.questions import phrased  # nothing but a failure needs the words

        gaps = tuple(f.key for f in self.failing.findings if f.disposition == "open")
        bypasses = tuple(f.key for f in self.failing.findings if f.disposition != "open")
        questions = tuple(q.answer for q in phrased(self.failing.questions))
        found = (
            _of_gaps("gap", self.gate, gaps),
            Refusal("bypass", "fail-on-unknown", self.gate.unknown, (), bypasses),
            Refusal("question", "fail-on-unknown", self.gate.unknown, (), questions),
        )
        return tuple(refusal for refusal in found if refusal.names)


def check(
    review: Review,
    gate: Gate = Gate(),  # noqa: B008 (a frozen value)
    baseline: Mapping[str, str] | None = None,
    *,
    policy: Settings | None = None,
    frameworks: bool = True,
) -> Check:
    """A model checked against thresholds, and against the gaps of a baseline by their severities.

    `policy` is where the thresholds of the gate are written. Without `frameworks` no matrix is computed,
    unless the gate or a decision asks for one.
    """
    decided = bool(review.decisions and review.decisions.requirements)  # which of them count for nothing
    assessment = review.assess(frameworks=frameworks or bool(gate.frameworks) or decided)
    compared = None if baseline is None else _compared(assessment, baseline)
    found = failing(assessment, gate, review.graph, compared.known if compared else frozenset())
    idle = _idle_thresholds(review, gate, policy)
    return Check(assessment, (*assessment.warnings, *idle), compared, gate, found)


def read_baseline(path: Path) -> Mapping[str, str]:
    """The severity of each known gap in a baseline file; raises UsageError where there is none."""
    from threatmodel.policy.baseline import parse_baseline
    from threatmodel.source import read

    if not path.exists():
        raise UsageError(f"there is no baseline `{path}`", "`threatmodel baseline create` writes one")
    return parse_baseline(read(path))


def refused_changes(found: FailingChanges, gate: Gate, reach: str) -> Iterator[Refusal]:
    """What lets a change fail; `reach` is the confidentiality from which on reached data count."""
    yield _of_gaps("worse gap", gate, tuple(g.key for g in found.gaps))
    unknown = tuple(key for change in found.unknowns for key in change.keys)
    yield Refusal("new unknown", "fail-on-unknown", gate.unknown, (), unknown)
    yield Refusal("newly reached", "fail-on-reach", reach, (), tuple(r.id for r in found.reach))
    known = {r.id for r in found.reach}
    more = tuple(d.id for d in found.data if d.id not in known)
    yield Refusal("new data", "fail-on-reach", reach, (), more)


def _compared(assessment: Assessment, baseline: Mapping[str, str]) -> Comparison:
    from threatmodel.policy.baseline import compare

    return compare(assessment, baseline)


def _of_gaps(what: Refused, gate: Gate, names: tuple[str, ...]) -> Refusal:
    groups = tuple(n for n in ("layers", "boundaries", "frameworks") if getattr(gate, n))
    return Refusal(what, "fail-on", gate.fail_on, groups, names)


def _idle_thresholds(review: Review, gate: Gate, policy: Settings | None) -> Iterator[Diagnostic]:
    """Thresholds of the policy for boundaries and frameworks that do not exist: they gate nothing."""
    if policy is None or policy.document is None:
        return
    frameworks = [f.id for f in review.library.frameworks] if gate.frameworks else []
    asked: tuple[tuple[str, str, Mapping[str, str], Collection[str]], ...] = (
        ("boundaries", "boundary", gate.boundaries, review.model.boundaries),
        ("frameworks", "framework", gate.frameworks, frameworks),
    )
    for key, noun, names, known in asked:
        for name in names:
            if name not in known:
                help = nearest_or_all(name, tuple(known))
                message = f"there is no {noun} `{name}`, so this threshold gates nothing"
                at = (key, name)
                yield policy.document.diagnostic("unknown-reference", message, at, help, level="warning")
