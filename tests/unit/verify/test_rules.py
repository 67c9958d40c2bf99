"""Every rule by which a verdict comes about is accepted where it decides, and any other is rejected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.evaluate.build import DAY, control
from tests.unit.verify.build import SHIPPED, changed, checked, proved, rejected, reviewed, rows
from threatmodel.api import load
from threatmodel.catalog import Control
from threatmodel.catalog.controls import Change
from threatmodel.errors import Span

COVERED = control(
    when={"kind": "cache"},
    expect={"tenancy": "single"},
    covered_by=[{"host": True}, {"boundary": "inside"}, {"baseline": True}],
    mechanisms={"weak": ["md5", "no salt"], "strong": ["aes"], "alone": ["sum"]},
)
FLOW = control(
    subject="flow",
    covered_by=[
        {"ends": ["source", "target"]},
        {"host": True},
        {"boundary": ["inside", "entering", "leaving"]},
        {"baseline": True},
    ],
)
HOSTED = control(subject="flow", covered_by=[{"host": True}])
UPSTREAM = control("c", "service", covered_by=[{"upstream": True}])
OBLIGED = control("o", "store", expect={"every_path_passes": "c"})
SHOWN = control("c", "service")
CLAIMING = control(
    "o",
    "store",
    expect={"any": [{"claimed": "c"}, {"all": [{"satisfied": "c"}, {"not": {"kind": "queue"}}]}]},
)
EITHER = control("o", "store", expect={"any": [{"claimed": "c"}, {"tenancy": "single"}]})
OTHER = control("c", "store", expect={"tenancy": "single"})

ASKED: dict[str, tuple[Control, ...]] = {
    "covered": (COVERED,),
    "flows": (FLOW,),
    "hosted": (HOSTED,),
    "upstream": (UPSTREAM,),
    "nearer": (control("c", "service", covered_by=[{"upstream": True}, {"boundary": "inside"}]),),
    "claimed": (EITHER, control("c", "store")),
    "boundaries": (control("c", "boundary", covered_by=[{"boundary": "inside"}]),),
    "hosts": (control("c", ["store", "host"], covered_by=[{"host": True}]),),
    "obliged": (OBLIGED, SHOWN),
    "claiming": (CLAIMING, OTHER),
    "baseline": (control(subject="party", covered_by=[{"baseline": True}]),),
}
ROWS = rows("rules.yaml")
RULES = pytest.mark.parametrize("row", ROWS, ids=[f"{row['rule']}: {row['key']}" for row in ROWS])
EVERY = (
    *("1 not needed", "1 out of scope", "1 stated", "1 need unknown", "1 no path", "2 stated", "3 inherited"),
    *("3 upstream", "4 expected", "5 inherited", "6 baseline", "7 nobody said"),
)


def _entry(proof: dict[str, Any], table: str, key: str) -> int:
    name, _, subject = key.partition("@")
    subject = subject.partition(":")[2] or subject
    [at] = [i for i, e in enumerate(proof[table]) if (e["control"], e["id"]) == (name, subject)]
    return at


def test_the_table_has_every_rule() -> None:
    assert {row["rule"] for row in ROWS} == set(EVERY)


@RULES
def test_the_rule_that_decides_is_accepted_and_no_other_verdict_or_rule_is(row: dict[str, str]) -> None:
    verdict, rule = row["verdict"], row["rule"]
    review = reviewed(row["model"], *ASKED[row["asked"]])
    proof = proved(review)
    assert checked(proof, review).differences == ()
    at = _entry(proof, "verdicts", row["key"])
    entry = proof["verdicts"][at]
    assert (entry["verdict"], entry["rule"]) == (verdict, rule)
    for other in {"satisfied", "gap", "unknown", "not-applicable"} - {verdict}:
        assert rejected(changed(proof, "verdicts", at, "verdict", to=other), review), other
    for other in {*EVERY, "8"} - {rule}:
        assert rejected(changed(proof, "verdicts", at, "rule", to=other), review), other
    for when in {True, False, None} - {entry["when"]}:
        assert rejected(changed(proof, "verdicts", at, "when", to=when), review), when
    for place in ("line", "column", "file"):
        elsewhere = "n.yaml" if place == "file" else 99
        assert rejected(changed(proof, "verdicts", at, place, to=elsewhere), review), place


@RULES
def test_what_is_said_is_accepted_as_it_stands_and_nothing_else_is(row: dict[str, str]) -> None:
    review = reviewed(row["model"], *ASKED[row["asked"]])
    proof = proved(review)
    for at, step in enumerate(proof["steps"]):
        for expect in {True, False, None} - {step["expect"]}:
            assert rejected(changed(proof, "steps", at, "expect", to=expect), review)
        assert rejected(changed(proof, "steps", at, "verdict", to="other"), review)
        assert rejected(
            changed(proof, "steps", at, "statements", to=[*step["statements"], *step["statements"], {}]),
            review,
        )
        for n, said in enumerate(step["statements"]):
            where: tuple[str | int, ...] = ("steps", at, "statements", n)
            assert rejected(changed(proof, "steps", at, "statements", to=step["statements"][:n]), review)
            for word in {"implemented", "bare", "absent", "weak"} - {said["counts"]}:
                assert rejected(changed(proof, *where, "counts", to=word), review)
            for name in ("place", "id"):
                assert rejected(changed(proof, *where, name, to="elsewhere"), review)
            for name, other in (
                ("value", "aes-512"),
                ("line", 99),
                ("column", 99),
                ("file", "x"),
                ("keys", []),
            ):
                assert rejected(changed(proof, *where, "text", name, to=other), review)


@pytest.mark.parametrize("table", ["model", "catalog"])
def test_the_digest_of_each_file_is_compared(table: str) -> None:
    review = reviewed("stores: {d: {kind: cache}}", COVERED)
    proof = proved(review)
    assert proof[table]
    for at in range(len(proof[table])):
        assert rejected(changed(proof, table, at, "sha256", to="0" * 64), review)
        assert rejected(changed(proof, table, at, "file", to="other.yaml"), review)
    assert rejected({**proof, table: proof[table][1:]}, review)


@pytest.mark.parametrize("table", ["steps", "facts"])
def test_what_no_verdict_rests_on_and_what_is_missing_is_rejected(table: str) -> None:
    review = reviewed("stores: {d: {kind: cache}, e: {kind: queue}}", COVERED)
    proof = proved(review)
    assert rejected({**proof, table: [*proof[table], {**proof[table][0], "id": "f"}]}, review)
    assert rejected({**proof, table: proof[table][1:]}, review)


def test_a_verdict_on_what_nobody_asks_is_told_as_listed_without_reason() -> None:
    review = reviewed("stores: {d: {kind: cache}}", COVERED)
    proof = proved(review)
    for key, other in (("control", "x"), ("id", "x"), ("kind", "service"), ("kind", "x")):
        found = checked(changed(proof, "verdicts", 0, key, to=other), review)
        assert any(d.table == "verdicts" and d.text is None for d in found.differences)


def test_a_control_that_is_disabled_has_no_proof_and_no_proof_of_it_holds() -> None:
    review = reviewed("stores: {d: {kind: cache}}", COVERED)
    off = COVERED._replace(
        disabled=Change("c", "own", "disable", "", True, "by us", Span("o.yaml", 1, 1, 1, 2))
    )
    without = reviewed("stores: {d: {kind: cache}}", off)
    assert proved(without)["verdicts"] == []
    assert rejected(proved(review), without)


def test_no_file_of_a_model_passes_for_another(tmp_path: Path) -> None:
    main, part = tmp_path / "main.yaml", tmp_path / "part.yaml"
    main.write_text("threatmodel: 1\nname: m\ninclude: part.yaml\nservices: {s: }\n", encoding="utf-8")
    part.write_text("threatmodel: 1\nstores: {d: {kind: cache}}\n", encoding="utf-8")
    review = load(main, SHIPPED, DAY)
    proof = json.loads(review.proof([("encrypt-at-rest", "store", "d")]))
    assert checked(proof, review).differences == ()
    [first, second] = proof["model"]
    one = {**second, "file": first["file"]}
    for files in ([first], [second], [one], [one, {**first, "file": second["file"]}]):
        for proof_ in ({**proof, "model": files}, json.loads(json.dumps(proof).replace("main.", "part."))):
            assert rejected({**proof_, "model": files}, review), files


def test_a_proof_may_speak_of_fewer_verdicts_with_no_more_than_they_rest_on() -> None:
    review = reviewed("stores: {d: {kind: cache}, e: {kind: queue}}", COVERED)
    proof = json.loads(review.proof([("c", "store", "e")]))
    assert [v["id"] for v in proof["verdicts"]] == ["e"]
    assert proof["steps"] == []
    assert checked(proof, review).differences == ()
