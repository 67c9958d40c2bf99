"""Single values: what is read, what is refused, and the fix that is suggested."""

from __future__ import annotations

from typing import Any

import pytest

from .build import model, problems

PLACES = {
    "date": "parties: {{o: {{own: true}}, p: {{agreements: [{{type: dpa, date: {}}}]}}}}",
    "duration": "data: {{d: {{retention: {}}}}}",
    "jurisdiction": "actors: {{a: {{jurisdiction: {}}}}}",
    "port": "services: {{a: , b: }}\nflows: [{{from: a, to: b, port: {}}}]",
    "name": "services: {{a: , b: }}\nflows: [{{from: a, to: b, name: {}}}]",
    "boolean": "actors: {{a: {{human: {}}}}}",
    "word": "boundaries: {{b: {{region: {}}}}}",
    "text": "services: {{a: {{title: {}}}}}",
    "texts": "services: {{a: {{deployed_as: {}}}}}",
    "epsilon": "data: {{s: , d: {{derived_from: s, transform: differential-privacy, epsilon: {}}}}}",
    "delta": "data: {{s: , d: {{derived_from: s, transform: differential-privacy, delta: {}}}}}",
    "kind": "services: {{a: {{kind: {}}}}}",
    "technology": "services: {{a: {{technology: {}}}}}",
    "protocol": "services: {{a: , b: }}\nflows: [{{from: a, to: b, protocol: {}}}]",
    "reference": "services: {{a: {{boundary: {}}}}}",
    "type": "services: {{a: {{type: {}}}}}",
    "enum": "data: {{d: {{confidentiality: {}}}}}",
}
NUMBERS = "ports are numbers from 1 to 65535"
REFUSED: list[tuple[str, str, str, str]] = [
    ("date", "2026-13-01", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "2026-1-1", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "٢٠٢٦-٠١-٠١", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "20260101", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "0000-01-01", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "true", "bad-date", "write it as YYYY-MM-DD"),
    ("date", "[2026-01-01]", "wrong-type", "write it as YYYY-MM-DD"),
    ("duration", "P", "bad-duration", "write it as in ISO 8601"),
    ("duration", "PT", "bad-duration", "write it as in ISO 8601"),
    ("duration", "P1DT", "bad-duration", "write it as in ISO 8601"),
    ("duration", "P1H", "bad-duration", "write it as in ISO 8601"),
    ("duration", "P1D2Y", "bad-duration", "write it as in ISO 8601"),
    ("duration", "P0.5D", "bad-duration", "write it as in ISO 8601"),
    ("duration", "P1234567D", "bad-duration", "write it as in ISO 8601"),
    ("duration", "-P1D", "bad-duration", "write it as in ISO 8601"),
    ("duration", "30 days", "bad-duration", "did you mean `P30D`?"),
    ("duration", "1 year", "bad-duration", "did you mean `P1Y`?"),
    ("duration", "6months", "bad-duration", "did you mean `P6M`?"),
    ("duration", "02 weeks", "bad-duration", "did you mean `P2W`?"),
    ("duration", "pt4h", "bad-duration", "did you mean `PT4H`?"),
    ("duration", "30", "bad-duration", "write it as in ISO 8601"),
    ("duration", "[P1D]", "wrong-type", "write it as in ISO 8601"),
    ("jurisdiction", "eu", "unknown-word", "did you mean `EU`?"),
    ("jurisdiction", "usa", "unknown-word", "did you mean `US`?"),
    ("jurisdiction", "EEA", "unknown-word", "did you mean `EU`?"),
    ("jurisdiction", "XX", "unknown-word", "use an ISO 3166 code of two letters"),
    ("jurisdiction", "false", "wrong-type", "put it in quotes"),
    ("jurisdiction", "{}", "wrong-type", ""),
    ("port", "0", "out-of-range", NUMBERS),
    ("port", "65536", "out-of-range", NUMBERS),
    ("port", "-1", "out-of-range", NUMBERS),
    ("port", "80.5", "wrong-type", NUMBERS),
    ("port", "true", "wrong-type", NUMBERS),
    ("port", "080", "wrong-type", NUMBERS),
    ("port", "'80'", "wrong-type", "remove the quotes"),
    ("name", "a b", "bad-id", "use letters, digits"),
    ("name", "5", "wrong-type", "put it in quotes"),
    ("boolean", "yes", "wrong-type", "write `true`"),
    ("boolean", "Off", "wrong-type", "write `false`"),
    ("boolean", "'TRUE'", "wrong-type", "write `true` without quotes"),
    ("boolean", "perhaps", "wrong-type", ""),
    ("boolean", "1", "wrong-type", ""),
    ("boolean", "[true]", "wrong-type", "write one value, without brackets"),
    ("word", "a b", "wrong-type", "use a word without spaces"),
    ("word", "' '", "empty-value", "leave it out when it is not known"),
    ("word", "7", "wrong-type", "put it in quotes"),
    ("text", "1.50", "wrong-type", "put it in quotes"),
    ("text", "{a: b}", "wrong-type", ""),
    ("text", "''", "empty-value", "leave it out when it is not known"),
    ("texts", "[a, ~]", "empty-value", "remove it"),
    ("texts", "[a, b, a]", "repeated-item", "keep one of them"),
    ("texts", "[[a]]", "wrong-type", "write one value, without brackets"),
    ("epsilon", "0", "out-of-range", "an epsilon is above 0"),
    ("epsilon", "-1", "out-of-range", "an epsilon is above 0"),
    ("epsilon", ".inf", "wrong-type", "an epsilon is above 0"),
    ("epsilon", "1e999", "wrong-type", "an epsilon is above 0"),
    ("epsilon", "'1.5'", "wrong-type", "remove the quotes"),
    ("epsilon", "true", "wrong-type", "an epsilon is above 0"),
    ("delta", "1", "out-of-range", "a delta is from 0 to below 1"),
    ("kind", "7", "wrong-type", "put it in quotes"),
    ("kind", "relational-database", "kind-subject", "declare this under `stores`, or name another kind"),
    ("kind", "qqqqqqqq", "unknown-kind", "take a word of docs/reference/kinds.md, or leave it out"),
    (
        "technology",
        "qqqqqqqq",
        "unknown-technology",
        "take a word of docs/reference/kinds.md, or leave it out and say the `kind`",
    ),
    ("protocol", "qqqqqqqq", "unknown-protocol", "take a word of docs/reference/kinds.md, or leave it out"),
    ("protocol", "443", "wrong-type", "put it in quotes"),
    ("reference", "b", "unknown-reference", "declare it under `boundaries`"),
    ("reference", "a", "unknown-reference", "`a` is a service"),
    ("reference", "1", "wrong-type", "put it in quotes"),
    ("type", "t", "unknown-reference", "declare it under `types.services`"),
    ("type", "1", "wrong-type", "put it in quotes"),
    ("enum", "qqqqqqqq", "unknown-word", "one of `public`, `internal`, `confidential`, `restricted`"),
    ("enum", "Public", "unknown-word", "did you mean `public`?"),
    ("enum", "1", "wrong-type", "one of `public`"),
]


