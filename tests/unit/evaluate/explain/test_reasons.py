"""Reasons name what decided, what it rests on and what it overrode; texts are filled for one subject."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine, why
from threatmodel.evaluate import fill
from threatmodel.evaluate.explain.reasons import premises, subject_span
from threatmodel.logic import UNKNOWN, Choice, Domain, Known, Members, Range, Value
from threatmodel.logic.description import describe
from threatmodel.render.text.messages import filled_text
from threatmodel.render.text.reasons import meaning_of, premise_text, reason_text

COVERED = control(
    expect={"tenancy": "single"},
    covered_by=[{"host": True}, {"boundary": "inside"}, {"baseline": True}],
    mechanisms={"weak": ["md5"]},
)


def overrode(text: str, key: str = "c@d") -> list[str]:
    return [premise_text(premise) for premise in why(engine(text, COVERED), key).overrode]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stores: {d: {tenancy: shared, controls: {c: true}}}", ["store `d` says `c`: bare"]),
        ("stores: {d: {tenancy: shared, controls: {c: vault}}}", ["tenancy is shared"]),
        ("stores: {d: {tenancy: single, controls: {c: false}}}", ["tenancy is single"]),
        ("stores: {d: {tenancy: single, controls: {c: vault}}}", []),
        (
            "stores: {d: {controls: {c: planned}}}\nbaseline: {c: vault}",
            ["the baseline says `c`: implemented, by `vault`"],
        ),
        (
            "stores: {d: {tenancy: shared}}\nbaseline: {c: vault}",
            ["the baseline says `c`: implemented, by `vault`"],
        ),
        ("stores: {d: {tenancy: single}}\nbaseline: {c: false}", ["the baseline says `c`: absent"]),
        (
            """
boundaries: {a: {controls: {c: vault}}, b: {parent: a, controls: {c: false}}}
stores: {d: {boundary: b}}
""",
            ["boundary `a` says `c`: implemented, by `vault`"],
        ),
        (
            """
boundaries: {a: {controls: {c: false}}, b: {parent: a, controls: {c: vault}}}
stores: {d: {boundary: b, tenancy: shared}}
""",
            ["boundary `a` says `c`: absent", "tenancy is shared"],
        ),
        (
            """
boundaries: {b: {controls: {c: true}}}
stores: {d: {boundary: b, tenancy: shared}}
""",
            ["boundary `b` says `c`: bare"],
        ),
        (
            """
types: {stores: {t: {controls: {c: vault}}}}
stores: {d: {type: t, controls: {c: false}}}
""",
            ["store type `t` says `c`: implemented, by `vault`"],
        ),
        (
            """
boundaries: {b: {controls: {c: false}}}
stores: {d: {boundary: b, tenancy: single}}
""",
            ["boundary `b` says `c`: absent"],
        ),
    ],
)
def test_a_verdict_names_all_that_speaks_against_it(text: str, expected: list[str]) -> None:
    assert overrode(text) == expected


def test_of_two_ends_the_one_that_did_not_count_is_named() -> None:
    text = """
services: {s: {controls: {c: vault}}, t: {controls: {c: false}}}
flows: [{from: s, to: t}]
"""
    found = why(engine(text, control(subject="flow", covered_by=[{"ends": ["source", "target"]}])), "c@s->t")
    assert reason_text(found.because) == "inherited from service `t`: absent"
    assert [premise_text(p) for p in found.overrode] == ["service `s` says `c`: implemented, by `vault`"]


def test_a_statement_is_told_with_all_that_it_says() -> None:
    text = """
services: {k: }
stores:
  d:
    controls:
      c: {status: alternative, mechanism: vault, by: k, evidence: [audit.pdf, x], reason: cheaper, owner: me}
