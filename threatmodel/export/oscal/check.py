"""Checks of finished OSCAL documents that its schema does not make: ids that occur twice or lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, Final

_REFERRING: Final = ("subject-uuid", "observation-uuid", "risk-uuid", "finding-uuid", "actor-uuid")


def faults(
    document: object, controls: Collection[str] = (), statements: Collection[str] = ()
) -> tuple[str, ...]:
    """What is wrong with the ids of a document; `controls` and `statements` are those of its catalogs."""
    entries = list(_texts(document, ""))
    uuids = Counter(text for _, key, text in entries if key == "uuid")
    ids = Counter(text for _, key, text in entries if key == "id")
    found = [f"{text} identifies two things" for text, n in (*uuids.items(), *ids.items()) if n > 1]
    for path, key, text in entries:
        if key in _REFERRING and text not in uuids:
            found.append(f"{path}: {text} is not in the document")
        if key in ("href", "source") and text.startswith("#") and text[1:] not in uuids:
            found.append(f"{path}: {text} is not in the document")
        if key == "control-id" and text not in controls:
            found.append(f"{path}: no catalog has the control {text}")
        if key == "target-id" and text not in statements:
            found.append(f"{path}: no catalog has the statement {text}")
    return tuple(found)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every text in a document with its path and key."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if isinstance(entry, str):
                yield f"{path}/{key}", key, entry
            else:
                yield from _texts(entry, f"{path}/{key}")
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from _texts(entry, f"{path}/{i}")
