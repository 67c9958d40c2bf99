"""A statement has many forms and one meaning; what names nothing in place is never taken for a safeguard."""

from __future__ import annotations

from typing import Any

import pytest

from threatmodel.model import Evidence, Statement

from .build import model, problems

AT = (0, "stores", "db", "controls", "backup")


def text(said: str) -> str:
    return f"stores: {{db: {{controls: {{backup: {said}}}}}}}\nhosts: {{vault: }}\nservices: {{kms: }}"


def statement(said: str) -> Statement:
    return model(text(said)).stores["db"].controls["backup"]


def a(status: Any, **values: Any) -> Statement:
    rest = {"mechanism": None, "by": None, "evidence": (), "reason": None, "owner": None, "due": None}
    return Statement("backup", AT, status, **{**rest, **values})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("true", a("implemented")),
        ("false", a("absent")),
        ("implemented", a("implemented")),
        ("planned", a("planned")),
        ("absent", a("absent")),
        ("nightly", a("implemented", mechanism="nightly")),
        ('" nightly "', a("implemented", mechanism="nightly")),
        ("{status: planned}", a("planned")),
        ("{mechanism: nightly}", a("implemented", mechanism="nightly")),
        ("{reason: x}", a("implemented", reason="x")),
        ("{status: partial, reason: only half}", a("partial", reason="only half")),
        ("{status: alternative, reason: r, mechanism: m}", a("alternative", reason="r", mechanism="m")),
        ("{status: not-applicable, reason: r}", a("not-applicable", reason="r")),
        ("{by: kms}", a("implemented", by=("kms",))),
        ("{by: [kms, vault, db]}", a("implemented", by=("kms", "vault", "db"))),
        ("{evidence: run.md}", a("implemented", evidence=(Evidence("run.md", None, None),))),
        ("{status: planned, owner: o, due: 2027-01-31}", a("planned", owner="o", due="2027-01-31")),
    ],
)
def test_every_form_is_read(said: str, expected: Statement) -> None:
    assert statement(said) == expected


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("true", True),
        ("implemented", True),
        ("{reason: r, owner: o}", True),
        ("nightly", False),
        ("{by: kms}", False),
        ("{evidence: x}", False),
    ],
)
def test_a_statement_that_names_nothing_is_bare(said: str, bare: bool) -> None:
    assert statement(said).bare is bare


NOTHING_IN_PLACE = (
    *"yes no on off none null n/a tbd todo unknown None N/A TBD ToDo y n na nil - ? ... !".split(),
    *("not yet", "no backup", "without copies", "disabled for now", "missing", "never tested", "todo: ask"),
    *(
        "plaintext",
        "Clear-Text",
        "plain text",
        "unencrypted volume",
        "unsigned jwt",
        "in progress",
        "in-progress",
    ),
    *("rollout in progress", "pending", "pending approval", "WIP", "tbc", "later", "later this year", "soon"),
    *("to be defined", "to be agreed", "will be done in Q3", "we plan AES", "AES-256 (currently turned off)"),
    *("optional", "deferred", "under review", "maybe", "block storage, unencrypted"),
    *("planned for spring", "partially rolled out", "cannot be done", "nothing", "not-encrypted", "Absent"),
)


@pytest.mark.parametrize("mechanism", NOTHING_IN_PLACE)
@pytest.mark.parametrize("form", ["'{}'", "{{mechanism: '{}'}}"])
def test_a_mechanism_that_names_nothing_in_place_is_refused(mechanism: str, form: str) -> None:
    (problem,) = problems(text(form.format(mechanism)))
    assert problem.code == "negative-mechanism"


@pytest.mark.parametrize("mechanism", ["true", "false", "True", "FALSE"])
def test_a_quoted_boolean_is_refused_and_shown_without_quotes(mechanism: str) -> None:
    (problem,) = problems(text(f"'{mechanism}'"))
    assert problem.help == f"write `{mechanism.lower()}` without quotes"


SAFEGUARDS = (
    *(
        "aes-256",
        "notary service",
        "nonce check",
        "mtls",
        "tls 1.3",
        "offline copies",
        "onsite",
        "nödig",
        "备份",
    ),
    *(
        "tls 1.2 or later",
        "tls 1.2 and later",
        "policy that denies unencrypted uploads",
        "rejects plaintext",
        "admission refuses unsigned images",
        "pulls pending patches each night",
        "locks sessions that a reset in progress opened",
        "requires requests to be signed",
        "accounts will be locked after five tries",
        "backup plan with restic",
        "noSQL firewall",
        "two-person rule",
        "unplannedness probe",
        "point-in-time recovery",
        "istio mtls strict",
    ),
)


@pytest.mark.parametrize("mechanism", SAFEGUARDS)
def test_words_within_words_are_no_negation(mechanism: str) -> None:
    assert statement(f"'{mechanism}'").mechanism == mechanism


MISSPELT = {
    "Implemented": "implemented",
    "plannned": "planned",
    "abscent": "absent",
    "unimplemente": "implemented",
    "alternate": "alternative",
    "notapplicable": "not-applicable",
    "PARTIA": "partial",
}


@pytest.mark.parametrize("written", MISSPELT)
def test_a_misspelt_status_is_no_mechanism(written: str) -> None:
    (problem,) = problems(text(written))
    assert problem.code == "almost-status"
    assert problem.help.startswith(f"write `{MISSPELT[written]}`")


def test_what_looks_like_a_status_may_be_named_in_the_long_form() -> None:
    assert statement("{mechanism: implementer}").mechanism == "implementer"
    assert [d.code for d in problems(text("implementer"))] == ["almost-status"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "empty-value"),
        ("{}", "empty-value"),
        ("''", "empty-value"),
        ("[]", "wrong-type"),
        ("3", "wrong-type"),
        ("0.5", "wrong-type"),
        ("partial", "missing-reason"),
        ("alternative", "missing-reason"),
        ("not-applicable", "missing-reason"),
        ("{status: partial}", "missing-reason"),
        ("{status: partial, reason: }", "empty-value"),
        ("{status: partial, reason: 3}", "wrong-type"),
        ("{status: done}", "unknown-word"),
        ("{status: true}", "wrong-type"),
        ("{by: nobody}", "unknown-reference"),
        ("{evidence: {date: 2026-01-01}}", "missing-key"),
        ("{evidence: 3}", "wrong-type"),
        ("{evidence: {link: a, date: 2026-02-02, until: 2026-02-01}}", "bad-date"),
        ("{evidence: [a, a]}", "repeated-item"),
    ],
)
def test_every_other_form_is_refused_once(said: str, code: str) -> None:
    assert [d.code for d in problems(text(said))] == [code]


@pytest.mark.parametrize("place", ["controls", "baseline"])
@pytest.mark.parametrize(
    ("value", "code"), [("", "empty-value"), ("[mfa]", "wrong-type"), ("{m f: true}", "bad-id")]
)
def test_statements_are_a_mapping_from_control_ids(place: str, value: str, code: str) -> None:
    written = f"baseline: {value}" if place == "baseline" else f"services: {{a: {{controls: {value}}}}}"
    (problem,) = problems(written)
    assert problem.code == code
    assert code == "bad-id" or f"`{place}`" in problem.message
