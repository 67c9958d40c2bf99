"""Derives the threats to every subject from the verdicts of the controls that counter them.

What a chart expects of a kind of subject and no control of the catalog counters is said to have no control.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Final, NamedTuple

from threatmodel.catalog import Control, Leaf
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.logic import bits
from threatmodel.model.words import LINDDUN, STRIDE, THREAT_CATEGORIES
from threatmodel.results import (
    Assessment,
    ReportedThreat,
    ThreatColumn,
    ThreatGroup,
    ThreatResult,
    ThreatRow,
    ThreatStatus,
    ThreatTable,
    Verdict,
    result_key,
    subject_key,
)

KINDS: Final = (
    *("actor", "service", "store", "flow"),
    *("data", "party", "purpose", "boundary", "host", "model"),
)
"""The kinds of subject in the order in which threats to them are told."""

METHODS: Final = {"STRIDE": STRIDE, "LINDDUN": LINDDUN}
"""Each method with its threats."""

_MOVED: Final = ("tampering", "information-disclosure", "denial-of-service")
_HANDLED: Final = tuple(threat for threat in LINDDUN if threat != "unawareness")
_CHART: Final = {
    "actor": frozenset(("spoofing", "repudiation", "linking", "identifying", "unawareness")),
    "service": frozenset((*STRIDE, *_HANDLED)),
    "store": frozenset((*_MOVED, "repudiation", *_HANDLED)),
    "flow": frozenset((*_MOVED, *_HANDLED)),
}
_QUIET: Final = frozenset((ThreatStatus.NOT_APPLICABLE, ThreatStatus.NO_CONTROL))
_ON_FLOWS: Final = ("spoofing", "repudiation")
_OF_CALLERS: Final = ("identity", "access", "audit")
"""Layers whose controls on a flow prove something of who opens it; others prove the hop or its target."""
_PERSONAL: Final = Leaf("data.categories", "contains", "personal", ())
_LOGS: Final = Leaf("traits", "contains", "log-store", ())


class _Held(NamedTuple):
    """The subjects at which a control that counters a threat is a gap, unknown and satisfied."""

    gap: int
    unknown: int
    satisfied: int


class Threats:
    """The threats to every subject of one model, and what leaves them open or mitigates them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graph = engine.graph
        self._asked: dict[tuple[str, str], list[tuple[Control, str]]] = {}

    @cached_property
    def columns(self) -> tuple[ThreatColumn, ...]:
        """Every threat that a control counters or a chart expects, by kind of subject."""
        kinds = [kind for kind in KINDS if self._engine.size(kind)]
        found = (self._column(kind, threat) for kind in kinds for threat in THREAT_CATEGORIES)
        return tuple(column for column in found if column is not None)

    def only(self, subjects: Collection[str], threats: Collection[str]) -> tuple[ThreatColumn, ...]:
        """The columns of these subjects, as keys write them, and threats; of all where none is named."""
        named = [c for c in self.columns if c.threat in threats or not threats]
        narrowed = [_only(column, subjects) for column in named] if subjects else named
        return tuple(column for column in narrowed if column.ids)

    def tables(self, columns: Sequence[ThreatColumn], most: int | None = None) -> tuple[ThreatTable, ...]:
        """Columns as one table for each method, at most so many subjects of each kind."""
        tables = []
        for method, every in METHODS.items():
            among = [c for c in columns if c.threat in every]
            threats = tuple(t for t in every if any(c.threat == t for c in among))
            groups = [self._group(kind, threats, among, most) for kind in KINDS]
            told = tuple(group for group in groups if group.rows or group.no_control)
            counts = {status: sum(c.statuses.count(status) for c in among) for status in ThreatStatus}
            tables.append(ThreatTable(method, threats, told, counts))
        return tuple(table for table in tables if table.threats)

    def results(self, columns: Sequence[ThreatColumn]) -> Iterator[ThreatResult]:
        """Every threat of the columns to every subject, subject by subject."""
        for kind in KINDS:
            found = [c for c in columns if c.subject_kind == kind]
            for i in range(len(found[0].ids) if found else 0):
                yield from (self.result(column, i) for column in found)

    def result(self, column: ThreatColumn, i: int) -> ThreatResult:
        """The threat of a column to its subject `i`, with the results that decide it."""
        status, kind, name = ThreatStatus(column.statuses[i]), column.subject_kind, column.ids[i]
        keys: dict[Verdict, list[str]] = {verdict: [] for verdict in Verdict}
        if status not in _QUIET:
            for verdict, key in self._answers(kind, column.threat, self._graph.order[kind][name]):
                keys[verdict].append(key)
        decisive = (tuple(keys[v]) for v in (Verdict.GAP, Verdict.UNKNOWN, Verdict.SATISFIED))
        return ThreatResult(column.threat, kind, subject_key(kind, name), status, *decisive)

    def found(self, assessment: Assessment) -> tuple[ReportedThreat, ...]:
        """The threats that people found, by id, with what the results that answer them come to."""
        model = self._graph.model
        threats = sorted(model.threats.values(), key=lambda t: t.id)
        column = next((c for c in assessment.columns if c.subject_kind == "threat"), None)
        return tuple(
            ReportedThreat(
                result_key("", "threat", threat.id),
                threat.title or threat.id,
                threat.against,
                threat.category or (),
                threat.severity,
                ThreatStatus(verdict),
                threat.answered_by or (),
                model.span(threat.at),
            )
            for threat, verdict in zip(threats, column.verdicts if column else b"", strict=True)
        )

    def _group(
        self, kind: str, threats: tuple[str, ...], among: Sequence[ThreatColumn], most: int | None
    ) -> ThreatGroup:
        columns = {c.threat: c for c in among if c.subject_kind == kind}
        ids = next((c.ids for c in columns.values()), ())
        weights = [
            (-statuses.count(ThreatStatus.OPEN), -statuses.count(ThreatStatus.UNKNOWN), i)
            for i, statuses in enumerate(zip(*(c.statuses for c in columns.values()), strict=True))
            if not _QUIET.issuperset(statuses)
        ]
        rows = tuple(
            ThreatRow(
                subject_key(kind, ids[i]),
                tuple(self.result(columns[t], i) if t in columns else None for t in threats),
            )
            for *_, i in sorted(weights)[:most]
        )
        uncovered = tuple(t for t, c in columns.items() if ThreatStatus.NO_CONTROL in c.statuses)
        return ThreatGroup(kind, rows, len(weights) - len(rows), len(ids) - len(weights), uncovered)

    def _column(self, kind: str, threat: str) -> ThreatColumn | None:
        size = self._engine.size(kind)
        charted = threat in _CHART.get(kind, ())
        if not self._countering(kind, threat):
            if not charted:
                return None
            missing = self._in_scope(kind) & self._concerned(kind, threat)
            statuses = bytes(ThreatStatus.NO_CONTROL * flag for flag in bits.to_flags(missing, size))
        else:
            held, concerned = self._held(kind, threat), self._concerned(kind, threat, expected=False)
            gap = held.gap & concerned
            unknown = held.unknown & concerned & ~gap
            satisfied = held.satisfied & concerned & ~gap & ~unknown
            statuses = bits.to_codes(
                {Verdict.SATISFIED: satisfied, Verdict.GAP: gap, Verdict.UNKNOWN: unknown}, size
            )
        return ThreatColumn(threat, kind, self._graph.subjects[kind], statuses)

    def _countering(self, kind: str, threat: str) -> list[tuple[Control, str]]:
        """The controls that counter a threat there, each with the kind of subject that it is asked of."""
        if (kind, threat) not in self._asked:
            controls = [c for c in self._engine.controls.values() if threat in c.threats]
            found = [(c, kind) for c in controls if kind in c.subjects]
            if kind == "actor" and threat in _ON_FLOWS:
                found += [(c, "flow") for c in controls if "flow" in c.subjects and c.layer in _OF_CALLERS]
            self._asked[kind, threat] = found
        return self._asked[kind, threat]

    def _held(self, kind: str, threat: str) -> _Held:
        found = [_Held(0, 0, 0)]
        for control, asked in self._countering(kind, threat):
            d = self._engine.decide(control, asked)
            held = _Held(d.gap, d.unknown, d.satisfied)
            if control.disabled:  # what it would have found is not known
                held = _Held(0, d.gap | d.unknown | d.satisfied, 0)
            found.append(held if asked == kind else self._at_callers(held))
        return _Held(*(reduce(or_, column) for column in zip(*found, strict=True)))

    def _at_callers(self, held: _Held) -> _Held:
        """What is so of flows as what is so of the actors that open them."""
        actors, flows = self._graph.positions["actor"], self._engine.size("flow")
        out = self._graph.flows_out

        def lifted(which: int) -> int:
            flags = bits.to_flags(which, flows)
            return bits.from_flags(bytes(any(flags[f] for f in out[actor]) for actor in actors))

        return _Held(*map(lifted, held))

    def _in_scope(self, kind: str) -> int:
        return (1 << self._engine.size(kind)) - 1 & ~self._engine.out_of_scope(kind)

    def _concerned(self, kind: str, threat: str, *, expected: bool = True) -> int:
        """Of LINDDUN what may have personal data; of repudiation, where it is `expected`, stores of logs."""
        everything = (1 << self._engine.size(kind)) - 1
        if threat in LINDDUN:
            return everything & ~self._engine.truth(_PERSONAL, kind)[1]
        if expected and kind == "store" and threat == "repudiation":
            return self._engine.truth(_LOGS, kind)[0]
        return everything

    def _answers(self, kind: str, threat: str, i: int) -> Iterator[tuple[Verdict, str]]:
        for control, asked in self._countering(kind, threat):
            ids = self._graph.subjects[asked]
            for j in (i,) if asked == kind else self._graph.flows_out[self._graph.positions["actor"][i]]:
                verdict = self._engine.decide(control, asked).verdict(j)
                if control.disabled and verdict is not Verdict.NOT_APPLICABLE:
                    verdict = Verdict.UNKNOWN
                yield verdict, result_key(control.id, asked, ids[j])


def _only(column: ThreatColumn, subjects: Collection[str]) -> ThreatColumn:
    kept = [i for i, name in enumerate(column.ids) if subject_key(column.subject_kind, name) in subjects]
    ids, statuses = (tuple(column.ids[i] for i in kept), bytes(column.statuses[i] for i in kept))
    return column._replace(ids=ids, statuses=statuses)
