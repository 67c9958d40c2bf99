"""Reads a proof from its file, strictly: what is no proof is refused with the place that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

from threatmodel.errors import Diagnostic, InputError, Span, quoted
from threatmodel.verify.ways import Way

FORMAT: Final = 1
FORMAT_KEY: Final = "threatmodel-proof"
Entry: TypeAlias = dict[str, Any]
Name: TypeAlias = tuple[str, ...]

_TEXT: Final = {"file": str, "line": int, "column": int, "keys": [(int, str)], "value": object}
_HOP: Final = {"flow": str, "back": bool, "file": str, "line": int, "column": int}
_SAID: Final = {"place": str, "id": str, "counts": str, "text": _TEXT}
_FILE: Final = {"file": str, "sha256": str}
_TRUTH: Final = (bool, None)
_ASKED: Final = {"control": str, "kind": str, "id": str}
_BY_ASKED: Final = ("control", "kind", "id")
_VERDICT: Final = {"verdict": str, "rule": str, "when": _TRUTH, "file": str, "line": int, "column": int}
_FACT: Final = {"fact": str, "kind": str, "id": str, "value": object, "from": [_TEXT]}
_ROUTE: Final = {"controls": [str], "flows": [str], "from": str, "kind": str, "id": str}
_WAY: Final = {"reached": bool, "outcome": _TRUTH, "start": str, "hops": [_HOP], "closed": [str]}
_TABLES: Final[Mapping[str, tuple[Mapping[str, Any], Name]]] = {
    "model": (_FILE, ("file",)),
    "catalog": (_FILE, ("file",)),
    "verdicts": ({**_ASKED, **_VERDICT, "texts": [_TEXT]}, _BY_ASKED),
    "steps": ({**_ASKED, "verdict": str, "rule": str, "expect": _TRUTH, "said": [_SAID]}, _BY_ASKED),
    "facts": (_FACT, ("fact", "kind", "id")),
    "evidence": ({**_ASKED, "shows": _TRUTH, "said": [_SAID]}, _BY_ASKED),
    "paths": ({**_ROUTE, **_WAY}, tuple(_ROUTE)),
}
_TOP: Final = {FORMAT_KEY: int, "as_of": str, **{name: [shape] for name, (shape, _) in _TABLES.items()}}
_WORDS: Final = {str: "a text", int: "a number", bool: "true or false", None: "null"}


class Proof(NamedTuple):
    """A proof: the day it speaks of, and its tables, each entry by what names it."""

    as_of: str
    tables: Mapping[str, Mapping[Name, Entry]]


def read_proof(text: str, file: str) -> Proof:
    """The proof in the text of a file; raises InputError."""
    try:
        raw = json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        span = Span(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        message = f"this is not JSON: {error.msg.lower()}"
        raise InputError((Diagnostic("json-syntax", message, span),)) from None
    except (RecursionError, ValueError):
        raise InputError((Diagnostic("bad-proof", f"{quoted(file)} is no proof"),)) from None
    if not isinstance(raw, dict) or FORMAT_KEY not in raw:
        _bad(file, "", f"this is no proof: it has no `{FORMAT_KEY}`")
    if raw[FORMAT_KEY] != FORMAT or isinstance(raw[FORMAT_KEY], bool):
        _bad(file, FORMAT_KEY, f"format version {quoted(str(raw[FORMAT_KEY]))} is not supported")
    _fits(file, "", raw, _TOP)
    tables: dict[str, dict[Name, Entry]] = {}
    for name, (_, named_by) in _TABLES.items():
        table = tables[name] = {}
        for i, entry in enumerate(raw[name]):
            key = name_of(entry, named_by)
            if key in table:
                _bad(file, f"{name}[{i}]", "this stands twice")
            table[key] = entry
    for i, fact in enumerate(raw["facts"]):
        if not _is_value(fact["value"]):
            _bad(file, f"facts[{i}].value", "this is no value of a fact")
    return Proof(raw["as_of"], tables)


def about(proof: Proof, file: str) -> Proof:
    """The proof with the first file of its model under another name, which it has nowhere yet.

    A copy of a model is the same text; a proof that calls one file by two names stays as it is.
    """
    before = next(iter(proof.tables["model"].values()), {}).get("file")
    every = (entry for entries in proof.tables.values() for entry in entries.values())
    if before is None or any(_calls(entry, file) for entry in every):
        return proof
    again = {
        name: keyed(name, (_called(entry, before, file) for entry in entries.values()))
        for name, entries in proof.tables.items()
    }
    return proof._replace(tables=again)


def _calls(value: Any, file: str) -> bool:
    if isinstance(value, list):
        return any(_calls(item, file) for item in value)
    found = value if isinstance(value, dict) else {}
    return found.get("file") == file or any(_calls(item, file) for item in found.values())


def _called(value: Any, before: Any, now: str) -> Any:
    if isinstance(value, list):
        return [_called(item, before, now) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: now if key == "file" and item == before else _called(item, before, now)
        for key, item in value.items()
    }


def name_of(entry: Entry, keys: Name) -> Name:
    """What names an entry of a table."""
    return tuple(" ".join(v) if isinstance(v, list) else str(v) for v in (entry[key] for key in keys))


def keyed(table: str, entries: Iterable[Entry]) -> dict[Name, Entry]:
    """The entries of a table by what names them."""
    return {name_of(entry, _TABLES[table][1]): entry for entry in entries}


def way_of(entry: Entry) -> Way:
    """What an entry of `paths` claims."""
    hops = tuple(("<" if hop["back"] else "") + hop["flow"] for hop in entry["hops"])
    return Way(entry["outcome"], entry["reached"], entry["start"], hops, tuple(entry["closed"]))


def _fits(file: str, at: str, value: Any, shape: Any) -> None:
    """Refuses what has another form than a proof."""
    match shape:
        case dict():
            if not isinstance(value, dict):
                _bad(file, at, "an object is needed here")
            for key in (*shape, *value):
                if key not in value or key not in shape:
                    _bad(file, at, f"{quoted(key)} is {'missing' if key in shape else 'no key of a proof'}")
                _fits(file, f"{at}.{key}".lstrip("."), value[key], shape[key])
        case [inner]:
            if not isinstance(value, list):
                _bad(file, at, "a list is needed here")
            for i, item in enumerate(value):
                _fits(file, f"{at}[{i}]", item, inner)
        case _:
            allowed = shape if isinstance(shape, tuple) else (shape,)
            if object not in allowed and not any(value is a or type(value) is a for a in allowed):
                _bad(file, at, " or ".join(_WORDS[a] for a in allowed) + " is needed here")


def _is_value(value: Any) -> bool:
    match value:
        case None:
            return True
        case {"one_of": list(options), **rest}:
            return bool(options) and not rest and all(o is None or isinstance(o, str | int) for o in options)
        case {"certain": list(certain), "possible": (None | list()) as possible, **rest}:
            return not rest and all(isinstance(word, str) for word in (*certain, *(possible or ())))
        case _:
            return False


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _bad(file: str, at: str, message: str) -> NoReturn:
    where = f"{at}: " if at else ""
    raise InputError((Diagnostic("bad-proof", f"{quoted(file)}: {where}{message}"),))
