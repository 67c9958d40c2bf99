"""Verdicts: decides every control for all subjects of a kind at once, by the steps of the semantics.

See docs/explanation/semantics.md. It stands above truths, statements, coverage, evidence and obligations.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial, reduce
from operator import or_
from typing import Final, NamedTuple, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.evaluate.verdicts.coverage import Coverage
from threatmodel.evaluate.verdicts.evidence import Evidence
from threatmodel.evaluate.verdicts.obligations import Obligations, required_routes
from threatmodel.evaluate.verdicts.statements import OUT, AppliedStatement, StatementIndex
from threatmodel.evaluate.verdicts.steps import Inputs, decided
from threatmodel.evaluate.verdicts.truths import Truth, Truths, combined
from threatmodel.facts import Fact
from threatmodel.graph import Subject, SystemGraph
from threatmodel.logic import Column, bits
from threatmodel.model import Model
from threatmodel.results import BASELINE, Step, Verdict

_VERDICTS: Final = tuple(Verdict)
_ONLY: Final = [bytes(int(i == step) for i in range(256)) for step in Step]


class Decision(NamedTuple):
    """One control asked of all subjects of one kind: by position the verdict and the step that decided it.

    The step is that of the ladder, as if the control were needed. `holds` are the subjects that it satisfies
    and those that it leaves with a gap; `needed` those of which the control is asked for certain, and
    `not_applicable` those of which it is not asked. `own` is what a subject or its type says and that counts,
    `inherited` what the nearest place says, `baseline` what the baseline says of all that it covers.
    """

    verdicts: bytes
    steps: bytes
    expect: Truth
    holds: Truth
    needed: int
    not_applicable: int
    own: Mapping[int, AppliedStatement]
    inherited: Mapping[int, AppliedStatement]
    baseline: AppliedStatement | None

    @property
    def size(self) -> int:
        """How many subjects there are."""
        return len(self.verdicts)

    @property
    def satisfied(self) -> int:
        """The subjects that are satisfied."""
        return self.holds[0] & self.needed

    @property
    def gap(self) -> int:
        """The subjects with a gap."""
        return self.holds[1] & self.needed

    @property
    def unknown(self) -> int:
        """The subjects for which nobody knows, be it the need or what meets it."""
        return ((1 << self.size) - 1) & ~self.not_applicable & ~self.satisfied & ~self.gap

    @property
    def need_unknown(self) -> int:
        """The subjects for which it is not known whether the control is needed."""
        return ((1 << self.size) - 1) & ~self.not_applicable & ~self.needed

    @property
    def perimeter(self) -> int:
        """The subjects that are satisfied by what every path passes, and by nothing else."""
        return self.decided_by(Step.UPSTREAM) & self.needed & ~self.expect[0]

    def decided_by(self, step: Step) -> int:
        """The subjects that a step of the ladder decides."""
        return bits.from_flags(self.steps.translate(_ONLY[step])) if step in self.steps else 0

    def verdict(self, i: int) -> Verdict:
        """The verdict of subject `i`."""
        return _VERDICTS[self.verdicts[i]]

    def expected(self, i: int) -> bool | None:
        """What the control's expectation is for subject `i`: true, false or (None) unknown."""
        return bits.truth_at(self.expect, i)

    def statement(self, i: int) -> AppliedStatement | None:
        """The statement that decides subject `i`, if its step reads one."""
        match self.steps[i]:
            case Step.STATED | Step.STATED_BY_TYPE:
                return self.own[i]
            case Step.INHERITED | Step.INHERITED_LACK:
                return self.inherited[i]
            case Step.BASELINE:
                return self.baseline
            case _:
                return None

    def nearest(self, i: int) -> AppliedStatement | None:
        """What subject `i`, its type or else the nearest place says, whether it decides or not."""
        return self.own.get(i) or self.inherited.get(i)


