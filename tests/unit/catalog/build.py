"""The smallest control that parses, with parts replaced: what these tests begin from."""

from __future__ import annotations

from threatmodel.catalog import Control, parse_control
from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import parse

PARTS = {
    "id": "id: lock-doors",
    "title": "title: Doors are locked",
    "layer": "layer: perimeter",
    "subject": "subject: flow",
    "severity": "severity: high",
    "threats": "threats: spoofing",
    "gap": 'gap: "{flow} is open."',
    "fix": "fix: Lock it.",
    "examples": "examples: ['flows: []  # gap', 'flows: []  # satisfied']",
}
FORM = {
    "question": "question: is it locked?",
    "references": "references: []",
    "rationale": "rationale: Thieves try every door. They go on where one is locked.",
    "examples": "examples: ['flows: []  # gap', 'flows: []  # satisfied', 'flows: []  # unknown']",
}
"""What a control has besides so that its form is as lint wants it."""
FILE = "catalogs/controls/perimeter/lock-doors.yaml"


def text(**parts: str) -> str:
    """The file of a control; a part replaces the line of its name, an empty one leaves it out."""
    lines = {**PARTS, **parts}
    return "\n".join(line for line in lines.values() if line) + "\n"


def control(file: str = FILE, **parts: str) -> Control:
    """The control with these parts; fails where it does not parse."""
    return parse_control(parse(text(**parts), file))


def problems(**parts: str) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the control; none when it parses."""
    try:
        control(**parts)
    except InputError as error:
        return error.diagnostics
    return ()
