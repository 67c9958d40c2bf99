"""What a change means is said in at most three sentences, the worst first."""

from __future__ import annotations

from tests.unit.diff.test_pairs import LIBRARY
from threatmodel.api import compare, parse
from threatmodel.render.changes.summary import title
from threatmodel.source import parse as parse_yaml

OLD = """
parties: {us: {own: true, gdpr: controller, jurisdiction: IE}, them: {jurisdiction: US}}
data: {record: {confidentiality: restricted, categories: personal}}
boundaries: {lan: {trust: trusted}}
actors: {user: {}}
services: {web: {}, pay: {boundary: lan}, mail: {party: them}}
stores: {db: {boundary: lan, holds: record, controls: {encrypt-at-rest: aes-256}}}
flows:
  - {from: user, to: web, protocol: https, data: []}
  - {from: pay, to: db, data: record}
"""
WEB_CALLS_PAY = "  - {from: web, to: pay, protocol: https, data: []}\n"
MAIL_IS_SENT = "  - {from: pay, to: mail, protocol: https, sends: record}\n"
NO_ENCRYPTION = OLD.replace("encrypt-at-rest: aes-256", "encrypt-at-rest: false")


def said(old: str, new: str) -> tuple[str, ...]:
    sides = (parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-06-01", fragment=True) for text in (old, new))
    return title(compare(*sides))


def test_new_reach_names_the_element_with_the_most_sensitive_data_and_the_hops() -> None:
    sentence = said(OLD, OLD + WEB_CALLS_PAY)[0]
    assert (
        sentence
        == "Untrusted ground now reaches `pay` in 2 hops (before: never), and 1 more element likewise."
    )


def test_a_transfer_is_told_with_the_law_and_the_data() -> None:
    sentences = said(OLD, OLD + MAIL_IS_SENT)
    assert "`them` under the law of US gets personal data for the first time: `record`." in sentences


def test_only_what_is_personal_is_called_so() -> None:
    mixed = OLD.replace("data: {record", "data: {build: {categories: []}, record")
    sent = MAIL_IS_SENT.replace("sends: record", "sends: [record, build]")
    said_of = (
        "`them` under the law of US gets personal data for the first time: `record`; and other data: `build`."
    )
    assert said_of in said(mixed, mixed + sent)
    other = "services: {api: {boundary: lan}, web: {}"
    new = mixed.replace("services: {web: {}", other) + "  - {from: api, to: db, data: [record, build]}\n"
    assert any("`build`, `record` (restricted, in part personal)" in s for s in said(mixed, new))
    plain = MAIL_IS_SENT.replace("record", "build")
    assert "`them` gets data for the first time: `build`." in said(mixed, mixed + plain)


def test_there_are_at_most_three_sentences_and_the_worst_comes_first() -> None:
    sentences = said(OLD, NO_ENCRYPTION + WEB_CALLS_PAY + MAIL_IS_SENT)
    assert len(sentences) == 3
    assert "critical" in sentences[0]
    assert all(s.endswith(".") and s[0] == s[0].upper() for s in sentences)


def test_the_way_back_is_good_news() -> None:
    sentences = said(NO_ENCRYPTION + WEB_CALLS_PAY, OLD)
    assert any("close" in s for s in sentences)
    assert "Untrusted ground no longer reaches `pay`, `db`." in sentences
    assert not any("open" in s for s in sentences)


def test_a_key_is_told_with_its_values_where_they_are_few() -> None:
    base = "services: {a: {kind: api}, b: {}}\nflows: [{from: a, to: b, protocol: %s}]\n"
    assert said(base % "https", base % "http")[-1] == "`protocols` of `a->b` is now `http`, and was `https`."
    owner = "services: {a: {%s}}\n"
    assert said(owner % "", owner % "technology: redis")[-1] == "`technology` of `a` is now `redis`."
    assert said(owner % "technology: redis", owner % "")[-1] == "`technology` of `a` is no longer `redis`."
    assert said(owner % "", owner % "needs: []")[-1] == "`needs` of `a` changes."
    assert said(owner % f"owner: {'x' * 50}", owner % "owner: me")[-1] == "`owner` of `a` changes."


def test_a_new_name_never_displaces_what_grows_weaker() -> None:
    old = OLD.replace("to: db,", "to: db, protocol: https,")
    new = old.replace("pay", "till").replace("db, protocol: https", "db, protocol: http")
    sentences = said(old, new)
    assert any("is now `http`" in s for s in sentences)
    assert not any("now called" in s for s in sentences)
    assert said(OLD, OLD.replace("pay", "till")) == ("`pay` is now called `till`.",)


def test_the_protocol_of_a_flow_is_told_before_other_keys() -> None:
    base = "services: {a: {kind: api%s}, b: {}}\nflows: [{from: a, to: b, protocol: %s}]\n"
    sentence = said(base % ("", "https"), base % (", owner: me", "http"))[-1]
    assert sentence == "`protocols` of `a->b` is now `http`, and was `https`, and 1 more detail."
