"""Plain scalars follow YAML 1.2's core schema, apart from three documented differences."""

from __future__ import annotations

import pytest

from threatmodel.source import Value, parse

CASES: dict[str, Value] = {
    **dict.fromkeys(("~", "null", "Null", "NULL", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    # YAML 1.1 reads these as booleans, sexagesimal numbers, dates and octals
    **{w: w for w in ("yes", "Yes", "no", "NO", "on", "off", "y", "n", "22:30", "1:20:30", "2026-01-10")},
    **{w: w for w in ("1_000", "0b101", "=", "nULL", "tRUE", "nan", "inf")},
    # numbers
    "0": 0,
    "-0": 0,
    "+12": 12,
    "-7": -7,
    "999999999999999999": 999999999999999999,
    "0o17": 15,
    "0x1F": 31,
    "1.5": 1.5,
    "-0.5": -0.5,
    ".5": 0.5,
    "1.": 1.0,
    "1e3": 1000.0,
    "1.5E-2": 0.015,
    "0.0": 0.0,
    # a leading zero is a code, not a number
    **{w: w for w in ("012", "007", "00", "0123.5", "-01", "08")},
    # what no float or 18 digits can hold, and what is no number
    **{
        w: w
        for w in (".inf", "-.inf", ".nan", ".NaN", "1e999", "-1e999", "9" * 19, "9" * 400, "0x" + "f" * 30)
    },
    **{w: w for w in ("0o8", "0x", "1e", "e5", "1.2.3", "+", ".", "--1", "1-2", "0.1" + "0" * 60, "٣")},
}


@pytest.mark.parametrize(("text", "value"), CASES.items())
def test_a_plain_scalar_is_read(text: str, value: Value) -> None:
    found = parse(f"key: {text}").at(("key",))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["true", "12", "~", "1.5", "0x1F", ""])
@pytest.mark.parametrize("form", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
def test_quotes_and_blocks_make_text(text: str, form: str) -> None:
    assert parse(f"key: {form.format(text)}\n").at(("key",)) == text


@pytest.mark.parametrize("text", ["1", "true", "null", "~", "1.5", "no", "2026-01-10"])
def test_keys_are_always_text(text: str) -> None:
    assert parse(f"{text}: x").root == {text: "x"}


def test_an_empty_key_is_the_empty_text() -> None:
    assert parse("? \n: x").root == {"": "x"}
