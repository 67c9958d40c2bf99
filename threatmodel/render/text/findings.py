"""Findings with their sentences in words, for templates and files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.results import Finding, Premise


class PremiseText(NamedTuple):
    """A premise in words, and where it is written."""

    text: str
    span: Span | None


def finding_values(f: Finding) -> dict[str, object]:
    """The fields of a finding by name, its sentences in words."""
    return f._asdict() | {
        "message": message_text(f.message),
        "because": reason_text(f.because),
        "fix": message_text(f.fix),
        "premises": _texts(f.premises),
        "overrode": _texts(f.overrode),
    }


def _texts(premises: Iterable[Premise]) -> tuple[PremiseText, ...]:
    return tuple(PremiseText(premise_text(p), p.span) for p in premises)