"""
    found = why(engine(text, COVERED), "c@d")
    told = (
        "store `d` says `c`: alternative, by `vault`, resting on `k`, "
        "shown by `audit.pdf`, `x`, because `cheaper`"
    )
    assert [premise_text(p) for p in found.premises] == [told]
    assert [str(p.span) for p in found.premises] == ["m.yaml:6:7"]
    assert found.statement is not None
    assert found.statement.owner == "me"


@pytest.mark.parametrize(
    ("when", "model", "expected"),
    [
        ({"kind": "cache", "tenancy": "single"}, "{kind: queue}", ["kind is queue"]),
        ({"kind": "cache", "tenancy": "single"}, "{tenancy: single}", ["kind is unknown"]),
        ({"kind": "cache", "tenancy": "single"}, "{}", ["kind is unknown", "tenancy is unknown"]),
        ({"any": [{"kind": "cache"}, {"tenancy": "single"}]}, "{kind: queue}", ["tenancy is unknown"]),
        ({"not": {"kind": "cache"}}, "{kind: cache}", ["kind is cache"]),
    ],
)
def test_a_condition_rests_on_the_leaves_that_decided_it_or_left_it_open(
    when: dict[str, object], model: str, expected: list[str]
) -> None:
    found = why(engine(f"stores: {{d: {model}}}", control(when=when)), "c@d")
    assert [premise_text(p) for p in found.premises] == expected


@pytest.mark.parametrize(
    ("word", "said", "expected", "place"),
    [
        (
            "claimed",
            "vault",
            "`other` holds here: store `d` says `other`: implemented, by `vault`",
            "m.yaml:1:38",
        ),
        ("claimed", "false", "`other` does not hold here: store `d` says `other`: absent", "m.yaml:1:38"),
        ("claimed", "{evidence: {link: x, until: 2000-01-01}}", "nobody states `other` here", "None"),
        ("satisfied", "{evidence: {link: x, until: 2000-01-01}}", "nobody states `other` here", "None"),
        (
            "satisfied",
            "{status: not-applicable, reason: r}",
            "`other` is not known here: store `d` says `other`: not-applicable, because `r`",
            "m.yaml:1:38",
        ),
    ],
)
def test_another_control_is_a_premise_with_what_decided_it(
    word: str, said: str, expected: str, place: str
) -> None:
    asked = control(expect={"any": [{"kind": "queue"}, {word: "other"}]}, when={"tenancy": "single"})
    world = engine(f"stores: {{d: {{kind: cache, controls: {{other: {said}}}}}}}", asked, control("other"))
    found = premises(world, asked.expect, "store", 0)
    assert expected in [premise_text(p) for p in found]
    assert [str(p.span) for p in found if premise_text(p) == expected] == [place]


def test_another_control_that_the_facts_decide_says_so() -> None:
    asked = control(expect={"any": [{"kind": "queue"}, {"claimed": "other"}]})
    other = control("other", expect={"tenancy": "single"})
    for tenancy, told in (
        ("single", "`other` holds here: the model shows it"),
        ("shared", "`other` does not hold here: the model shows the contrary"),
    ):
        world = engine(f"stores: {{d: {{kind: cache, tenancy: {tenancy}}}}}", asked, other)
        assert told in [premise_text(p) for p in premises(world, asked.expect, "store", 0)]


def test_a_reason_tells_what_decided_apart_from_why_it_was_asked() -> None:
    asked = control(when={"kind": "cache"}, expect={"tenancy": "single"})
    for said, rests_on in (
        ("", ["tenancy is unknown"]),
        (", tenancy: shared", ["tenancy is shared"]),
        (", controls: {c: vault}", ["store `d` says `c`: implemented, by `vault`"]),
    ):
        found = why(engine(f"stores: {{d: {{kind: cache{said}}}}}", asked), "c@d")
        assert [premise_text(p) for p in found.rests_on] == rests_on
        assert [premise_text(p) for p in found.needed] == ["kind is cache"]
        assert found.premises == (*found.rests_on, *found.needed)
    open_need = why(engine("stores: {d: }", asked), "c@d")
    assert [premise_text(p) for p in open_need.rests_on] == ["kind is unknown"]
    assert open_need.needed == ()


def test_a_premise_about_a_fact_says_what_the_fact_means() -> None:
    found = why(engine("stores: {d: {tenancy: shared}}", control(expect={"tenancy": "single"})), "c@d")
    assert [meaning_of(p) for p in found.premises] == ["whether others share it"]


LEVEL = Domain("ordered", ("low", "moderate", "high", "critical"))
WORDS = Domain("enum")


@pytest.mark.parametrize(
    ("value", "domain", "expected"),
    [
        (Known(None), WORDS, "none"),
        (Known("cache"), WORDS, "cache"),
        (Known(True), WORDS, "true"),
        (Known(3), WORDS, "3"),
        (Known(frozenset({"b", "a"})), WORDS, "a, b"),
        (Known(frozenset()), WORDS, "none"),
        (Range(1, 1), LEVEL, "moderate"),
        (Range(-1, -1), LEVEL, "nothing"),
        (Range(-1, 3), LEVEL, "unknown"),
        (Range(-1, 1), LEVEL, "at most moderate"),
        (Range(1, 3), LEVEL, "at least moderate"),
        (Range(1, 2), LEVEL, "moderate to high"),
        (Choice(frozenset({"http", "grpc"})), WORDS, "one of grpc, http"),
        (Members(frozenset(), frozenset()), WORDS, "none"),
        (Members(frozenset({"a"}), frozenset({"a"})), WORDS, "a"),
        (Members(frozenset({"a"}), None), WORDS, "a, perhaps others"),
        (Members(frozenset(), frozenset({"a"})), WORDS, "perhaps a"),
        (Members(frozenset({"a"}), frozenset({"a", "b"})), WORDS, "a, perhaps b"),
        (Members(frozenset(), None), WORDS, "unknown"),
        (UNKNOWN, WORDS, "unknown"),
    ],
)
def test_a_value_is_told_as_far_as_it_is_known(value: Value, domain: Domain, expected: str) -> None:
    assert describe(value, domain) == expected


TEXTS = """
data: {x: , y: }
boundaries: {b: , m: {parent: b}}
services: {s: {boundary: b}, t: {boundary: m, holds: [y, x]}, u: {boundary: b, kind: api}}
stores: {d: {holds: []}}
flows: [{from: s, to: t, protocol: http, data: [y, x]}, {from: t, to: u}, {from: s, to: u, data: []}]
"""
GROUNDS = """
parties: {lab: }
actors: {user: }
services: {ours: , theirs: {party: lab}}
flows: [{from: user, to: ours}, {from: ours, to: theirs}]
"""


@pytest.mark.parametrize(
    ("kind", "subject", "template", "expected"),
    [
        ("flow", "s->t", "{flow} {subject}", "`s->t` `s->t`"),
        ("flow", "s->t", "{source} to {target}", "`s` to `t`"),
        ("flow", "s->t", "{data}", "`x`, `y`"),
        ("flow", "t->u", "{data}", "data that nobody listed"),
        ("flow", "s->u", "{data}", "none of the declared data"),
        ("flow", "s->t", "{boundaries}", "from `b` to `m`"),
        ("flow", "s->u", "{boundaries}", "within `b`"),
        ("flow", "s->t", "{transport.protocol}", "http"),
        ("flow", "s->t", "{service}", "`s->t`"),
        ("service", "t", "{service}: {data}", "`t`: `x`, `y`"),
        ("service", "s", "{data}", "data that nobody listed"),
        ("store", "d", "{data}", "none of the declared data"),
        ("service", "u", "{kind}", "api"),
        ("data", "x", "{data}", "`x`"),
        ("model", "model", "{data}", "data that nobody listed"),
        ("boundary", "b", "{data}", "data that nobody listed"),
        ("service", "t", "no braces { here }", "no braces { here }"),
    ],
)
def test_placeholders_are_filled_for_the_subject(
    kind: str, subject: str, template: str, expected: str
) -> None:
    world = engine(TEXTS)
    assert filled_text(fill(world, template, kind, world.graph.order[kind][subject])) == expected


@pytest.mark.parametrize(
    ("kind", "subject", "expected"),
    [("flow", "t->u", "m.yaml:6:57"), ("service", "s", "m.yaml:4:12"), ("model", "model", "m.yaml:2:1")],
)
def test_a_subject_stands_where_it_is_written(kind: str, subject: str, expected: str) -> None:
    world = engine(TEXTS)
    assert str(subject_span(world, kind, world.graph.order[kind][subject])) == expected


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("user->ours", "from outside to this system"),
        ("ours->theirs", "from this system to the ground of `lab`"),
    ],
)
def test_implied_ground_is_told_in_words(flow: str, expected: str) -> None:
    world = engine(GROUNDS)
    assert filled_text(fill(world, "{boundaries}", "flow", world.graph.order["flow"][flow])) == expected


@pytest.mark.parametrize("subject", ["data", "purpose", "party"])
def test_what_stands_nowhere_is_explained_by_what_it_says_itself(subject: str) -> None:
    section = {"data": "data", "purpose": "purposes", "party": "parties"}[subject]
    found = why(
        engine(f"{section}: {{x: {{controls: {{c: false}}}}}}", control(subject=subject)), f"c@{subject}:x"
    )
    assert (found.verdict.word, reason_text(found.because), found.overrode) == (
        "gap",
        "stated here: absent",
        (),
    )
