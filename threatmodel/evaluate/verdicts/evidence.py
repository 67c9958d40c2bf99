"""Direct evidence of a control: what elements and flows show by themselves to whoever passes them.

That is the subject's own or its type's statement, else the control's `expect` where it is asked of that kind;
its `when` is not asked. What is inherited is no evidence, and neither is a path obligation, so that evidence
never rests on evidence of elsewhere; but where a place that covers it denies the control, nothing is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, assert_never

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
    leaves,
    shown_on_paths,
)
from threatmodel.evaluate.verdicts.statements import LACKING, SATISFYING, Said
from threatmodel.logic import bits

if TYPE_CHECKING:
    from threatmodel.evaluate.verdicts.engine import Engine, Truth


class Evidence:
    """The direct evidence of every control over one graph, each computed once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str], Truth] = {}
        self._heard: dict[tuple[str, str], Mapping[int, Said]] = {}

    def of(self, control: str, kind: str) -> Truth:
        """The elements of a kind, or the flows, that show a control and that do not; the rest may."""
        key = control, kind
        if key not in self._known:
            self._known[key] = self._of(control, kind)
        return self._known[key]

    def stated(self, control: str, kind: str) -> int:
        """Those that show a control because they, or their types, say so."""
        shown = self.of(control, kind)[0]
        own = self._engine.own(self._engine.statements.of(control), kind)
        size = self._engine.size(kind)
        return shown & bits.from_indexes((i for i, s in own.items() if s.weight in SATISFYING), size)

    def said(self, control: str, kind: str) -> Mapping[int, Said]:
        """What each subject, its type or else the nearest place that covers it says of a control."""
        key = control, kind
        if key not in self._heard:
            engine, places = self._engine, self._engine.statements.of(control)
            inherited = engine.inherited(engine.controls[control], kind, places)
            self._heard[key] = {**inherited, **engine.own(places, kind)}
        return self._heard[key]

    def _of(self, name: str, kind: str) -> Truth:
        engine, control = self._engine, self._engine.controls[name]
        size = engine.size(kind)
        everything = (1 << size) - 1
        asked = kind in control.subjects
        yes, no = self._expected(control.expect, kind) if asked and control.expect else (0, 0)
        places = engine.statements.of(name)
        firm = places.without("bare")
        own = engine.own(places, kind)
        own_firm = own if firm is places else engine.own(firm, kind)
        against = bits.from_indexes(own_firm, size) & no  # a bare statement counts for nothing there
        good = bits.from_indexes((i for i, s in own.items() if s.weight in SATISFYING), size) & ~no
        good |= bits.from_indexes((i for i, s in own_firm.items() if s.weight in SATISFYING), size) & no
        said = bits.from_indexes(own, size) & ~no | against
        shown = good | yes & ~said
        if kind not in shown_on_paths(control):
            return shown, everything & ~shown
        denied = self._denied(control, kind) if asked else 0
        return shown, (said | no | denied) & ~shown

    def _denied(self, control: Control, kind: str) -> int:
        """Where a place that covers the subject, else the baseline, says that it is missing or weak."""
        engine, places = self._engine, self._engine.statements.of(control.id)
        inherited = engine.inherited(control, kind, places)
        size = engine.size(kind)
        denied = bits.from_indexes((i for i, s in inherited.items() if s.weight in LACKING), size)
        base = places.baseline if control.covered_by.baseline else None
        if base and base.weight in LACKING:
            denied |= bits.from_flags(engine.operated(kind)) & ~bits.from_indexes(inherited, size)
        return denied

    def _expected(self, condition: Condition, kind: str) -> Truth:
        """A condition where other controls count by direct evidence only, and paths never."""
        facts = all(isinstance(leaf, Leaf) for leaf in leaves(condition))
        if facts or isinstance(condition, (Leaf, Not)):  # no control stands under `not`
            return self._engine.truth(condition, kind)
        everything = (1 << self._engine.size(kind)) - 1
        match condition:
            case All(parts):
                pairs = [self._expected(p, kind) for p in parts]
                return reduce(and_, (t for t, _ in pairs), everything), reduce(or_, (f for _, f in pairs), 0)
            case Any(parts):
                pairs = [self._expected(p, kind) for p in parts]
                return reduce(or_, (t for t, _ in pairs), 0), reduce(and_, (f for _, f in pairs), everything)
            case Claimed(control):
                shown = self.of(control, kind)[0]
                return shown, everything & ~shown
            case Satisfied(control):
                return self.of(control, kind)
            case EveryPath():
                return 0, everything
            case _:
                assert_never(condition)
