"""Unknown results as questions: each asks one statement or one key where one answer settles most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.catalog import Control, Leaf, leaves
from threatmodel.evaluate.explain.reasons import fill, subject_span
from threatmodel.evaluate.questions.bypasses import path_questions, settled_on_paths
from threatmodel.evaluate.questions.keys import (
    declare,
    gravest_of,
    key_questions,
    keys_of,
    missing_key,
    open_needs,
)
from threatmodel.evaluate.severity import Risks
from threatmodel.evaluate.verdicts.coverage import FARTHEST
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.facts.fact import subject_at
from threatmodel.graph import Subject
from threatmodel.logic import bits
from threatmodel.model.words import gravest, gravity
from threatmodel.results import BASELINE, ClaimAt, Declaration, DeclareKey, Place, Question, StateControl

_SAYING: Final = frozenset(
    (
        "agreements",
        "condition",
        "contacts",
        "epsilon",
        "epsilon_budget",
        "legal_basis",
        "needs",
        "protocol",
        "retention",
    )
)
"""Keys that are the natural answer to what a control asks; a statement would only claim it."""


class _Near(NamedTuple):
    """A place that could state a control; the smaller `distance`, the nearer to the subject."""

    distance: int
    place: Place


_EVERYWHERE = _Near(FARTHEST, BASELINE)


def questions(engine: Engine) -> tuple[Question, ...]:
    """Every question; each unknown result is settled by one of them, unless all but its need is satisfied."""
    risks = Risks(engine)
    keyed, rest = open_needs(engine)
    without_key: dict[str, list[Subject]] = {}
    for asked in rest:
        without_key.setdefault(asked.control.id, []).append(Subject(asked.kind, asked.i))
    of_paths = tuple(path_questions(engine, risks))
    awaited: dict[str, set[Place]] = {}
    for question in of_paths:
        if isinstance(question.answer, StateControl):
            awaited.setdefault(question.answer.control, set()).add(question.answer.place)
    stated = (
        question
        for control in engine.asked.values()
        for question in _of_control(
            engine, control, without_key.get(control.id, ()), risks, awaited.get(control.id, ())
        )
    )
    return ranked_questions(_merged((*stated, *key_questions(engine, keyed, risks), *of_paths)))


def _merged(found: Iterable[Question]) -> Iterable[Question]:
    """The same with one question for each answer: the statement that paths wait for may be asked already."""
    by_answer: dict[Declaration, Question] = {}
    for question in found:
        known = by_answer.setdefault(question.answer, question)
        if known is not question:
            by_answer[question.answer] = known._replace(
                settles=tuple(dict.fromkeys((*known.settles, *question.settles))),
                severity=gravest((known.severity, question.severity)),
            )
    return by_answer.values()


def stating_places(engine: Engine, control: Control, subject: Subject) -> Iterator[Place]:
    """Where a control could be stated for a subject, the nearest first."""
    return (near.place for near in sorted(_places(engine, control, subject)))


def ranked_questions(found: Iterable[Question]) -> tuple[Question, ...]:
    """The gravest first, then those that settle most."""
    return tuple(sorted(found, key=lambda q: (-gravity(q.severity), -len(q.settles))))


def _of_control(
    engine: Engine,
    control: Control,
    without_key: Sequence[Subject],
    risks: Risks,
    awaited: Collection[Place],
) -> Iterator[Question]:
    """Questions about one control, first where a path waits for it: there the baseline shows nothing."""
    open_ = [*without_key]
    open_ += [
        Subject(kind, i)
        for kind in control.subjects
        for d in (engine.decide(control, kind),)
        for i in bits.indexes(d.unknown & d.needed & ~settled_on_paths(engine, control, kind), d.size)
    ]
    if awaited:
        waiting = {asked: p for asked in open_ if (p := _awaited(engine, control, asked, awaited))}
        for place in dict.fromkeys(waiting.values()):
            yield _question(engine, control, place, [a for a, p in waiting.items() if p == place], risks)
        open_ = [asked for asked in open_ if asked not in waiting]
    if control.covered_by.baseline:
        ours = {kind: engine.operated(kind) for kind in control.subjects}
        based = [asked for asked in open_ if ours[asked.kind][asked.position]]
        if len(based) > 1:
            yield _question(engine, control, _EVERYWHERE, based, risks)
            open_ = [asked for asked in open_ if not ours[asked.kind][asked.position]]
    by_place: dict[_Near, list[Subject]] = {}
    for asked in open_:
        for place in _places(engine, control, asked):
            by_place.setdefault(place, []).append(asked)
    remaining = set(open_)
    for place in sorted(by_place, key=lambda p: (-len(by_place[p]), p)):
        settled = [asked for asked in by_place[place] if asked in remaining]
        if settled:
            remaining.difference_update(settled)
            yield _question(engine, control, place, settled, risks)


def _awaited(engine: Engine, control: Control, asked: Subject, awaited: Collection[Place]) -> _Near | None:
    """The nearest place of a subject at which a path waits for a statement of the control."""
    for level in engine.coverage(control).levels(asked):
        for place in level.places:
            if place in awaited:
                return _Near(level.distance, place)
    return None


def _places(engine: Engine, control: Control, subject: Subject) -> Iterator[_Near]:
    for level in engine.coverage(control).levels(subject):
        for place in level.places:
            yield _Near(level.distance, place)


def _question(
    engine: Engine, control: Control, near: _Near, settled: list[Subject], risks: Risks
) -> Question:
    asked = [(control, kind, i) for kind, i in settled]
    kind, first = settled[0]
    place = near.place
    alone = len(settled) == 1 and (near.distance == 0 or kind == "model")
    own = fill(engine, control.question, kind, first) if alone and control.question else None
    return Question(
        asks=own or ClaimAt(control.title, place),
        answer=(_key(engine, control, settled[0]) if alone else None) or StateControl(control.id, place),
        place=place.id,
        severity=gravest_of(risks, asked),
        span=subject_span(engine, kind, first) if alone else None,
        settles=keys_of(engine, asked),
    )


def _key(engine: Engine, control: Control, subject: Subject) -> DeclareKey | None:
    """The key of a subject that says what its control waits for, rather than a statement; None for none."""
    kind, i = subject
    at = subject_at(engine.graph, subject)
    for leaf in leaves(control.expect):
        if isinstance(leaf, Leaf) and engine.outcome(leaf, kind, i) is None:
            missing = missing_key(engine, leaf.fact, kind, i)
            if missing and missing.path == at and missing.key in _SAYING:
                return declare(missing.key, (engine.graph.id_of(subject),))
    return None
