"""Reads a proof from its file: what is no proof is refused, and nothing that it says is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, NoReturn

from threatmodel.errors import Diagnostic, InputError, Span, quoted
from threatmodel.verify.tables import NAMED_BY, Entry, Name, entry_name

FORMAT: Final = 2
FORMAT_KEY: Final = "threatmodel-proof"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Proof(NamedTuple):
    """A proof: the day it speaks of, and its tables, each entry by what names it."""

    as_of: str
    tables: Mapping[str, Mapping[Name, Entry]]


def read_proof(text: str, file: str) -> Proof:
    """The proof in the text of a file; raises InputError."""
    try:
        raw = json.loads(text, parse_constant=_refused, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        span = Span(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        message = f"this is not JSON: {error.msg.lower()}"
        raise InputError((Diagnostic("json-syntax", message, span),)) from None
    except (RecursionError, ValueError):
        raise InputError((Diagnostic("bad-proof", f"{quoted(file)} is no proof"),)) from None
    if not isinstance(raw, dict) or FORMAT_KEY not in raw:
        _bad(file, f"this is no proof: it has no `{FORMAT_KEY}`")
    if raw[FORMAT_KEY] != FORMAT or isinstance(raw[FORMAT_KEY], bool):
        version = quoted(str(raw[FORMAT_KEY]))
        _bad(file, f"format version {version} is not supported, only {FORMAT}: prove the model again")
    known = (FORMAT_KEY, "as_of", *NAMED_BY)
    for key in (*known, *raw):
        if key not in raw or key not in known:
            _bad(file, f"{quoted(key)} is {'missing' if key in known else 'no key of a proof'}")
    if not isinstance(raw["as_of"], str) or not _DAY.fullmatch(raw["as_of"]):
        _bad(file, "as_of: a day is needed here, as YYYY-MM-DD")
    return Proof(raw["as_of"], {table: _read(file, table, raw[table]) for table in NAMED_BY})


def _read(file: str, table: str, entries: Any) -> dict[Name, Entry]:
    if not isinstance(entries, list):
        _bad(file, f"{table}: a list is needed here")
    found: dict[Name, Entry] = {}
    for i, entry in enumerate(entries):
        for key in NAMED_BY[table]:
            value = entry.get(key) if isinstance(entry, dict) else None
            words = value if isinstance(value, list) and key in ("controls", "flows") else [value]
            if not all(isinstance(word, str) for word in words):
                _bad(file, f"{table}[{i}]: `{key}` is needed here, to say what this is about")
        name = entry_name(table, entry)
        if name in found:
            _bad(file, f"{table}[{i}]: this stands twice")
        found[name] = entry
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two values it would be open which one counts."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _bad(file: str, message: str) -> NoReturn:
    raise InputError((Diagnostic("bad-proof", f"{quoted(file)}: {message}"),))
