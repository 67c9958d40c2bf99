"""Checks that need both a model and a catalog: control ids, where statements may stand, what answers threats."""

from __future__ import annotations

from collections.abc import Mapping

from threatmodel.catalog import Control
from threatmodel.errors import Diagnostic, did_you_mean
from threatmodel.model import Model, Statement, stated


def misplaced(model: Model, controls: Mapping[str, Control]) -> tuple[Diagnostic, ...]:
    """An error for every statement of an unknown control or at a place where it can count for nothing."""
    found = [
        problem
        for kind, _, statements in stated(model)
        for statement in statements.values()
        if (problem := _check(model, kind.removesuffix(" type"), statement, controls))
    ]
    found += _answers(model, controls)
    return tuple(sorted(dict.fromkeys(found), key=lambda d: (d.span is None, d.span)))


def _check(
    model: Model, place: str, statement: Statement, controls: Mapping[str, Control]
) -> Diagnostic | None:
    control = controls.get(statement.control)
    if control is None:
        help = did_you_mean(statement.control, controls) or "`threatmodel catalog list` shows every control"
        return _problem(model, statement, "unknown-control", f"no control `{statement.control}`", help)
    if statement.status == "not-applicable" and place not in control.subjects:
        message = "`not-applicable` may be stated only on the subject or its type"
        return _problem(
            model, statement, "statement-place", message, f"it is asked of: {', '.join(control.subjects)}"
        )
    allowed = places_of(control)
    if place not in allowed:
        message = f"`{control.id}` counts for nothing on a {place}"
        return _problem(
            model, statement, "statement-place", message, f"state it on: {', '.join(sorted(allowed))}"
        )
    return None


def places_of(control: Control) -> frozenset[str]:
    """The kinds of place where a statement of this control counts for something."""
    covered = control.covered_by
    allowed = set(control.subjects)
    if covered.ends:
        allowed |= {"service", "store", "actor"}
    if covered.host:
        allowed.add("host")
    if covered.boundary:
        allowed.add("boundary")
    if covered.baseline:
        allowed.add("baseline")
    return frozenset(allowed)


def _answers(model: Model, controls: Mapping[str, Control]) -> list[Diagnostic]:
    """`answered_by` must name results that exist: a control that is asked of that kind of subject."""
    found = []
    for threat in model.threats.values():
        for key in threat.answered_by or ():
            control, _, _ = key.partition("@")
            if control not in controls:
                span = model.span(threat.at, "answered_by")
                excerpt = model.documents[int(threat.at[0])].excerpt(span.line)
                help = did_you_mean(control, controls)
                found.append(Diagnostic("unknown-control", f"no control `{control}`", span, help, excerpt))
    return found


def _problem(model: Model, statement: Statement, code: str, message: str, help: str) -> Diagnostic:
    span = model.span(statement.at)
    excerpt = model.documents[int(statement.at[0])].excerpt(span.line)
    return Diagnostic(code, message, span, help, excerpt)