@pytest.mark.parametrize(("place", "value", "code", "help"), REFUSED)
def test_what_does_not_fit_is_refused_with_the_likely_fix(
    place: str, value: str, code: str, help: str
) -> None:
    (problem,) = problems(PLACES[place].format(value))
    assert problem.code == code
    assert problem.help.startswith(help)
    assert bool(help) == bool(problem.help)


@pytest.mark.parametrize("place", PLACES)
def test_a_key_without_a_value_is_refused_at_the_key(place: str) -> None:
    (problem,) = problems(PLACES[place].format(""))
    assert problem.code == "empty-value"
    assert problem.help.startswith("leave it out when it is not known")
    assert problem.span is not None
    assert f"`{problem.excerpt[problem.span.column - 1 : problem.span.end_column - 1]}`" in problem.message


def value_of(place: str, written: str) -> Any:
    read = model(PLACES[place].format(written))
    match place:
        case "date":
            return (read.parties["p"].agreements or ())[0].date
        case "duration":
            return read.data["d"].retention
        case "jurisdiction":
            return read.actors["a"].jurisdiction
        case "port":
            return read.flows[0].ports
        case "word":
            return read.boundaries["b"].region
        case "text":
            return read.services["a"].title
        case "texts":
            return read.services["a"].deployed_as
        case "epsilon":
            return read.data["d"].epsilon
        case _:
            return read.data["d"].delta


@pytest.mark.parametrize(
    ("place", "written", "value"),
    [
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "'2026-01-01'", "2026-01-01"),
        *[
            ("duration", d, d)
            for d in ("P1Y", "P2W", "P30D", "PT5M", "P1Y2M3W4DT5H6M7S", "P0D", "indefinite")
        ],
        ("jurisdiction", "NO", ("NO",)),
        ("jurisdiction", "[EU, US]", ("EU", "US")),
        ("jurisdiction", "[]", ()),
        ("port", "[1, 65535]", (1, 65535)),
        ("port", "0x1F90", (8080,)),
        ("word", "eu/west:1", "eu/west:1"),
        ("text", '" padded "', "padded"),
        ("texts", "one text", ("one text",)),
        ("texts", "[a, b]", ("a", "b")),
        ("epsilon", "2", 2.0),
        ("epsilon", "1e-3", 0.001),
        ("delta", "0", 0.0),
        ("delta", "0.999", 0.999),
    ],
)
def test_what_fits_is_read(place: str, written: str, value: Any) -> None:
    assert value_of(place, written) == value
