"""Reads decisions.yaml: waivers and requirement decisions, kept apart from the model they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threatmodel.errors import display, quoted
from threatmodel.kinds import Kinds
from threatmodel.model.elements import RequirementDecision, Waiver
from threatmodel.model.ids import normal_id
from threatmodel.model.mappings import read_mapping, table_of
from threatmodel.model.scope import Scope
from threatmodel.model.system import Decisions, Model
from threatmodel.source import DISK, Documents, Files, read
from threatmodel.source.document import Path as At
from threatmodel.source.problems import Problems

FORMAT = 1


def load_decisions(path: Path, model: Model, files: Files = DISK, name: str | None = None) -> Decisions:
    """The decisions in a file about a model; raises InputError with every problem in it."""
    document = read(path, name, files=files)
    problems = Problems(Documents([document]))
    scope = Scope(problems, Kinds({}, {}, {}, {}, {}, {}, {}))
    scope.ids = {s: getattr(model, s).keys() for s in ("actors", "services", "stores", "boundaries")}
    scope.ids["parties"] = [name for name in model.parties if name]
    top = read_mapping(scope, "decisions", document.root, (0,))
    raw = document.root if isinstance(document.root, dict) else {}
    if top.get("threatmodel-decisions", FORMAT) != FORMAT:
        message = f"format version {display(top['threatmodel-decisions'])} is not supported"
        help = f"write `threatmodel-decisions: {FORMAT}`"
        scope.problems.refuse("unsupported-version", message, (0, "threatmodel-decisions"), help)
    waivers = tuple(w for at, item in _items(raw, "waivers") if (w := _waiver(scope, item, at)))
    items = _items(raw, "requirements")
    decided = tuple(r for at, item in items if (r := _requirement(scope, model, item, at)))
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
    fields = table_of(scope, "waiver")
    if not v.keys() >= set(fields.required):
        return None
    return Waiver(at, **{**fields.absent, **v, "finding": normal_id(v["finding"])})


def _requirement(scope: Scope, model: Model, raw: Any, at: At) -> RequirementDecision | None:
    v = read_mapping(scope, "requirement", raw, at)
    if v.get("decision") == "alternative" and "alternative" not in raw:
        _missing(scope, at, "alternative", "name the equivalent measure")
    _inherited(scope, model, v, raw, at)
    fields = table_of(scope, "requirement")
    if not v.keys() >= set(fields.required):
        return None
    whole = {**fields.absent, **v}
    return RequirementDecision(at=at, provider=whole.pop("from"), **whole)


def _inherited(scope: Scope, model: Model, v: dict[str, Any], raw: Any, at: At) -> None:
    """What an inherited row needs: the other party, and where its responsibility is declared."""
    provider = v.get("from")
    if provider is not None and model.parties[provider].own:
        help = "name the other party; what our own parties carry out is `attested`"
        scope.problems.refuse("own-provider", f"{quoted(provider)} is a party of ours", (*at, "from"), help)
    if v.get("decision") == "inherited":
        if "from" not in raw:
            _missing(scope, at, "from", "name the party whose declared responsibility it is")
        if "evidence" not in raw or v.get("evidence") == ():
            help = "link what the party declares: its report, or its part of a responsibility matrix"
            _missing(scope, at, "evidence", help)
    elif "decision" in v and "from" in raw:
        message = f"`from` counts for nothing beside `decision: {v['decision']}`"
        help = "write `decision: inherited`, or remove it"
        scope.problems.add("key-without-use", message, (*at, "from"), help)


def _missing(scope: Scope, at: At, key: str, help: str) -> None:
    scope.problems.add("missing-key", f"this requirement decision has no `{key}`", at, help)
