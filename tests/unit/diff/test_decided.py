"""No decision and no narrower scope makes a change look better than it is."""

from __future__ import annotations

from pathlib import Path

from tests.unit.diff.test_pairs import LIBRARY
from threatmodel.api import compare, parse
from threatmodel.diff import Changes
from threatmodel.render.changes.sections import sections
from threatmodel.render.changes.summary import title
from threatmodel.source import parse as parse_yaml

OPEN = """
parties: {us: {own: true, gdpr: controller, jurisdiction: IE}}
data: {record: {confidentiality: restricted, categories: personal}}
boundaries: {lan: {trust: trusted}}
services: {api: {boundary: lan}}
stores: {db: {boundary: lan, kind: relational-database, holds: record, controls: {encrypt-at-rest: false}}}
flows: [{from: api, to: db, protocol: postgresql, data: record}]
"""
SAFE = OPEN.replace("encrypt-at-rest: false", "encrypt-at-rest: aes-256")
UNSAID = OPEN.replace(", controls: {encrypt-at-rest: false}", "")
PLANNED = OPEN.replace(
    "encrypt-at-rest: false", "encrypt-at-rest: {status: planned, owner: me, due: 2027-01-01}"
)
KEY = "encrypt-at-rest@db"
WAIVER = "waivers: [{finding: '*@*', reason: r, owner: o, until: 2027-01-01}]\n"


def changed(old: str, new: str, folder: Path, *, waived: tuple[bool, bool] = (False, False)) -> Changes:
    decisions = folder / "decisions.yaml"
    decisions.write_text(f"threatmodel-decisions: 1\n{WAIVER}")
    sides = (
        parse(
            parse_yaml(text, "m.yaml"), LIBRARY, "2026-06-01", decisions if all_of_it else None, fragment=True
        )
        for text, all_of_it in zip((old, new), waived, strict=True)
    )
    return compare(*sides)


def how(changes: Changes) -> tuple[str, str]:
    (gap,) = (g for g in changes.gaps if g.key == KEY)
    return gap.how, gap.after


def shown(changes: Changes, section: str) -> str:
    return "\n".join(
        "\n".join((f"{line.sign} {line.text}", *line.below))
        for s in sections(changes)
        if s.title == section
        for line in s.lines
    )


def test_a_gap_that_is_waived_from_its_first_day_is_new_and_says_so(tmp_path: Path) -> None:
    for before in (False, True):
        changes = changed(SAFE, OPEN, tmp_path, waived=(before, True))
        assert how(changes) == ("opened", "waived")
        assert f"One gap opens, high, already waived: `{KEY}`." in title(changes)
        assert "high, new, waived" in shown(changes, "Gaps")
        assert KEY not in shown(changes, "Better than before")


def test_what_was_satisfied_and_is_planned_now_is_a_new_gap(tmp_path: Path) -> None:
    changes = changed(SAFE, PLANNED, tmp_path)
    assert how(changes) == ("opened", "planned")
    assert "high, new, planned" in shown(changes, "Gaps")
    assert KEY not in shown(changes, "Better than before")


def test_a_decision_on_an_old_gap_stands_apart_from_what_is_better(tmp_path: Path) -> None:
    changes = changed(OPEN, OPEN, tmp_path, waived=(False, True))
    assert how(changes) == ("waived", "waived")
    assert KEY in shown(changes, "Gaps waived or planned")
    assert not shown(changes, "Better than before")


def test_to_accept_a_gap_moves_no_row_up(tmp_path: Path) -> None:
    accepted = changed(UNSAID, OPEN, tmp_path, waived=(True, True)).requirements
    assert accepted
    assert {r.better for r in accepted if r.after == "risk-accepted"} == {False}
    decided = changed(OPEN, OPEN, tmp_path, waived=(False, True)).requirements
    assert {r.better for r in decided if r.after == "risk-accepted"} == {None}


