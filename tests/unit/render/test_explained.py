"""An explanation fits one screen, keeps hostile text quiet, and says what comes next."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.render.written import NOBODY, premise, stated
from threatmodel.errors import Span
from threatmodel.render.explanation import at_its_flows, explanation_text, results_text
from threatmodel.results import BASELINE, Cause, DeclareKey, Filled, Place, Question, Step, Verdict
from threatmodel.results.explanation import Explanation, ListedResult

PLACE = Span("m.yaml", 3, 5, 3, 9)


def explained(**more: Any) -> Explanation:
    plain: dict[str, Any] = {
        "key": "c@a->b",
        "title": "Something holds",
        "verdict": Verdict.GAP,
        "severity": "high",
        "severity_from": ("control: medium", "exposure: +1"),
        "disposition": "open",
        "decision": "",
        "planned": False,
        "span": PLACE,
        "because": stated("absent"),
        "rests_on": (premise("`a`", PLACE),),
        "needed": (premise("on", None, "What it is."),),
        "overrode": (),
        "fix": Filled("Mend it.", ()),
        "questions": (),
        "keys": (),
        "places": (),
    }
    return Explanation(**{**plain, **more})


def text(model: str = "", width: int = 100, **more: Any) -> str:
    return explanation_text(explained(**more), model, width, color=False)


def test_a_gap_reads_from_verdict_over_reasons_to_what_comes_next() -> None:
    assert (
        text("my model.yaml")
        == """\
c@a->b: gap · high · open
Something holds
m.yaml:3:5

WHY IT IS A GAP  stated here: absent
  - `a` is false · m.yaml:3:5

WHY IT IS ASKED
  - on is false (what it is)

WHY HIGH  the control's own, moved one step at most by what is at stake and who gets at it
  control: medium; exposure: +1

WHAT TO DO
  Mend it.
  next: threatmodel fix 'my model.yaml' --key 'c@a->b'
        the cheapest work that closes it
"""
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"disposition": "waived", "decision": "cheap (me)"}, "waived: cheap (me)"),
        ({"disposition": "planned", "decision": "me, due 2030-01-01"}, "planned: me, due 2030-01-01"),
        ({"planned": True}, "It stands as planned, and fails no check, once the statement has an `owner`"),
        (
            {"overrode": (premise("the mesh says so"),)},
            "AGAINST IT  did not count\n  - the mesh says so",
        ),
    ],
)
def test_a_gap_says_how_it_is_dealt_with_and_what_speaks_against_it(more: dict[str, Any], told: str) -> None:
    assert told in text(**more)


UNKNOWN: dict[str, Any] = {
    "verdict": Verdict.UNKNOWN,
    "disposition": None,
    "fix": None,
    "because": NOBODY,
}
QUESTION = Question(Filled("is it so?", ()), DeclareKey("c", ("a->b",)), "a->b", "high", None, ("c@a->b",))


def test_an_unknown_result_says_what_to_answer_and_where() -> None:
    places = (Place("flow", "a->b"), BASELINE)
    found = text(
        **UNKNOWN, questions=(QUESTION, QUESTION), keys=(DeclareKey("protocol", ("a->b",)),), places=places
    )
    assert found.startswith("c@a->b: unknown\n")
    assert "HIGH IF MISSING" in found
    assert (
        found.partition("WHAT TO SAY\n")[2]
        == """\
  - is it so?
    answer: `c` of `a->b` · settles 1 result
  - or: is it so?
    answer: `c` of `a->b` · settles 1 result
  - or, if that tells it already, `protocol` of `a->b`
  - it may be stated at each of these, and the nearest counts: flow `a->b`, the baseline
  - write what does it, as in `c: its mechanism`, or `c: false` where it is missing
"""
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "  Nothing is asked: whether or not it is needed, all that it asks for is there.\n"),
        (
            {"keys": (DeclareKey("kind", ("d",)), DeclareKey("host", ("d",)))},
            "  - say `kind` of `d`\n  - or, if that tells it already, ",
        ),
        (
            {"fix": Filled("Close it.", ()), "disposition": "unknown"},
            "else it is a way round, and\n  what closes it is this:\n",
        ),
    ],
)
def test_an_unknown_result_without_a_question_says_what_helps(more: dict[str, Any], told: str) -> None:
    assert told in text(**{**UNKNOWN, **more})


@pytest.mark.parametrize(
    ("verdict", "heading"),
    [(Verdict.SATISFIED, "WHY IT IS SATISFIED"), (Verdict.NOT_APPLICABLE, "WHY IT IS NOT ASKED")],
)
def test_what_is_satisfied_or_not_asked_asks_for_nothing(verdict: Verdict, heading: str) -> None:
    found = text(verdict=verdict, severity="", disposition=None, fix=None, needed=(), span=None)
    head = f"c@a->b: {verdict.word}\nSomething holds\n"
    assert found == f"{head}\n{heading}  stated here: absent\n  - `a` is false · m.yaml:3:5\n"


def test_results_are_listed_gaps_first_and_what_does_not_apply_is_counted() -> None:
    found = [
        ListedResult("a", Verdict.SATISFIED, "", None, Cause(Step.SHOWN)),
        ListedResult("b", Verdict.UNKNOWN, "high", "unknown", Cause(Step.OPEN_PATH)),
        ListedResult("c", Verdict.GAP, "low", "waived", stated("absent")),
        ListedResult("d", Verdict.NOT_APPLICABLE, "", None, Cause(Step.NOT_NEEDED)),
    ]
    assert (
        results_text(found, 100, color=False)
        == """\
  gap        c · low · waived · stated here: absent
  unknown    b · high · possible bypass · a path may go round it
  satisfied  a · the model shows it
  and 1 not applicable
"""
    )
    assert results_text([], 100, color=False) == ""


def test_what_is_asked_at_the_flows_of_an_element_is_counted() -> None:
    flows = {"a->b": {Verdict.UNKNOWN: 2, Verdict.GAP: 1, Verdict.NOT_APPLICABLE: 5}, "b->c": {}}
    assert at_its_flows(flows, 100, color=False) == (
        "  flow a->b · 1 gap, 2 unknown\n  flow b->c · nothing is asked of it\n"
    )
    assert at_its_flows({}, 100, color=False) == ""


def test_hostile_text_moves_no_cursor() -> None:
    hostile = "\x1b[2J`x`\r\n"
    shown = premise(hostile, Span(hostile, 1, 1, 1, 1), hostile)
    key = DeclareKey(hostile, (hostile,))
    question = QUESTION._replace(asks=Filled(hostile, ()), answer=key)
    for color in (False, True):
        found = explanation_text(
            explained(
                key=f"c@{hostile}",
                title=hostile,
                verdict=Verdict.UNKNOWN,
                decision=hostile,
                because=stated(hostile),
                span=shown.span,
                rests_on=(shown,),
                needed=(shown,),
                overrode=(shown,),
                fix=Filled(hostile, ()),
                questions=(question,),
                keys=(key,),
                places=(Place(hostile, hostile),) * 2,
            ),
            hostile,
            80,
            color,
        )
        listed = results_text([ListedResult(hostile, Verdict.GAP, "low", "open", stated(hostile))], 80, color)
        assert "\x1b[2J" not in found + listed
        assert "\r" not in found + listed
