"""A change as text, comment and picture: within its limit, escaped, and legible without colour."""

from __future__ import annotations

from tests.unit.render.drawn import assessed
from threatmodel.diff import Changes, Version, compare
from threatmodel.render.changes.changes import changes_html, changes_markdown, changes_text
from threatmodel.render.changes.diagram import change_mermaid, change_picture
from threatmodel.render.diagram import dot

OLD = """
data: {record: {confidentiality: confidential}}
boundaries: {lan: {trust: trusted}}
actors: {user: {}}
services: {web: {boundary: lan}, far: {boundary: lan}}
stores: {db: {boundary: lan, holds: record}, old: {boundary: lan, kind: queue}}
flows:
  - {from: user, to: web, protocol: https, sends: record}
  - {from: web, to: [db, old], sends: record}
  - {from: far, to: db, sends: []}
"""
NEW = """
data: {record: {confidentiality: confidential}}
boundaries: {lan: {trust: trusted}}
actors: {user: {}}
services: {web: {boundary: lan}, far: {boundary: lan}}
stores: {db: {boundary: lan, holds: record}, new: {boundary: lan, kind: cache}}
flows:
  - {from: user, to: web, protocol: http, sends: record}
  - {from: web, to: [db, new], sends: record}
  - {from: far, to: db, sends: []}
"""
HOSTILE = "<img src=x onerror=alert(1)> ``` | @team #1 \\u001b[31m"


def version(text: str) -> Version:
    return Version(*assessed(text), (), lambda element, layer: ())


def change(old: str, new: str) -> Changes:
    return compare(version(old), version(new))


def test_a_comment_fits_its_limit_by_leaving_out_whole_sections() -> None:
    changes = change(OLD, NEW)
    mermaid = change_mermaid(version(OLD), version(NEW), changes)
    whole = changes_markdown(changes, mermaid)
    assert "Left out" not in whole
    for most in range(900, len(whole), 150):
        short = changes_markdown(changes, mermaid, most)
        assert len(short) <= most
        assert "Left out, because a comment has a limit" in short
        assert short.count("```") in (0, 2)
        assert short.startswith("<!-- threatmodel-diff:")


def test_a_change_of_everything_fits_a_comment() -> None:
    many = "".join(
        f"  s{n}: {{description: x, kind: api, controls: {{authorize: false}}}}\n" for n in range(900)
    )
    flows = "".join(f"  - {{from: u, to: s{n}, protocol: http, data: d}}\n" for n in range(900))
    head = "data: {d: {confidentiality: restricted}}\nactors: {u: {}}\n"
    changes = change(head, f"{head}services:\n{many}flows:\n{flows}")
    assert len(changes.gaps) >= 900
    assert len(changes_markdown(changes, None)) <= 65_536


def test_hostile_text_is_escaped_in_every_form() -> None:
    new = OLD.replace(
        "db: {boundary", f'db: {{retention: P1D, controls: {{audit-log: "{HOSTILE}"}}, boundary'
    )
    changes = change(OLD, new)
    markdown = changes_markdown(changes, None)
    assert "<img" not in markdown.replace("`<img", "")
    assert "onerror" in markdown
    assert "<img" not in changes_html(changes, None, None)
    assert "\x1b" not in changes_text(changes, 100, False)


def test_signs_and_words_tell_what_changed_without_colour() -> None:
    changes = change(OLD, NEW)
    mermaid = change_mermaid(version(OLD), version(NEW), changes)
    assert mermaid is not None
    for words in ("#43; new<br/>added", "− old<br/>removed", "± changed · http", "+ added · − removed"):
        assert words in mermaid
    assert '"far' not in mermaid
    shown = change_picture(version(OLD), version(NEW), changes)
    assert shown is not None
    assert "− old" in dot.write(shown)


def test_a_picture_shows_what_changed_and_its_neighbours_once_each() -> None:
    changes = change(OLD, NEW)
    shown = change_picture(version(OLD), version(NEW), changes)
    assert shown is not None
    assert [node.id for node in shown.nodes] == ["new", "old", "user", "web"]
    assert [edge.id for edge in shown.edges] == ["user->web", "web->new", "web->old"]
    assert [group.id for group in shown.groups] == ["lan"]


def test_nothing_to_draw_gives_no_picture() -> None:
    changes = change(OLD, OLD)
    assert changes.empty
    assert change_picture(version(OLD), version(OLD), changes) is None
