"""Conditions over fact columns: every node becomes a pair of bitsets (true, false); unknown is neither.

The engine also decides a control step by step (see docs/explanation/semantics.md) and remembers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import NamedTuple, TypeAlias, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, Leaf, Not, Satisfied
from threatmodel.errors import InternalError
from threatmodel.evaluate import bits
from threatmodel.evaluate.inherit import providers, without_bare
from threatmodel.evaluate.statements import LACKING, SATISFYING, Said, StatementIndex
from threatmodel.graph import Column, Fact, SystemGraph, fact, truth
from threatmodel.results import Verdict

Truth: TypeAlias = tuple[int, int]


class Decision(NamedTuple):
    """One control asked of all subjects of one kind, as bitsets, with what decided where.

    `own`, `inherited` and `firm` (inherited, bare statements left out) map a subject's index to what is said.
    """

    size: int
    not_applicable: int
    when_unknown: int
    satisfied: int
    gap: int
    unknown: int
    expect: Truth
    own: Mapping[int, Said]
    inherited: Mapping[int, Said]
    firm: Mapping[int, Said]
    baseline: Said | None
    based: int

    def verdict(self, i: int) -> Verdict:
        """The verdict of subject `i`."""
        for bitset, verdict in (
            (self.not_applicable, Verdict.NOT_APPLICABLE),
            (self.satisfied, Verdict.SATISFIED),
            (self.gap, Verdict.GAP),
        ):
            if bitset >> i & 1:
                return verdict
        return Verdict.UNKNOWN

    def provider(self, i: int) -> Said | None:
        """What subject `i` inherits; against a false expectation bare statements count for nothing."""
        return (self.firm if self.expect[1] >> i & 1 else self.inherited).get(i)


class Engine:
    """Evaluates conditions and controls over one graph; results are remembered per subject kind."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control]) -> None:
        self.graph = graph
        self.controls = controls
        self.statements = StatementIndex(graph, controls)
        self._columns: dict[tuple[str, str], Column] = {}
        self._leaves: dict[tuple[str, str, str, object], Truth] = {}
        self._decisions: dict[tuple[str, str], Decision] = {}
        self._scopes: dict[str, int] = {}
        self._ours: dict[str, int] = {}

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
            case _:
                assert_never(condition)

    def decide(self, control: Control, kind: str) -> Decision:
        """Every verdict of one control over one kind of subject."""
        key = control.id, kind
        if key not in self._decisions:
            self._decisions[key] = self._decide(control, kind)
        return self._decisions[key]

    def held(self, control: str, kind: str) -> Truth:
        """Satisfied and gap by statement or expectation alone: `when` is not asked."""
        decision = self.decide(self.controls[control], kind)
        return self._steps(decision)[:2]

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
        when_true, when_false = self.truth(control.when, kind)
        baseline = places.baseline if control.covered_by.baseline else None
        decision = Decision(
            size=size,
            not_applicable=0,
            when_unknown=everything & ~(when_true | when_false),
            satisfied=0,
            gap=0,
            unknown=0,
            expect=self.truth(control.expect, kind) if control.expect else (0, 0),
            own=self._own(control.id, kind),
            inherited=providers(self.graph, control, kind, places),
            firm=providers(self.graph, control, kind, without_bare(places)),
            baseline=baseline,
            based=self.ours(kind) if baseline else 0,
        )
        satisfied, gap, out = self._steps(decision)
        out |= when_false | self._out_of_scope(kind)
        asked = when_true & ~out
        return decision._replace(
            not_applicable=out,
            satisfied=satisfied & asked,
            gap=gap & asked,
            unknown=everything & ~out & ~(satisfied & asked) & ~(gap & asked),
        )

    def _steps(self, d: Decision) -> tuple[int, int, int]:
        """Satisfied, gap and stated not-applicable, by the steps of the semantics after `when`."""

        def those(said: Mapping[int, Said], weights: frozenset[str]) -> int:
            return bits.from_indexes((i for i, s in said.items() if s.weight in weights), d.size)

        yes, no = d.expect
        out = those(d.own, frozenset({"not-applicable"}))
        satisfied = (
            those(d.own, frozenset({"implemented", "alternative"})) | those(d.own, frozenset({"bare"})) & ~no
        )
        gap = those(d.own, LACKING)
        open_ = ~(satisfied | gap | out)
        provided = those(d.inherited, SATISFYING) & ~no | those(d.firm, SATISFYING) & no
        satisfied |= open_ & (provided | yes)
        gap |= open_ & ~provided & no
        open_ &= ~(satisfied | gap)
        gap |= open_ & (those(d.inherited, LACKING) & ~no)
        open_ &= ~gap
        if d.baseline:
            if d.baseline.weight in SATISFYING:
                satisfied |= open_ & d.based
            elif d.baseline.weight in LACKING:
                gap |= open_ & d.based
        return satisfied, gap, out

    def _own(self, control: str, kind: str) -> dict[int, Said]:
        """What the subject says itself, else its type."""
        places = self.statements.of(control)
        found: dict[int, Said] = {}
        if places.own or places.types:
            for i, name in enumerate(self.graph.subjects[kind]):
                said = places.own.get((kind, name)) or self._of_type(places.types, kind, name)
                if said:
                    found[i] = said
        return found

    def _of_type(self, types: Mapping[tuple[str, str], Said], kind: str, name: str) -> Said | None:
        match kind:
            case "service":
                template = self.graph.model.services[name].type
            case "store":
                template = self.graph.model.stores[name].type
            case _:
                return None
        return types.get((f"{kind} type", template)) if template else None

    def _out_of_scope(self, kind: str) -> int:
        if kind not in self._scopes:
            out = self.graph.element_out_of_scope
            match kind:
                case "flow":
                    pairs = zip(self.graph.flow_source, self.graph.flow_target, strict=True)
                    found = [i for i, (s, t) in enumerate(pairs) if out[s] and out[t]]
                case "service" | "store" | "actor":
                    ids = self.graph.subjects[kind]
                    found = [i for i, name in enumerate(ids) if out[self.graph.index[name]]]
                case _:
                    found = []
            self._scopes[kind] = bits.from_indexes(found, self.size(kind))
        return self._scopes[kind]

    def ours(self, kind: str) -> int:
        """The bitset of what the baseline can cover: subjects that own parties operate."""
        if kind not in self._ours:
            found = (i for i in range(self.size(kind)) if self._is_ours(kind, i))
            self._ours[kind] = bits.from_indexes(found, self.size(kind))
        return self._ours[kind]

    def _is_ours(self, kind: str, i: int) -> bool:
        g = self.graph
        match kind:
            case "flow":
                ends = [e for e in (g.flow_source[i], g.flow_target[i]) if g.element_kind[e] != "actor"]
                return bool(ends) and all(g.element_party[e] in g.own for e in ends)
            case "service" | "store":
                return g.element_party[g.index[g.subjects[kind][i]]] in g.own
            case "boundary":
                return g.zone_party[i] in g.own
            case "host":
                return g.host_party[i] in g.own
            case "actor" | "party":
                return False
            case _:
                return True
