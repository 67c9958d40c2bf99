"""Every faulty model is told whole: each fault with its code, its exact place and the likely fix."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from threatmodel.api import Library, load
from threatmodel.errors import CODES, Diagnostic, InputError
from threatmodel.source.text import split_lines

FOLDER = Path(__file__).parent / "faulty"
EXPECTED: dict[str, list[str]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
DAY = "2026-01-01"
FOREIGN = {"bad-proof", "json-syntax", "toml-syntax"}
PYTHON_WORDS = re.compile(r"\b(None|True|False|dict|NoneType|str|int|float|bool|tuple|pydantic|object at)\b")


class Expected(NamedTuple):
    code: str
    file: str
    line: int
    column: int
    help: str


def expected(name: str) -> list[Expected]:
    rows = []
    for row in EXPECTED[name]:
        code, place, *help = row.split(" ", 2)
        *file, line, column = place.split(":")
        rows.append(Expected(code, (file or [path_of(name).name])[0], int(line), int(column), "".join(help)))
    return rows


def path_of(name: str) -> Path:
    folder = FOLDER / name
    return folder / "threatmodel.yaml" if folder.is_dir() else FOLDER / f"{name}.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


def told(name: str, library: Library) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        load(path_of(name), library, DAY)
    return caught.value.diagnostics


def test_the_table_and_the_folder_agree() -> None:
    there = {p.name.removesuffix(".yaml") for p in FOLDER.iterdir() if p.name != "expected.toml"}
    assert there == EXPECTED.keys()
    assert len(EXPECTED) >= 150


def test_every_code_of_a_model_occurs() -> None:
    """The codes that no faulty model shows need a whole disk or a foreign file to occur."""
    shown = {row.code for name in EXPECTED for row in expected(name)}
    assert sorted(_codes_of_models() - shown - FOREIGN) == [
        "more-problems",
        "too-large",
        "too-many-files",
        "too-many-values",
    ]


def _codes_of_models() -> set[str]:
    codes = list(CODES)
    return set(codes[: codes.index("contradicted-statement")])


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_told(name: str, library: Library) -> None:
    diagnostics = told(name, library)
    folder = path_of(name).parent
    for diagnostic, row in zip(diagnostics, expected(name), strict=True):
        assert diagnostic.span is not None
        file = Path(os.path.relpath(diagnostic.span.file, folder)).as_posix()
        here = Expected(diagnostic.code, file, diagnostic.span.line, diagnostic.span.column, row.help)
        assert here == row, diagnostic.message
        assert diagnostic.help.startswith(row.help)
        assert row.help or not diagnostic.help
        assert diagnostic.code in CODES
        assert diagnostic.level == "error"


@pytest.mark.parametrize("name", EXPECTED)
def test_its_excerpts_are_the_lines_and_its_places_lie_within(name: str, library: Library) -> None:
    for d in told(name, library):
        spans = [d.span, *(span for _, span in d.related)]
        for span in spans:
            assert span is not None
            lines = _lines(Path(span.file))
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert (span.line, span.column) < (span.end_line, span.end_column)
            assert 1 <= span.column <= max(len(lines[span.line - 1]), 1)
            assert span.end_column <= max(len(lines[span.end_line - 1]), 1) + 1
        assert d.span is not None
        assert d.excerpt == _lines(Path(d.span.file))[d.span.line - 1]


def _lines(path: Path) -> list[str]:
    return split_lines(path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff"))


@pytest.mark.parametrize("name", EXPECTED)
def test_its_messages_keep_the_house_rules(name: str, library: Library) -> None:
    for d in told(name, library):
        words = re.sub(r"`[^`]*`", "``", d.message)
        for text in (d.message, d.help):
            assert "\n" not in text
            assert all(c.isprintable() for c in text)
            assert not text.endswith(".") or text.endswith("...")
            assert text.count("`") % 2 == 0
        assert words[0] in "`" or words[0].islower() or re.match(r"byte|a [A-Z]", words)
        assert not d.help or d.help[0].islower() or d.help[0] == "`"
        assert not re.search(r"\ba `?[aeio]\w|\ban [^aeio`]", words), d.message
        assert not PYTHON_WORDS.search(words), d.message
        assert len(d.message) < 300
        assert d.span is not None
        marked = d.excerpt[d.span.column - 1 : d.span.end_column - 1].strip("'\"")
        assert d.span.line != d.span.end_line or len(marked) < 4 or marked not in words, "not in backticks"


def test_nothing_is_written(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = _state()
    for name in EXPECTED:
        told(name, library)
    assert _state() == before
    assert list(tmp_path.iterdir()) == []


def _state() -> dict[str, tuple[int, int]]:
    return {
        str(p): (p.stat().st_size, p.stat().st_mtime_ns)
        for p in sorted(FOLDER.rglob("*"))
        if "__pycache__" not in p.parts
    }
