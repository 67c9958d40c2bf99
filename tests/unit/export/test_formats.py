"""What every format holds to, whoever wrote it: one test for each line of the registry."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from functools import cache

import pytest

from tests.unit.export.documents import EMPTY, MAKERS, document, hostile, review
from threatmodel.errors import UsageError
from threatmodel.export.registry import DOCUMENTS, FORMATS, Format, format_named, formats_of
from threatmodel.plugins import named_object

NAMES = [f"{f.document}-{f.name}" for f in FORMATS]
JSON = {"json", "sarif", "defectdojo", "gitlab", "graph"}
NOTHING_TO_WRITE = {"oscal-component-definition", "oscal-poam"}


@cache
def written(format: Format, text: str) -> str | bytes:
    return format.write(document(format.document, review(text)))


def test_every_document_has_a_type_formats_and_an_example() -> None:
    for made in DOCUMENTS:
        assert isinstance(document(made.name, review(hostile())), named_object(made.type))
        assert formats_of(made.name)
    assert [d.name for d in DOCUMENTS] == list(MAKERS) == list(dict.fromkeys(f.document for f in FORMATS))


def test_names_and_endings_of_a_document_occur_once() -> None:
    for made in DOCUMENTS:
        formats = formats_of(made.name)
        for words in ([f.name for f in formats], [e for f in formats for e in f.endings]):
            assert len(words) == len(set(words))


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_every_format_can_say_that_there_is_nothing(format: Format) -> None:
    if format.name in NOTHING_TO_WRITE:
        with pytest.raises(UsageError):
            written(format, EMPTY)
    else:
        assert written(format, EMPTY)


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_the_same_document_gives_the_same_bytes_and_a_text_ends_its_last_line(format: Format) -> None:
    text = written(format, hostile())
    assert format.write(document(format.document, review(hostile()))) == text
    if isinstance(text, str):
        assert text.endswith("\n")


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_no_name_breaks_out_of_a_format(format: Format) -> None:
    text = written(format, hostile())
    if isinstance(text, bytes):
        if format.name == "svg":
            ET.fromstring(text)
        return
    assert "\x1b" not in text
    assert "\u202e" not in text or format.name in JSON
    if format.name.startswith("oscal") or format.name in JSON:
        json.loads(text)
    elif "csv" in format.name or format.name == "ciso-assistant":
        delimiter = ";" if format.name == "ciso-assistant" else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert len({len(row) for row in rows}) == 1
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for row in rows for cell in row)
    elif format.name in ("html", "markdown", "svg", "mermaid", "junit"):
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_format_that_there_is_not_has_a_nearest_one() -> None:
    with pytest.raises(UsageError, match="no format `SARIF`") as error:
        format_named("assessment", "SARIF")
    assert error.value.help == "did you mean `sarif`?"
