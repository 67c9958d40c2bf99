"""A picture is handed on only when the program succeeded in time and drew every flow."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from threatmodel.errors import UsageError
from threatmodel.render.diagram.drawing import draw, find_program

DOT = 'digraph { newrank="true"; a -> b; b -> c; }'
EDGE = '<g id="flow-1" class="edge flow"></g>'


def _program(folder: Path, body: str) -> str:
    """A drawing program of our own making."""
    path = folder / "my-dot"
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.stdin.read()\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_bundled_program_draws_without_being_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert find_program(None).stem == "graphviz-pure"
    assert draw(DOT, "svg", None, flows=2).count(b'class="edge"') == 2


def test_the_same_text_gives_the_same_bytes() -> None:
    for form in ("svg", "png"):
        assert draw(DOT, form, None, flows=2) == draw(DOT, form, None, flows=2)


def test_a_png_is_sharp() -> None:
    png = draw(DOT, "png", None, flows=2)
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])

    assert png.startswith(b"\x89PNG")
    assert (width, height) >= (100, 300)


def test_a_named_program_is_used_and_must_exist(tmp_path: Path) -> None:
    mine = _program(tmp_path, f"print('<svg>{EDGE}</svg>')")

    assert EDGE.encode() in draw(DOT, "svg", mine, flows=1)
    with pytest.raises(UsageError, match="there is no program `nowhere/dot`") as error:
        draw(DOT, "svg", "nowhere/dot", flows=1)
    assert "--dot" in error.value.help


def test_without_any_program_the_message_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda *_: str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(UsageError, match="no program to draw with") as error:
        find_program(None)
    assert "pip install graphviz-pure" in error.value.help
    assert "--format mermaid" in error.value.help


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.exit('Error: out of luck\\x1b[31m')", r"exit status 1: `Error: out of luck<U\+001B>\[31m`"),
        ("sys.stderr.write('Warning: trouble in init_rank')", "it said: `Warning: trouble in init_rank`"),
        ("sys.stderr.write('Error: lost b c edge')", "it said: `Error: lost b c edge`"),
        (f"print('<svg>{EDGE}</svg>')", "it drew 1 of 2 flows"),
        (f"print('<svg>{EDGE * 3}</svg>')", "it drew 3 of 2 flows"),
        ("print('<svg>')", "it wrote no SVG"),
        ("pass", "it wrote no SVG"),
        ("import os; os.abort()", "exit status -6"),
    ],
)
def test_a_failure_of_the_program_is_told(tmp_path: Path, body: str, message: str) -> None:
    mine = _program(tmp_path, body)

    with pytest.raises(UsageError, match=message):
        draw(DOT, "svg", mine, flows=2)


def test_warnings_are_no_failure(tmp_path: Path) -> None:
    body = (
        f"sys.stderr.write('Warning: no value for width of non-ASCII character'); print('<svg>{EDGE}</svg>')"
    )

    assert draw(DOT, "svg", _program(tmp_path, body), flows=1)


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    mine = _program(tmp_path, "import time; time.sleep(60)")

    with pytest.raises(UsageError, match="took too long to draw 2 flows"):
        draw(DOT, "svg", mine, flows=2, seconds=0.5)


def test_what_is_no_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dot"
    path.write_bytes(b"\x7fnothing")
    path.chmod(0o700)

    with pytest.raises(UsageError, match="could not draw the model: exec format error"):
        draw(DOT, "svg", str(path), flows=2)


def test_a_program_that_writes_no_png_is_told(tmp_path: Path) -> None:
    mine = _program(tmp_path, f"print('<svg>{EDGE}</svg>')")

    with pytest.raises(UsageError, match="it wrote no PNG"):
        draw(DOT, "png", mine, flows=1)


def test_the_program_sees_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "hunter2")
    mine = _program(tmp_path, f"import os; print('<svg>' + ' '.join(os.environ) + '{EDGE}</svg>')")
    seen = draw(DOT, "svg", mine, flows=1)

    assert "API_TOKEN" in os.environ
    assert b"API_TOKEN" not in seen


_SEEN = "'-Gnewrank=false' in sys.argv"


@pytest.mark.parametrize("fault", ["sys.exit('Error: out of luck')", "print('<svg></svg>'); sys.exit()"])
def test_what_fails_with_ranks_by_cluster_is_drawn_with_one_ranking(tmp_path: Path, fault: str) -> None:
    mine = _program(tmp_path, f"if {_SEEN}:\n    {fault}\nprint('<svg>{EDGE}</svg>')")

    assert EDGE.encode() in draw(DOT, "svg", mine, flows=1)
    with pytest.raises(UsageError, match="it wrote no PNG"):
        draw(DOT, "png", mine, flows=1)


def test_pixels_are_of_the_layout_that_was_checked(tmp_path: Path) -> None:
    pixels = "sys.stdout.buffer.write(b'\\x89PNG' + str(" + _SEEN + ").encode())"
    mine = _program(tmp_path, f"if '-Tpng' in sys.argv:\n    {pixels}\nelse:\n    print('<svg>{EDGE}</svg>')")

    assert draw(DOT, "png", mine, flows=1) == b"\x89PNGTrue"


def test_a_picture_of_very_many_flows_is_tried_with_one_ranking_only(tmp_path: Path) -> None:
    mine = _program(tmp_path, f"print('<svg>' + {EDGE * 301!r} + str({_SEEN}) + '</svg>')")

    assert b"False" in draw(DOT, "svg", mine, flows=301)
