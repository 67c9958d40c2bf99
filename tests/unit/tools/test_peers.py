"""The rules of other tools: each is listed once, and what is said to find the same fault here exists."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from threatmodel.api import Library
from threatmodel.errors import HYGIENE, HYGIENE_RULES, InputError
from tools.peers import Peer, lint_peers, load_peers

LIBRARY = Library()
PEERS = {peer.id: peer for peer in load_peers()}
THREAGILE = """
    accidental-secret-leak code-backdooring container-baseimage-backdooring container-platform-escape
    cross-site-request-forgery cross-site-scripting dos-risky-access-across-trust-boundary incomplete-model
    ldap-injection missing-authentication missing-authentication-second-factor missing-build-infrastructure
    missing-cloud-hardening missing-file-validation missing-hardening missing-identity-propagation
    missing-identity-provider-isolation missing-identity-store missing-network-segmentation missing-vault
    missing-vault-isolation missing-waf mixed-targets-on-shared-runtime path-traversal
    push-instead-of-pull-deployment search-query-injection server-side-request-forgery
    service-registry-poisoning sql-nosql-injection unchecked-deployment unencrypted-asset
    unencrypted-communication unguarded-access-from-internet unguarded-direct-datastore-access
    unnecessary-communication-link unnecessary-data-asset unnecessary-data-transfer
    unnecessary-technical-asset untrusted-deserialization wrong-communication-link-content
    wrong-trust-boundary-content xml-external-entity
""".split()
HYGIENIC = {
    "incomplete-model",
    "missing-build-infrastructure",
    "missing-identity-store",
    "missing-vault",
    "unnecessary-communication-link",
    "unnecessary-data-asset",
    "unnecessary-data-transfer",
    "unnecessary-technical-asset",
    "wrong-communication-link-content",
    "wrong-trust-boundary-content",
}
"""What Threagile calls a possible failure of the model, not of the system."""


def rules(peer: Peer) -> list[str]:
    return [name for rule in peer.rules for name in rule.rules]


def test_what_is_named_exists_and_every_rule_is_listed_once() -> None:
    assert set(PEERS) == {"pytm", "threagile"}
    assert [d.message for d in lint_peers(tuple(PEERS.values()), LIBRARY.catalog.controls)] == []


def test_all_rules_of_threagile_are_listed() -> None:
    assert len(THREAGILE) == 42
    assert sorted(rules(PEERS["threagile"])) == sorted(THREAGILE)


def test_every_rule_of_threagile_about_a_system_is_found_by_a_control() -> None:
    without = {n for r in PEERS["threagile"].rules if not r.controls for n in r.rules}
    assert without <= HYGIENIC


def test_all_threats_of_pytm_are_listed_and_found() -> None:
    found = rules(PEERS["pytm"])
    assert len(found) == len(set(found)) == 114
    assert all(rule.controls for rule in PEERS["pytm"].rules)


def test_the_threats_of_pytm_are_those_of_its_library() -> None:
    spec = importlib.util.find_spec("pytm")
    if spec is None or spec.origin is None:
        pytest.skip("pytm is not installed")
    listed = Path(spec.origin).parent / "threatlib" / "threats.json"
    theirs = {threat["SID"] for threat in json.loads(listed.read_text(encoding="utf-8"))}
    assert set(rules(PEERS["pytm"])) == theirs


def test_diagnostics_about_the_model_are_named_as_such() -> None:
    named = {name for peer in PEERS.values() for rule in peer.rules for name in rule.diagnostics}
    assert named
    assert named <= {f"{HYGIENE}{rule}" for rule in HYGIENE_RULES}


HEAD = 'id: a\ntitle: A\nversion: "1"\nurl: u\nlicence: l\nrules:\n'


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ("  - {theme: t, rules: r1, controls: authorize}", []),
        ("  - {theme: t, rules: r1, why: code}", []),
        ("  - {theme: t, rules: r1, controls: authorise}", ["unknown-control"]),
        ("  - {theme: t, rules: r1, facts: kinds}", ["unknown-fact"]),
        ("  - {theme: t, rules: r1, diagnostics: ['hygiene:unused-data']}", []),
        ("  - {theme: t, rules: r1, diagnostics: ['hygiene:unused-date']}", ["unknown-diagnostic"]),
        ("  - {theme: t, rules: r1, diagnostics: [unused-data]}", ["unknown-diagnostic"]),
        ("  - {theme: t, rules: r1, diagnostics: [unknown-key]}", ["unknown-diagnostic"]),
        ("  - {theme: t, rules: [r1, r1], why: code}", ["duplicate-id"]),
        ("  - {theme: t, rules: r1}", ["missing-key"]),
    ],
)
def test_an_entry_says_what_finds_its_rules_or_why_nothing_does(
    tmp_path: Path, entries: str, codes: list[str]
) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + entries + "\n", encoding="utf-8")
    found = lint_peers(load_peers(tmp_path), LIBRARY.catalog.controls)
    assert [d.code for d in found] == codes


@pytest.mark.parametrize("text", ["rules: []\n", HEAD + "  - {rules: r1}\n", HEAD + "  - {thema: t}\n"])
def test_a_peer_is_read_strictly(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_peers(tmp_path)
