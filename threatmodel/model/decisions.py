"""Reads decisions.yaml: waivers and requirement decisions, kept apart from the model they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threatmodel.kinds import Kinds
from threatmodel.model.elements import Path as At
from threatmodel.model.elements import RequirementDecision, Waiver
from threatmodel.model.mappings import read_mapping
from threatmodel.model.problems import Problems
from threatmodel.model.scope import Scope, normal_id, shown
from threatmodel.model.system import Decisions, Model
from threatmodel.source import DISK, Files, read

FORMAT = 1


def load_decisions(path: Path, model: Model, files: Files = DISK, name: str | None = None) -> Decisions:
    """The decisions in a file about a model; raises InputError with every problem in it."""
    document = read(path, name, files=files)
    problems = Problems([document])
    scope = Scope(problems, Kinds({}, {}, {}, {}, {}, {}, {}))
    scope.ids = {s: getattr(model, s).keys() for s in ("actors", "services", "stores", "boundaries")}
    top = read_mapping(scope, "decisions", document.root, (0,))
    raw = document.root if isinstance(document.root, dict) else {}
    if top.get("threatmodel-decisions", FORMAT) != FORMAT:
        message = f"format version {shown(top['threatmodel-decisions'])} is not supported"
        help = f"write `threatmodel-decisions: {FORMAT}`"
        scope.problem("unsupported-version", message, (0, "threatmodel-decisions"), help)
    waivers = tuple(w for at, item in _items(raw, "waivers") if (w := _waiver(scope, item, at)))
    decided = tuple(r for at, item in _items(raw, "requirements") if (r := _requirement(scope, item, at)))
    problems.finish()
    return Decisions(document, waivers, decided)


def _items(raw: dict[str, Any], key: str) -> Iterator[tuple[At, Any]]:
    value = raw.get(key)
    if isinstance(value, list):
        yield from (((0, key, i), item) for i, item in enumerate(value))
    elif value is not None:
        yield (0, key), value


def _waiver(scope: Scope, raw: Any, at: At) -> Waiver | None:
    v = read_mapping(scope, "waiver", raw, at)
    if not v.keys() >= {"finding", "reason", "owner", "until"}:
        return None
    return Waiver(at, normal_id(v["finding"]), v["reason"], v["owner"], v["until"], v.get("compensated_by"))


def _requirement(scope: Scope, raw: Any, at: At) -> RequirementDecision | None:
    v = read_mapping(scope, "requirement", raw, at)
    if v.get("decision") == "alternative" and "alternative" not in v:
        message, help = "this requirement decision has no `alternative`", "name the equivalent measure"
        scope.problems.add("missing-key", message, at, help)
    if not v.keys() >= {"framework", "requirement", "decision", "reason", "owner", "date"}:
        return None
    return RequirementDecision(
        at,
        v["framework"],
        v["requirement"],
        v.get("scope"),
        v["decision"],
        v["reason"],
        v.get("alternative"),
        v.get("evidence", ()),
        v["owner"],
        v["date"],
        v.get("review"),
    )
