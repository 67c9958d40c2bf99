"""Makes proofs of verdicts: what the engine decided and why, in the form that the checker decides again.

The checker is asked which answers it needs; every answer that is written is the engine's. So a proof is
rejected where the two disagree, and never bent to fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from threatmodel.catalog import Route as Obligation
from threatmodel.evaluate import Decision, Engine
from threatmodel.evaluate.verdicts.inheritance import speaking
from threatmodel.evaluate.verdicts.statements import LACKING, OUT, SATISFYING
from threatmodel.evaluate.verdicts.statements import Said as Heard
from threatmodel.graph.paths import calls_of
from threatmodel.graph.subject import Subject
from threatmodel.logic import Choice, Domain, Known, Members, Range, bits
from threatmodel.logic import Value as FactValue
from threatmodel.results import Verdict
from threatmodel.verify import (
    FORMAT,
    FORMAT_KEY,
    Asked,
    Catalog,
    Decided,
    Entity,
    Route,
    Rules,
    Said,
    Shown,
    Step,
    Text,
    Trace,
    Truth,
    Way,
    quote,
    tables,
)

_VERDICTS: Final = {True: "satisfied", False: "gap", None: "unknown"}


def prove(engine: Engine, catalog: Catalog, asked: Iterable[Asked]) -> str:
    """The proof of the verdicts of some controls for some subjects: (control, kind, id) each."""
    answers = _Answers(engine)
    model = engine.graph.model
    text = Text(model.documents, catalog.words, engine.graph.as_of)
    rules = Rules(text, catalog.control, answers)
    for control, kind, name in asked:
        rules.verdict(control, text.entities[kind, name])
    needed = rules.trace
    trace = Trace(
        {key: answers.verdict(*key) for key in needed.verdicts},
        {key: answers.step(*key) for key in needed.steps},
        {key: answers.shown(*key) for key in needed.shown},
        {(route, kind, name): answers.way_to(route, kind, name) for route, kind, name in needed.ways},
        {key: (answers.value(*key), False) for key in needed.facts},
    )
    found = tables(text, trace, catalog.read(trace))
    for key, fact in zip(needed.facts, found["facts"].values(), strict=True):
        fact["from"] = [quote(model.documents, at) for at in answers.places(*key)]
    lines = [f'"{FORMAT_KEY}": {FORMAT}', f'"as_of": {_json(engine.graph.as_of)}']
    lines += [f"{_json(name)}: {_lines(map(_json, table.values()))}" for name, table in found.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


class _Answers:
    """What the engine says, subject by subject."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graph = engine.graph

    def fact(self, name: str, of: Entity) -> Any:
        """The value of a fact, as the rules ask for it."""
        return self.value(name, of.kind, of.id)

    def way(self, route: Route, to: Entity) -> Way:
        """The claim about paths to a subject, as the rules ask for it."""
        return self.way_to(route, to.kind, to.id)

    def value(self, name: str, kind: str, subject: str) -> Any:
        """The value of a fact."""
        column = self._engine.column(kind, name)
        return _plain(
            column.table[column.codes[self._at(kind, subject)]], self._engine.fact(kind, name).domain
        )

    def places(self, name: str, kind: str, subject: str) -> list[tuple[int | str, ...]]:
        """Where the keys stand that make the value of a fact."""
        found = self._engine.fact(kind, name).places(self._graph, Subject(kind, self._at(kind, subject)))
        return list(dict.fromkeys((*at, key) if key else at for at, key in found if at))

    def verdict(self, name: str, kind: str, subject: str) -> Decided:
        """A verdict, and the first rule that gives it."""
        engine, i = self._engine, self._at(kind, subject)
        control = engine.controls[name]
        d = engine.decide(control, kind)
        when = engine.outcome(control.when, kind, i)
        return Decided(d.verdict(i).word, self._first(name, d, when, kind, i), when)

    def _first(self, name: str, d: Decision, when: Truth, kind: str, i: int) -> str:
        if when is False:
            return "1 not needed"
        if self._engine.out_of_scope(kind) >> i & 1:
            return "1 out of scope"
        rule = _rule(d, i)
        if d.verdict(i) is Verdict.NOT_APPLICABLE and rule != "1 stated":
            return "1 no path"
        return "1 need unknown" if when is None and rule != "1 stated" else rule

    def step(self, name: str, kind: str, subject: str) -> Step:
        """What a control comes to once it is needed."""
        engine, i = self._engine, self._at(kind, subject)
        d = engine.decide(engine.controls[name], kind)
        rule = _rule(d, i)
        verdict = _VERDICTS[bits.truth_at(engine.held(name, kind), i)]
        return Step(
            "not-applicable" if rule == "1 stated" else verdict,
            rule,
            (None, True, False)[d.expected[i]],
            self._said(name, kind, i),
        )

    def shown(self, name: str, kind: str, subject: str) -> Shown:
        """Whether something on a path shows a control."""
        engine, i, calls = self._engine, self._at(kind, subject), calls_of(self._graph)
        if not (calls.flow_counts[i] if kind == "flow" else calls.element_counts[self._graph.index[subject]]):
            return Shown(False, ())
        return Shown(bits.truth_at(engine.ways.evidence.of(name, kind), i), self._said(name, kind, i))

    def way_to(self, route: Route, kind: str, subject: str) -> Way:
        """Whether every path passes a route: the witness where not all do, else what is still reached."""
        ways, i = self._engine.ways, self._at(kind, subject)
        found = Obligation(*route)
        if not ways.reached(found, kind) >> i & 1:
            return Way(None, False)
        yes, no = ways.truth(found, kind)
        names = self._graph.elements
        if yes >> i & 1:
            return Way(True, True, closed=tuple(names[e] for e in ways.without(found)))
        certain = bool(no >> i & 1)
        path = ways.witness(found, kind, i, certain=certain)
        if path is None:  # all known paths pass, and others may be drawn, or begin at whom nobody knows
            return Way(None, True)
        flows = self._graph.flows
        hops = (flows[h.flow].id if h.flow >= 0 else f"<{flows[~h.flow].id}" for h in path.hops)
        return Way(False if certain else None, True, names[path.source], tuple(hops))

    def _said(self, name: str, kind: str, i: int) -> tuple[Said, ...]:
        """All that is said of a control for a subject, the nearest first."""
        engine, graph = self._engine, self._graph
        control, places = engine.controls[name], engine.statements.of(name)
        heard = speaking(graph, control, kind, i, places)
        if places.baseline and control.covered_by.baseline and engine.operated(kind)[i]:
            heard.append(places.baseline)
        near = (f"{kind} `{graph.subjects[kind][i]}`", f"{kind} type `")
        return tuple(_said(s) for s in heard if s.weight not in OUT or s.where.startswith(near))

    def _at(self, kind: str, subject: str) -> int:
        return self._graph.order[kind][subject]


