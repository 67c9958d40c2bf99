"""The smallest worlds, in place: a model of a few lines and controls of a few keys."""

from __future__ import annotations

import json
from typing import Any

from threatmodel.api import Library
from threatmodel.catalog import Control, parse_control
from threatmodel.evaluate import Engine, Reason, reason
from threatmodel.graph import build_graph
from threatmodel.model import parse_model
from threatmodel.render.text.reasons import reason_text
from threatmodel.results import result_key
from threatmodel.source import parse

KINDS = Library().kinds
DAY = "2026-06-01"


def control(name: str = "c", subject: str | list[str] = "store", **more: Any) -> Control:
    """A control that asks nothing but what is given."""
    plain: dict[str, Any] = {
        "id": name,
        "title": "Something holds",
        "layer": "governance",
        "subject": subject,
        "severity": "medium",
        "threats": ["tampering"],
        "gap": "{subject} lacks it.",
        "fix": "Mend {subject}.",
        "examples": ["none"],
        **more,
    }
    return parse_control(parse(json.dumps(plain), f"catalogs/controls/governance/{name}.yaml"))


def engine(text: str, *controls: Control) -> Engine:
    """The engine over a fragment of a model."""
    model = parse_model(parse(text, "m.yaml"), KINDS, fragment=True)
    return Engine(build_graph(model, KINDS, DAY), {c.id: c for c in controls})


def why(world: Engine, key: str) -> Reason:
    """The reason for one result."""
    found = {
        result_key(c.id, kind, name): (c, kind, i)
        for c in world.controls.values()
        for kind in c.subjects
        for i, name in enumerate(world.graph.subjects[kind])
    }
    return reason(world, *found[key])


def verdict(text: str, asked: Control, key: str) -> tuple[str, str]:
    """The verdict of one result and the step that decided."""
    found = why(engine(text, asked), key)
    return found.verdict.word, reason_text(found.because)
