"""A statement that moves to another place is no loss where what it settled is settled all the same."""

from __future__ import annotations

from tests.unit.diff.test_pairs import LIBRARY
from threatmodel.api import compare, parse
from threatmodel.diff import Changes
from threatmodel.render.changes.sections import sections
from threatmodel.render.changes.summary import title
from threatmodel.source import parse as parse_yaml

MODEL = """
data: {record: {confidentiality: restricted, categories: personal}}
boundaries: {lan: {trust: trusted, controls: {%s}}, zone: {parent: lan}}
services: {api: {boundary: zone}}
stores: {db: {boundary: lan, kind: relational-database, holds: record}}
flows: [{from: api, to: db, protocol: postgresql, data: record, controls: {%s}}]
"""
TLS = "encrypt-in-transit: mutual tls strict"


def changed(old: tuple[str, str], new: tuple[str, str]) -> Changes:
    sides = (
        parse(parse_yaml(MODEL % said, "m.yaml"), LIBRARY, "2026-06-01", fragment=True) for said in (old, new)
    )
    return compare(*sides)


def shown(changes: Changes) -> list[str]:
    return [
        f"{line.sign} {line.text}"
        for s in sections(changes)
        if s.title == "What is said of controls"
        for line in s.lines
    ]


def test_a_statement_that_moves_to_the_boundary_with_the_same_effect_is_no_loss() -> None:
    changes = changed(("", TLS), (TLS, ""))
    assert [(s.how, s.id, s.place) for s in changes.statements] == [
        ("removed", "api->db", "lan"),
        ("added", "lan", "api->db"),
    ]
    assert "`encrypt-in-transit` moves from `api->db` to `lan`." in title(changes)
    assert not any("no longer said" in s for s in title(changes))
    (line,) = shown(changes)
    assert line.startswith("→ moved: `encrypt-in-transit` of flow `api->db` is said of `lan` now")


def test_what_is_taken_from_a_boundary_is_told_as_removed() -> None:
    changes = changed((TLS, ""), ("", TLS))
    assert {s.place for s in changes.statements} == {"lan", "api->db"}
    assert "`encrypt-in-transit` is no longer said of `lan`." in title(changes)
    assert len(shown(changes)) == 2


def test_what_is_said_elsewhere_in_other_words_has_not_moved() -> None:
    changes = changed(("", TLS), ("encrypt-in-transit: ipsec", ""))
    assert {s.place for s in changes.statements} == {None}
    assert "`encrypt-in-transit` is no longer said of `api->db`." in title(changes)