def _rule(d: Decision, i: int) -> str:
    """The rule that decides subject `i` once the control is needed."""
    own, inherited = d.stated(i), d.provider(i)
    if own:
        return "1 stated" if own.weight in OUT else "2 stated"
    if inherited and inherited.weight in SATISFYING:
        return "3 inherited"
    if d.upstream >> i & 1:
        return "3 upstream"
    if d.expected[i]:
        return "4 expected"
    if inherited and inherited.weight in LACKING:
        return "5 inherited"
    return "6 baseline" if d.baseline and d.based[i] else "7 nobody said"


def _said(heard: Heard) -> Said:
    kind, _, name = heard.where.partition(" `")
    place = ("baseline", "") if kind == "the baseline" else (kind, name.removesuffix("`"))
    return Said(0, 0, heard.weight, place, heard.statement.at)


def _plain(value: FactValue, domain: Domain) -> Any:
    """A value as a proof writes it."""
    match value:
        case Known(frozenset() as words):
            return {"certain": sorted(words), "possible": sorted(words)}
        case Known(word):
            return {"one_of": [word]}
        case Range(low, high):
            return {"one_of": [None, *domain.words][low + 1 : high + 2]}
        case Choice(options):
            return {"one_of": sorted(options)}
        case Members(certain, possible):
            return {
                "certain": sorted(certain),
                "possible": None if possible is None else sorted(possible),
            }
        case _:
            return None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(entries: Iterable[str]) -> str:
    """A list with one entry on each line, so that proofs can be compared line by line."""
    return "[\n" + ",\n".join(entries) + "\n]"