def test_a_gap_that_nobody_knows_of_any_more_is_not_closed(tmp_path: Path) -> None:
    changes = changed(OPEN, UNSAID, tmp_path)
    assert how(changes) == ("unanswered", "")
    assert f"One gap is now unknown, high: `{KEY}`." in title(changes)
    assert "known as gaps before" in shown(changes, "Now unknown")
    assert KEY not in shown(changes, "Better than before")


def test_out_of_scope_closes_and_settles_nothing(tmp_path: Path) -> None:
    changes = changed(OPEN, OPEN.replace("db: {", "db: {out_of_scope: moved, "), tmp_path)
    assert how(changes) == ("unasked", "")
    first = title(changes)[0]
    assert first.startswith("`db` is taken out of scope: 1 gap and ")
    assert first.endswith("unknown results are no longer asked.")
    assert not any("settled" in s or "close" in s for s in title(changes))
    assert not shown(changes, "Better than before")
    less = shown(changes, "Asked less than before")
    assert "store `db` is taken out of scope" in less
    assert f"no longer asked: `{KEY}`" in less
    assert "↑" not in shown(changes, "Requirements")


def test_of_lower_classifications_the_biggest_drop_comes_first(tmp_path: Path) -> None:
    more = "data: {a: {confidentiality: %s}, record: {confidentiality: %s, categories: personal}}"
    old, new = (
        OPEN.replace("data: {record: {confidentiality: restricted, categories: personal}}", more % levels)
        for levels in (("confidential", "restricted"), ("internal", "public"))
    )
    changes = changed(old, new, tmp_path)
    assert title(changes)[0].startswith(
        "`record` is now `public`, was `restricted`, and 1 more classification"
    )
    less = shown(changes, "Asked less than before")
    assert less.index("`record` is lowered") < less.index("`a` is lowered")
    assert KEY in less
    assert not shown(changes, "Better than before")


def test_a_category_that_is_no_longer_said_is_told(tmp_path: Path) -> None:
    sentences = title(changed(OPEN, OPEN.replace("categories: personal", "categories: []"), tmp_path))
    assert any(s.startswith("`record` is no longer said to be `personal`") for s in sentences)


GUARDED = """
parties: {forge: {}, me: {own: true}}
data: {ticket: {confidentiality: confidential, categories: personal}, image: {confidentiality: internal}}
boundaries: {cloud: {trust: trusted}}
actors: {user: {human: true}}
services:
  builds: {party: forge, kind: build-pipeline}
  gateway: {boundary: cloud, kind: api-gateway, controls: {authenticate-caller: oidc}}
  api: {boundary: cloud, kind: api, custom_code: true}
flows:
  - {from: user, to: gateway, protocol: https, data: ticket}
  - {from: gateway, to: api, protocol: https, data: ticket}
  - {from: builds, to: api, kind: deployment, protocol: https, sends: image}
"""


def test_a_way_round_the_check_of_callers_is_told_whoever_else_deploys(tmp_path: Path) -> None:
    opened = f"{GUARDED}  - {{from: user, to: api, name: direct, protocol: https, data: ticket}}\n"
    changes = changed(GUARDED, opened, tmp_path)
    assert title(changes)[0].endswith("`authenticate-every-way@api`.")
    assert "may go round `authenticate-caller`: `user` → `api`" in shown(changes, "Now unknown")
    assert "limit on how often" not in shown(changes, "Better than before")
    assert "limit on how often" in shown(changes, "Asked less than before")


def test_an_answer_that_shows_a_gap_beside_what_holds_is_told_with_both(tmp_path: Path) -> None:
    unsaid = """
data: {entry: {confidentiality: confidential}}
actors: {visitor: }
services: {web: {custom_code: true}, book: {custom_code: true}}
flows: [{from: visitor, to: [web, book], protocol: https, data: entry}]
"""
    said = unsaid.replace("web: {", "web: {controls: {validate-input: false}, ")
    said = said.replace("book: {", "book: {controls: {validate-input: json schema}, ")
    better = shown(changed(unsaid, said, tmp_path), "Better than before")
    (line,) = (line for line in better.splitlines() if "No longer open for 2 results" in line)
    assert line.startswith("± ")
    assert line.endswith("1 of them now satisfied, 1 of them now gaps")
