"""Writes an assessment for machines: one small writer per format, imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from threatmodel.export.outcome import Outcome

__all__ = ["FORMATS", "Outcome", "written"]

_WRITERS: Final = {
    "json": "assessment",
    "sarif": "sarif",
    "junit": "junit",
    "gitlab": "gitlab",
    "github": "github",
    "csv": "csv",
    "defectdojo": "defectdojo",
    "markdown": "markdown",
}

FORMATS: Final = tuple(_WRITERS)
"""The names of the formats."""


def written(form: str, outcome: Outcome) -> str:
    """The text of an outcome in one of `FORMATS`, with a final line feed."""
    module = import_module(f"threatmodel.export.{_WRITERS[form]}")
    text: str = module.write(outcome)
    return text