class Engine:
    """Evaluates conditions and controls over one graph; results are remembered per subject kind.

    `asked` are the controls that have results; a disabled one has none, and only other controls read it.
    """

    def __init__(
        self, graph: SystemGraph, controls: Mapping[str, Control], truths: Truths | None = None
    ) -> None:
        self.graph = graph
        self.controls = controls
        self.asked = {name: control for name, control in controls.items() if control.disabled is None}
        self.statements = StatementIndex(graph, controls)
        self.evidence = Evidence(graph, controls, self.statements, truths := truths or Truths(graph))
        self.obligations = Obligations(graph, controls, self.evidence)
        self._facts = truths
        self._truths: dict[tuple[str, Condition | None], Truth] = {}
        self._outcomes: dict[tuple[str, Condition | None], bytes] = {}
        self._decisions: dict[tuple[str, str], Decision] = {}
        self._coverages: dict[str, Coverage] = {}

    def restated(self, model: Model) -> Engine:
        """The engine of the same system with other statements: facts stay, verdicts are decided anew.

        Only statements may differ in `model`: no fact reads them, and structure is taken from the graph.
        """
        return Engine(self.graph.restated(model), self.controls, self._facts)

    def size(self, kind: str) -> int:
        """How many subjects of this kind there are."""
        return len(self.graph.subjects[kind])

    def column(self, kind: str, name: str) -> Column:
        """The values of a fact for every subject of a kind, computed once."""
        return self._facts.column(kind, name)

    def fact(self, kind: str, name: str) -> Fact:
        """A registered fact; the catalog was checked against the registry when it was loaded."""
        return self._facts.fact(kind, name)

    def out_of_scope(self, kind: str) -> int:
        """The subjects of which nothing is asked."""
        return self._facts.out_of_scope(kind)

    def operated(self, kind: str) -> bytes:
        """Per subject 1 where the baseline can cover it, because own parties operate it, else 0."""
        return self._facts.operated(kind)

    def coverage(self, control: Control) -> Coverage:
        """Where statements of a control count."""
        if control.id not in self._coverages:
            self._coverages[control.id] = Coverage(self.graph, control)
        return self._coverages[control.id]

    def truth(self, condition: Condition | None, kind: str) -> Truth:
        """The subjects for which a condition is true and is false; no condition is true for all."""
        key = kind, condition
        if key not in self._truths:
            self._truths[key] = self._truth(condition, kind)
        return self._truths[key]

    def outcome(self, condition: Condition | None, kind: str, i: int) -> bool | None:
        """What a condition is for subject `i`: true, false or (None) unknown."""
        key = kind, condition
        if key not in self._outcomes:
            self._outcomes[key] = bits.outcome_bytes(*self.truth(condition, kind), self.size(kind))
        return (None, True, False)[self._outcomes[key][i]]

    def decide(self, control: Control, kind: str) -> Decision:
        """Every verdict of one control over one kind of subject."""
        key = control.id, kind
        if key not in self._decisions:
            self._decisions[key] = self._decide(control, kind)
        return self._decisions[key]

    def step(self, control: Control, subject: Subject) -> Step:
        """The first step that applies to a subject, of the ladder and of those before it."""
        kind, i = subject
        d = self.decide(control, kind)
        if d.verdict(i) is not Verdict.NOT_APPLICABLE:
            return Step(d.steps[i])
        said = d.own.get(i)
        if said and said.weight in OUT:
            return Step(d.steps[i])
        if self.out_of_scope(kind) >> i & 1:
            return Step.OUT_OF_SCOPE
        return Step.NOT_NEEDED if self.outcome(control.when, kind, i) is False else Step.NO_PATH

    def holds(self, control: str, kind: str) -> Truth:
        """Satisfied and gap by statement or expectation alone: `when` is not asked."""
        return self.decide(self.controls[control], kind).holds

    def _truth(self, condition: Condition | None, kind: str) -> Truth:
        everything = self._facts.everything[kind]
        match condition:
            case None:
                return everything, 0
            case Leaf():
                return self._facts.leaf(condition, kind)
            case All() | Any() | Not():
                return combined(condition, partial(self.truth, kind=kind), everything)
            case Claimed(control):
                holds = self.holds(control, kind)[0]
                return holds, everything & ~holds
            case Satisfied(control):
                return self.holds(control, kind)
            case EveryPath(route):
                return self.obligations.truth(route, kind)
            case _:
                assert_never(condition)

    def _decide(self, control: Control, kind: str) -> Decision:
        size, everything = self.size(kind), self._facts.everything[kind]
        when_true, when_false = self.truth(control.when, kind)
        routes = required_routes(control)
        inputs = self._inputs(control, kind)
        steps, satisfied, gap, out = decided(inputs, Step.OPEN_PATH if routes else Step.NOBODY)
        out |= when_false | self.out_of_scope(kind)
        if routes and self.obligations.has_source:
            out |= everything & ~reduce(or_, (self.obligations.reached(route, kind) for route in routes))
        needed = when_true & ~out
        satisfied_now, gap_now = satisfied & needed, gap & needed
        unknown = everything & ~(out | satisfied_now | gap_now)
        verdicts: dict[int, int] = {
            Verdict.SATISFIED: satisfied_now,
            Verdict.GAP: gap_now,
            Verdict.UNKNOWN: unknown,
        }
        return Decision(
            verdicts=bits.to_codes(verdicts, size),
            steps=steps,
            expect=inputs.expect,
            holds=(satisfied, gap),
            needed=needed,
            not_applicable=out,
            own=inputs.own,
            inherited=inputs.inherited,
            baseline=inputs.baseline,
        )

    def _inputs(self, control: Control, kind: str) -> Inputs:
        stated = self.statements.of(control.id)
        expect = self.truth(control.expect, kind) if control.expect else (0, 0)
        baseline = stated.at(BASELINE) if control.covered_by.baseline else None
        coverage = self.coverage(control) if stated.by_kind else None  # nobody says anything of most controls
        upstream, around = 0, 0
        if control.covered_by.upstream:
            upstream = self.obligations.truth(Route((control.id,)), kind)[0]
        for route in required_routes(control):
            around |= self.obligations.truth(route, kind)[1]
        return Inputs(
            kind=kind,
            size=self.size(kind),
            expect=expect,
            own=coverage.own(kind, stated, against=expect[1]) if coverage else {},
            inherited=coverage.inherited(kind, stated, against=expect[1]) if coverage else {},
            baseline=baseline,
            operated=bits.from_flags(self._facts.operated(kind)) if baseline else 0,
            upstream=upstream,
            around=around,
        )
