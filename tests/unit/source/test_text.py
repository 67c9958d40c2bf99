"""Files are UTF-8 within limits; characters that shift or hide places are refused where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import LIMITS, Limits, parse, read


def refused(text: str | bytes, limits: Limits = LIMITS) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        parse(text, "m.yaml", limits)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    "code",
    [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF],
)
def test_a_character_that_shifts_or_hides_places_is_refused(code: int) -> None:
    (problem,) = refused(f"a: 1\nb: x{chr(code)}y")
    assert problem.code == "forbidden-character"
    assert problem.span is not None
    assert (problem.span.line, problem.span.column, problem.span.end_column) == (2, 5, 6)
    assert f"U+{code:04X}" in problem.message
    assert problem.help == f'remove it, or write "\\u{code:04x}" in double quotes'


@pytest.mark.parametrize("code", [0, 0x1B, 0x85, 0x2028, 0xFEFF])
def test_it_may_stand_escaped(code: int) -> None:
    assert parse(f'a: "x\\u{code:04x}y"').root == {"a": f"x{chr(code)}y"}


@pytest.mark.parametrize(
    "character", ["\t", "\xa0", "é", "日", "\u2027", "\u202e", "\ufffd", "🏦", "\U0010ffff"]
)
def test_every_other_character_is_allowed(character: str) -> None:
    assert parse(f"a: x{character}y").root == {"a": f"x{character}y"}


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_a_lone_surrogate_is_refused_in_a_text_that_can_be_printed(code: int) -> None:
    (problem,) = refused(f"a: {chr(code)}")
    assert problem.help == "remove it"
    assert problem.excerpt == "a: ?"


def test_no_more_than_twenty_bad_characters_are_told() -> None:
    assert len(refused("\0" * 1000)) == 20


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [
        (b"a: \xff", 1, 4, "0xff"),
        (b"a: 1\r\nb: caf\xe9\nc: 2", 2, 7, "0xe9"),
        (b"\xef\xbb\xbfa: \xc3", 1, 4, "0xc3"),
        ("é🏦: ".encode() + b"\xed\xa0\x80", 1, 5, "0xed"),
        ("a: 1".encode("utf-16"), 1, 1, "0xff"),
        (b"# \xc0\xaf", 1, 3, "0xc0"),
    ],
)
def test_a_byte_that_is_not_utf8_is_told_at_its_place(data: bytes, line: int, column: int, byte: str) -> None:
    (problem,) = refused(data)
    assert problem.code == "not-utf8"
    assert problem.message == f"byte {byte} is not UTF-8"
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == (line, column)
    assert "\ufeff" not in problem.excerpt


@pytest.mark.parametrize("data", ["a: 1", b"a: 1", "\ufeffa: 1", b"\xef\xbb\xbfa: 1"])
def test_a_byte_order_mark_at_the_start_is_allowed(data: str | bytes) -> None:
    assert parse(data).root == {"a": 1}


@pytest.mark.parametrize("size", [2, 65_535, 65_536, 65_537, 200_000])
def test_a_file_of_any_size_is_read_whole(size: int, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(f"{(size - 2) * '#'}\n1")
    assert read(path).text == path.read_text()
    assert read(path, limits=Limits(size=size)).root == 1
    with pytest.raises(InputError):
        read(path, limits=Limits(size=size - 1))


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"a: 1\n" * 100)
    with pytest.raises(InputError) as caught:
        read(path, limits=Limits(size=99))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.help) == ("too-large", "split it and use `include`")
    assert refused(b"x" * (33 * 1024 * 1024))[0].message == "the file is larger than 32 MiB"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("none.yaml", "no such file or directory"), ("", "is a directory"), ("a\0b", "no such name")],
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / name, "shown.yaml")
    assert [d.message for d in caught.value.diagnostics] == [f"cannot read `shown.yaml`: {reason}"]


def test_a_file_is_shown_under_its_path_or_as_asked(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("a: 1", encoding="utf-8")
    assert read(tmp_path / "m.yaml").file == (tmp_path / "m.yaml").as_posix()
    assert read(tmp_path / "m.yaml", "shown").file == "shown"
