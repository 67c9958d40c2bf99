"""Turns YAML text into plain data with a place for every key and value; the only importer of yaml.

Built from parse events under limits, so that no text can exhaust the machine: see `Limits`.
"""

from __future__ import annotations

from pathlib import Path

from threatmodel.source.builder import build
from threatmodel.source.document import Document, Documents, Value
from threatmodel.source.files import DISK, Disk, Files
from threatmodel.source.memory import uncollected
from threatmodel.source.text import LIMITS, Limits, decode, refuse_characters, refuse_conflicts

__all__ = [
    "DISK",
    "LIMITS",
    "Disk",
    "Document",
    "Documents",
    "Files",
    "Limits",
    "Value",
    "parse",
    "read",
    "read_text",
    "uncollected",
]


def read(path: Path, shown: str | None = None, limits: Limits = LIMITS, files: Files = DISK) -> Document:
    """The document in a file, shown to people under `shown` or its path; raises InputError."""
    name = shown or path.as_posix()
    return parse(files.read(path, name, limits), name, limits)


def read_text(path: Path, shown: str | None = None, limits: Limits = LIMITS, files: Files = DISK) -> str:
    """The text of a file that a document could be made of; raises InputError."""
    name = shown or path.as_posix()
    return decode(files.read(path, name, limits), name, limits)


def parse(text: str | bytes, file: str = "<text>", limits: Limits = LIMITS) -> Document:
    """The document of a text; raises InputError with every problem up to the first syntax error."""
    decoded = decode(text, file, limits)
    refuse_characters(decoded, file)
    refuse_conflicts(decoded, file)
    with uncollected():
        return build(decoded, file, limits)
