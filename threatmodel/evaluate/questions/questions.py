"""Unknown results as questions: each asks one statement or one key where one answer settles most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.catalog import SEVERITIES, Control, Leaf, leaves
from threatmodel.evaluate.explain.reasons import fill, subject_span
from threatmodel.evaluate.questions.bypasses import path_questions, told_elsewhere
from threatmodel.evaluate.questions.wording import key_questions, missing_key, open_needs, whether
from threatmodel.evaluate.severity import Risks
from threatmodel.evaluate.verdicts.coverage import FARTHEST
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.facts.fact import subject_at
from threatmodel.graph import Subject
from threatmodel.logic import bits
from threatmodel.results import BASELINE, Question, result_key

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


class _Place(NamedTuple):
    """A place that could state a control; the smaller `distance`, the nearer to the subject."""

    distance: int
    kind: str
    id: str


_EVERYWHERE = _Place(FARTHEST, *BASELINE)


def questions(engine: Engine) -> tuple[Question, ...]:
    """Every question; each unknown result is settled by one of them, unless all but its need is satisfied."""
    risks = Risks(engine)
    keyed, rest = open_needs(engine)
    without_key: dict[str, list[Subject]] = {}
    for asked in rest:
        without_key.setdefault(asked.control.id, []).append(Subject(asked.kind, asked.i))
    of_paths = tuple(path_questions(engine))
    waited_for = {question.answer for question in of_paths}
    stated = (
        question
        for control in engine.asked.values()
        for question in _of_control(engine, control, without_key.get(control.id, ()), risks, waited_for)
    )
    return ranked_questions(_merged((*stated, *key_questions(engine, keyed, risks), *of_paths)))


def _merged(found: Iterable[Question]) -> Iterable[Question]:
    """The same with one question for each answer: the statement that paths wait for may be asked already."""
    by_answer: dict[str, Question] = {}
    for question in found:
        known = by_answer.setdefault(question.answer, question)
        if known is not question:
            by_answer[question.answer] = known._replace(
                settles=tuple(dict.fromkeys((*known.settles, *question.settles))),
                severity=max(known.severity, question.severity, key=SEVERITIES.index),
            )
    return by_answer.values()


def stating_places(engine: Engine, control: Control, kind: str, i: int) -> Iterator[str]:
    """Where a control could be stated for a subject, the nearest first."""
    for place in sorted(_places(engine, control, Subject(kind, i))):
        yield "the baseline" if place == _EVERYWHERE else f"{place.kind} `{place.id}`"


def ranked_questions(found: Iterable[Question]) -> tuple[Question, ...]:
    """The gravest first, then those that settle most; ties by text."""
    return tuple(
        sorted(found, key=lambda q: (-SEVERITIES.index(q.severity), -len(q.settles), q.text, q.answer))
    )


def _of_control(
    engine: Engine,
    control: Control,
    without_key: Sequence[Subject],
    risks: Risks,
    waited_for: Collection[str],
) -> Iterator[Question]:
    """Questions about one control, first where a path waits for it: there the baseline shows nothing."""
    open_ = [*without_key]
    open_ += [
        Subject(kind, i)
        for kind in control.subjects
        for d in (engine.decide(control, kind),)
        for i in bits.indexes(d.unknown & d.needed & ~told_elsewhere(engine, control, kind), d.size)
    ]
    here = {answer for answer in waited_for if answer.startswith(f"`{control.id}` ")}
    shown = {asked: p for asked in open_ if here and (p := _awaited(engine, control, asked, here))}
    for place in dict.fromkeys(shown.values()):
        yield _question(engine, control, place, [a for a, p in shown.items() if p == place], risks)
    open_ = [asked for asked in open_ if asked not in shown]
    if control.covered_by.baseline:
        based = [asked for asked in open_ if _based(engine, asked)]
        if len(based) > 1:
            yield _question(engine, control, _EVERYWHERE, based, risks)
            open_ = [asked for asked in open_ if not _based(engine, asked)]
    by_place: dict[_Place, list[Subject]] = {}
    for asked in open_:
        for place in _places(engine, control, asked):
            by_place.setdefault(place, []).append(asked)
    remaining = set(open_)
    for place in sorted(by_place, key=lambda p: (-len(by_place[p]), p)):
        settled = [asked for asked in by_place[place] if asked in remaining]
        if settled:
            remaining.difference_update(settled)
            yield _question(engine, control, place, settled, risks)


def _awaited(engine: Engine, control: Control, asked: Subject, waited_for: Collection[str]) -> _Place | None:
    """The nearest place of a subject at which a path waits for a statement of the control."""
    places = _places(engine, control, asked)
    return next((p for p in places if _answer(control, p) in waited_for), None)


def _answer(control: Control, place: _Place) -> str:
    where = "the baseline" if place == _EVERYWHERE else f"`controls` of {place.kind} `{place.id}`"
    return f"`{control.id}` under {where}"


def _based(engine: Engine, asked: Subject) -> bool:
    return bool(engine.operated(asked.kind)[asked.position])


def _places(engine: Engine, control: Control, subject: Subject) -> Iterator[_Place]:
    for level in engine.coverage(control).levels(subject):
        for place in level.places:
            yield _Place(level.distance, *place)


def _question(
    engine: Engine, control: Control, place: _Place, settled: list[Subject], risks: Risks
) -> Question:
    keys = tuple(result_key(control.id, kind, engine.graph.subjects[kind][i]) for kind, i in settled)
    by_kind: dict[str, list[int]] = {}
    for kind, i in settled:
        by_kind.setdefault(kind, []).append(i)
    severity = max(
        {risks.of(control, kind).highest(found) for kind, found in by_kind.items()}, key=SEVERITIES.index
    )
    kind, first = settled[0]
    alone = len(settled) == 1 and (place.distance == 0 or kind == "model")
    answer = (alone and _key(engine, control, kind, first)) or _answer(control, place)
    span = subject_span(engine, kind, first) if alone else None
    if alone and control.question:
        text = fill(engine, control.question, kind, first)
        return Question(text, "", text, answer, place.id, severity, span, keys)
    whom = "all that we operate" if place == _EVERYWHERE else f"{place.kind} `{place.id}`"
    return whether(control, whom, answer, place.id, severity, keys, span)


def _key(engine: Engine, control: Control, kind: str, i: int) -> str:
    """The key of a subject that says what its control waits for, rather than a statement; "" for none."""
    at = subject_at(engine.graph, Subject(kind, i))
    for leaf in leaves(control.expect):
        if isinstance(leaf, Leaf) and engine.outcome(leaf, kind, i) is None:
            missing = missing_key(engine, leaf.fact, kind, i)
            if missing and missing.path == at and missing.key in _SAYING:
                return f"`{missing.key}` of `{engine.graph.subjects[kind][i]}`"
    return ""
