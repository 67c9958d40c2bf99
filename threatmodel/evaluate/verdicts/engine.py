"""Conditions over fact columns: every node becomes a pair of bitsets (true, false); unknown is neither.

The engine also decides a control step by step (see docs/explanation/semantics.md) and remembers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.errors import InternalError
from threatmodel.evaluate.verdicts.inheritance import providers
from threatmodel.evaluate.verdicts.obligations import Ways, obligations
from threatmodel.evaluate.verdicts.scope import is_ours, left_out
from threatmodel.evaluate.verdicts.statements import (
    LACKING,
    OUT,
    SATISFYING,
    Places,
    Said,
    StatementIndex,
    Weight,
)
from threatmodel.facts import Fact, fact
from threatmodel.graph import SystemGraph
from threatmodel.logic import Column, bits, truth
from threatmodel.model import Model
from threatmodel.results import Verdict

Truth: TypeAlias = tuple[int, int]


class Decision(NamedTuple):
    """One control asked of all subjects of one kind, as bitsets, with what decided where.

    `own` is what a subject or its type says, `inherited` what the nearest place says, both by position;
    the `firm` ones leave out bare statements, which count for nothing against a false expectation.
    `spared` are subjects for which the need is unknown but everything else is satisfied.
    `upstream` are subjects to which every path passes the control while nobody nearer speaks, `perimeter`
    those that are satisfied by that alone.
    `verdicts` holds a Verdict and `expected` an outcome (0 unknown, 1 true, 2 false) per subject.
    """

    size: int
    not_applicable: int
    when_unknown: int
    satisfied: int
    gap: int
    unknown: int
    spared: int
    upstream: int
    perimeter: int
    expect: Truth
    own: Mapping[int, Said]
    own_firm: Mapping[int, Said]
    inherited: Mapping[int, Said]
    firm: Mapping[int, Said]
    baseline: Said | None
    based: bytes
    verdicts: bytes
    expected: bytes

    def verdict(self, i: int) -> Verdict:
        """The verdict of subject `i`."""
        return Verdict(self.verdicts[i])

    def stated(self, i: int) -> Said | None:
        """What subject `i` or its type says and that counts."""
        return (self.own_firm if self.expected[i] == _FALSE else self.own).get(i)

    def provider(self, i: int) -> Said | None:
        """What subject `i` inherits and that counts."""
        return (self.firm if self.expected[i] == _FALSE else self.inherited).get(i)


_FALSE = 2


class Engine:
    """Evaluates conditions and controls over one graph; results are remembered per subject kind.

    `asked` are the controls that have results; a disabled one has none, and only other controls read it.
    """

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control]) -> None:
        self.graph = graph
        self.controls = controls
        self.asked = {name: control for name, control in controls.items() if control.disabled is None}
        self.statements = StatementIndex(graph, controls)
        self._columns: dict[tuple[str, str], Column] = {}
        self._leaves: dict[tuple[str, str, str, object], Truth] = {}
        self._truths: dict[tuple[str, Condition | None], Truth] = {}
        self._outcomes: dict[tuple[str, Condition | None], bytes] = {}
        self._decisions: dict[tuple[str, str], Decision] = {}
        self._held: dict[tuple[str, str], Truth] = {}
        self._scopes: dict[str, int] = {}
        self._operated: dict[str, bytes] = {}
        self.ways = Ways(self)

    def restated(self, model: Model) -> Engine:
        """The engine of the same system with other statements: facts stay, verdicts are decided anew.

        Only statements may differ in `model`: no fact reads them, and structure is taken from the graph.
        """
        other = Engine(self.graph.restated(model), self.controls)
        other._columns, other._leaves = self._columns, self._leaves
        other._scopes, other._operated = self._scopes, self._operated
        return other

    def size(self, kind: str) -> int:
        """How many subjects of this kind there are."""
        return len(self.graph.subjects[kind])

    def column(self, kind: str, name: str) -> Column:
        """The values of a fact for every subject of a kind, computed once."""
        if (kind, name) not in self._columns:
            self._columns[kind, name] = self.fact(kind, name).column(self.graph, kind)
        return self._columns[kind, name]

    def fact(self, kind: str, name: str) -> Fact:
        """A registered fact; the catalog was checked against the registry when it was loaded."""
        found = fact(kind, name)
        if found is None:
            raise InternalError(f"fact `{name}` of {kind} was asked but is not registered")
        return found

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

    def held(self, control: str, kind: str) -> Truth:
        """Satisfied and gap by statement or expectation alone: `when` is not asked."""
        key = control, kind
        if key not in self._held:
            self._held[key] = self._steps(self.decide(self.controls[control], kind))[:2]
        return self._held[key]

    def _truth(self, condition: Condition | None, kind: str) -> Truth:
        everything = (1 << self.size(kind)) - 1
        match condition:
            case None:
                return everything, 0
            case Leaf():
                return self._leaf(condition, kind)
            case All(parts):
                pairs = [self.truth(p, kind) for p in parts]
                return reduce(and_, (t for t, _ in pairs), everything), reduce(or_, (f for _, f in pairs), 0)
            case Any(parts):
                pairs = [self.truth(p, kind) for p in parts]
                return reduce(or_, (t for t, _ in pairs), 0), reduce(and_, (f for _, f in pairs), everything)
            case Not(part):
                yes, no = self.truth(part, kind)
                return no, yes
            case Claimed(control):
                held = self.held(control, kind)[0]
                return held, everything & ~held
            case Satisfied(control):
                return self.held(control, kind)
            case EveryPath(route):
                return self.ways.truth(route, kind)
            case _:
                assert_never(condition)

    def _leaf(self, leaf: Leaf, kind: str) -> Truth:
        key = kind, leaf.fact, leaf.operator, leaf.operand
        if key not in self._leaves:
            column, domain = self.column(kind, leaf.fact), self.fact(kind, leaf.fact).domain
            truths = [truth(domain, leaf.operator, leaf.operand, value) for value in column.table]
            self._leaves[key] = bits.from_codes(column.codes, truths)
        return self._leaves[key]

    def _decide(self, control: Control, kind: str) -> Decision:
        size = self.size(kind)
        everything = (1 << size) - 1
        places = self.statements.of(control.id)
        firm = places.without("bare")
        when_true, when_false = self.truth(control.when, kind)
        baseline = places.baseline if control.covered_by.baseline else None
        expect = self.truth(control.expect, kind) if control.expect else (0, 0)
        own, inherited = self.own(places, kind), self.inherited(control, kind, places)
        own_firm = own if firm is places else self.own(firm, kind)
        firm_inherited = inherited if firm is places else self.inherited(control, kind, firm)
        decision = Decision(
            size=size,
            not_applicable=0,
            when_unknown=everything & ~(when_true | when_false),
            satisfied=0,
            gap=0,
            unknown=0,
            spared=0,
            upstream=0,
            perimeter=0,
            expect=expect,
            own=own,
            own_firm=own_firm,
            inherited=inherited,
            firm=firm_inherited,
            baseline=baseline,
            based=self.operated(kind) if baseline else bytes(size),
            verdicts=b"",
            expected=bits.outcome_bytes(*expect, size),
        )
        if control.covered_by.upstream:
            decision = decision._replace(upstream=self._upstream(control, kind, decision))
        satisfied, gap, out = self._steps(decision)
        out |= when_false | self.out_of_scope(kind)
        if (routes := obligations(control)) and self.ways.exist:
            out |= everything & ~reduce(or_, (self.ways.reached(route, kind) for route in routes))
        asked = when_true & ~out
        unknown = everything & ~out & ~((satisfied | gap) & asked)
        return decision._replace(
            not_applicable=out,
            satisfied=satisfied & asked,
            gap=gap & asked,
            unknown=unknown,
            spared=unknown & satisfied,
            perimeter=decision.upstream & satisfied & asked & ~expect[0],
            verdicts=bits.verdict_bytes(satisfied & asked, gap & asked, unknown, size),
        )

    def _steps(self, d: Decision) -> tuple[int, int, int]:
        """Satisfied, gap and stated not-applicable, by the steps of the semantics after `when`."""
        yes, no = d.expect

        def those(said: Mapping[int, Said], firm: Mapping[int, Said], weights: frozenset[Weight]) -> int:
            found = bits.from_indexes((i for i, s in said.items() if s.weight in weights), d.size)
            if said is firm:
                return found
            against = bits.from_indexes((i for i, s in firm.items() if s.weight in weights), d.size)
            return found & ~no | against & no

        out = those(d.own, d.own_firm, OUT)
        satisfied = those(d.own, d.own_firm, SATISFYING)
        gap = those(d.own, d.own_firm, LACKING)
        open_ = ~(satisfied | gap | out)
        provided = those(d.inherited, d.firm, SATISFYING)
        provided |= d.upstream
        satisfied |= open_ & (provided | yes)
        gap |= open_ & ~provided & no
        open_ &= ~(satisfied | gap)
        gap |= open_ & those(d.inherited, d.firm, LACKING)
        open_ &= ~gap
        if d.baseline:
            based = bits.from_indexes((i for i, covered in enumerate(d.based) if covered), d.size)
            if d.baseline.weight in SATISFYING:
                satisfied |= open_ & based
            else:
                gap |= open_ & based
        return satisfied, gap, out

    def _upstream(self, control: Control, kind: str, d: Decision) -> int:
        """Where every path passes the control, and neither the subject nor a place that covers it speaks."""
        no = d.expect[1]
        heard = bits.from_indexes((*d.own, *d.inherited), d.size) & ~no
        heard |= bits.from_indexes((*d.own_firm, *d.firm), d.size) & no
        return self.ways.truth(Route((control.id,)), kind)[0] & ~heard

    def own(self, places: Places, kind: str) -> dict[int, Said]:
        """What each subject says itself, else its type."""
        order = self.graph.order[kind]
        found: dict[int, Said] = {}
        for (of, template), said in places.types.items():
            if of == f"{kind} type":
                for element in self.graph.of_type.get((kind, template), ()):
                    found[order[self.graph.elements[element]]] = said
        for (of, name), said in places.own.items():
            if of == kind:
                found[order[name]] = said
        return found

    def inherited(self, control: Control, kind: str, places: Places) -> dict[int, Said]:
        """What each subject inherits; `not-applicable` is no statement for others than the subject."""
        return providers(self.graph, control, kind, places.without("not-applicable"))

    def out_of_scope(self, kind: str) -> int:
        """The bitset of the subjects of which nothing is asked: flows with both ends out of scope, too."""
        if kind not in self._scopes:
            found = left_out(self.graph, kind)
            self._scopes[kind] = bits.from_indexes(found, self.size(kind))
        return self._scopes[kind]

    def operated(self, kind: str) -> bytes:
        """Per subject 1 where the baseline can cover it, because own parties operate it, else 0."""
        if kind not in self._operated:
            self._operated[kind] = bytes(is_ours(self.graph, kind, i) for i in range(self.size(kind)))
        return self._operated[kind]
