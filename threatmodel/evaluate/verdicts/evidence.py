"""Direct evidence of a control: what elements and flows show by themselves to whoever passes them.

That is the subject's own or its type's statement, else the control's `expect` where it is asked of that kind;
its `when` is not asked. What is inherited is no evidence, and neither is a path obligation, so that evidence
never rests on evidence of elsewhere; but where a place that covers it denies the control, nothing is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import assert_never

from threatmodel.catalog import (
    All,
    Any,
    Claimed,
    Condition,
    Control,
    EveryPath,
    Leaf,
    Not,
    Satisfied,
    shown_on_paths,
)
from threatmodel.evaluate.verdicts.coverage import Coverage
from threatmodel.evaluate.verdicts.statements import (
    LACKING,
    SATISFYING,
    AppliedStatement,
    StatementIndex,
    weighing,
)
from threatmodel.evaluate.verdicts.truths import Truth, Truths, combined
from threatmodel.graph import SystemGraph
from threatmodel.logic import bits
from threatmodel.results import BASELINE


class Evidence:
    """The direct evidence of every control over one graph, each computed once."""

    def __init__(
        self, graph: SystemGraph, controls: Mapping[str, Control], statements: StatementIndex, truths: Truths
    ) -> None:
        self.truths = truths
        self._graph = graph
        self._controls = controls
        self._statements = statements
        self._known: dict[tuple[str, str], Truth] = {}
        self._nearest: dict[tuple[str, str], Mapping[int, AppliedStatement]] = {}

    def of(self, control: str, kind: str) -> Truth:
        """The elements of a kind, or the flows, that show a control and that do not; the rest may."""
        key = control, kind
        if key not in self._known:
            self._known[key] = self._of(self._controls[control], kind)
        return self._known[key]

    def stated(self, control: str, kind: str) -> int:
        """Those that show a control because they, or their types, say so."""
        shown = self.of(control, kind)[0]
        own = Coverage(self._graph, self._controls[control]).own(kind, self._statements.of(control))
        return shown & weighing(own, SATISFYING, self.truths.size(kind))

    def nearest(self, control: str, kind: str) -> Mapping[int, AppliedStatement]:
        """What each subject, its type or else the nearest place that covers it says of a control."""
        key = control, kind
        if key not in self._nearest:
            coverage, stated = Coverage(self._graph, self._controls[control]), self._statements.of(control)
            self._nearest[key] = {**coverage.inherited(kind, stated), **coverage.own(kind, stated)}
        return self._nearest[key]

    def _of(self, control: Control, kind: str) -> Truth:
        asked = kind in control.subjects
        yes, no = self._expected(control.expect, kind) if asked and control.expect else (0, 0)
        own = Coverage(self._graph, control).own(kind, self._statements.of(control.id), against=no)
        stated = bits.from_indexes(own, self.truths.size(kind))
        shown = weighing(own, SATISFYING, self.truths.size(kind)) | yes & ~stated
        if kind not in shown_on_paths(control):
            return shown, self.truths.everything[kind] & ~shown
        denied = self._denied(control, kind) if asked else 0
        return shown, (stated | no | denied) & ~shown

    def _denied(self, control: Control, kind: str) -> int:
        """Where a place that covers the subject, else the baseline, says that it is missing or weak."""
        stated = self._statements.of(control.id)
        inherited = Coverage(self._graph, control).inherited(kind, stated)
        denied = weighing(inherited, LACKING, self.truths.size(kind))
        base = stated.at(BASELINE) if control.covered_by.baseline else None
        if base and base.weight in LACKING:
            denied |= bits.from_flags(self.truths.operated(kind)) & ~bits.from_indexes(
                inherited, self.truths.size(kind)
            )
        return denied

    def _expected(self, condition: Condition, kind: str) -> Truth:
        """A condition where other controls count by direct evidence only, and paths never."""
        everything = self.truths.everything[kind]
        match condition:
            case Leaf():
                return self.truths.leaf(condition, kind)
            case All() | Any() | Not():
                return combined(condition, partial(self._expected, kind=kind), everything)
            case Claimed(control):
                shown = self.of(control, kind)[0]
                return shown, everything & ~shown
            case Satisfied(control):
                return self.of(control, kind)
            case EveryPath():
                return 0, everything
            case _:
                assert_never(condition)
