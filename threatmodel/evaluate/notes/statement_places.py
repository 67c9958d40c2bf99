"""Checks that need a model and a catalog: control ids, where statements may stand, what answers threats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from threatmodel.catalog import Control
from threatmodel.errors import Diagnostic, an, one_of, quoted
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.model import SECTIONS, Model, Path, Statement, stated
from threatmodel.model.ids import normal_id
from threatmodel.results import PREFIXED
from threatmodel.source import Documents
from threatmodel.source.problems import Problems


def misplaced(model: Model, controls: Mapping[str, Control]) -> tuple[Diagnostic, ...]:
    """An error for every statement of an unknown control or at a place where it can count for nothing."""
    problems = Problems(Documents(list(model.documents)))
    for kind, _, statements in stated(model):
        for statement in statements.values():
            _check(problems, kind.removesuffix(" type"), statement, controls)
    _answers(model, problems, controls)
    return problems.diagnostics()


def _check(problems: Problems, place: str, statement: Statement, controls: Mapping[str, Control]) -> None:
    control = controls.get(statement.control)
    if control is None:
        _unknown(problems, statement.control, statement.at, controls)
    elif statement.status == "not-applicable" and place not in control.subjects:
        message = f"`not-applicable` counts for nothing {_on(place)}"
        help = f"only a subject of {quoted(control.id)} or its type can say so: {_where(control.subjects)}"
        problems.add("statement-place", message, statement.at, help)
    elif place not in (allowed := place_kinds(control)):
        message = f"{quoted(control.id)} counts for nothing {_on(place)}"
        problems.add("statement-place", message, statement.at, f"state it {_where(allowed)}")


def _on(place: str) -> str:
    match place:
        case "baseline":
            return "in the baseline"
        case "data":
            return "on a data asset"
        case _:
            return f"on {an(place)}"


def _where(places: frozenset[str] | tuple[str, ...]) -> str:
    """Places in words; the model itself has none, what is said of it stands in the baseline."""
    nouns = [an("data asset" if p == "data" else p) for p in sorted(places) if p not in ("baseline", "model")]
    listed = f"on {one_of(nouns)}" if nouns else ""
    baseline = "in the baseline" if {"baseline", "model"} & set(places) else ""
    return " or ".join(part for part in (listed, baseline) if part)


def _answers(model: Model, problems: Problems, controls: Mapping[str, Control]) -> None:
    """`answered_by` must name results that exist: a control that is asked of that kind of subject."""
    kinds = dict(_kinds(model)) if model.threats else {}
    for threat in model.threats.values():
        for i, key in enumerate(threat.answered_by or ()):
            name, _, subject = key.partition("@")
            control, at = controls.get(name), (*threat.at, "answered_by", i)
            if control is None:
                _unknown(problems, name, at, controls)
            elif (kind := kinds.get(normal_id(subject))) and kind not in control.subjects:
                message = f"there is no result {quoted(key)}: {quoted(subject)} is {_noun(kind)}"
                meant = _meant(name, normal_id(subject), control, kinds)
                help = f"{quoted(name)} is asked of: {', '.join(control.subjects)}{meant}"
                problems.add("no-result", message, at, help, part="value")


def _meant(name: str, subject: str, control: Control, kinds: Mapping[str, str]) -> str:
    """Results of a control at the flows of an element that it is not asked of itself, three at most."""
    if "flow" not in control.subjects:
        return ""
    ends = (id for id, kind in kinds.items() if kind == "flow" and subject in _ends(id))
    listed = [quoted(f"{name}@{id}") for id in islice(ends, 3)]
    return f"; perhaps {one_of(listed)}" if listed else ""


def _ends(flow: str) -> tuple[str, str]:
    source, _, rest = flow.partition("->")
    return source, rest.partition(":")[0]


def _kinds(model: Model) -> Iterator[tuple[str, str]]:
    """The kind of every subject by its name in result keys."""
    yield "model", "model"
    for flow in model.flows:
        yield flow.id, "flow"
    for kind, section in SECTIONS.items():
        prefix = f"{kind}:" if kind in PREFIXED else ""
        for name in getattr(model, section):
            yield prefix + name, kind


def _noun(kind: str) -> str:
    return "a data asset" if kind == "data" else "the model" if kind == "model" else an(kind)


def _unknown(problems: Problems, name: str, at: Path, controls: Mapping[str, Control]) -> None:
    help = problems.suggest(name, controls) or "`threatmodel catalog list` shows every control"
    problems.add("unknown-control", f"no control is called {quoted(name)}", at, help)
