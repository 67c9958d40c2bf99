"""Tells which requirement decisions count for nothing: those of no known row, and those that are void."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from threatmodel.catalog import Framework
from threatmodel.errors import Diagnostic, did_you_mean, quoted
from threatmodel.evaluate.frameworks.decisions import names, unfounded, void
from threatmodel.model import Decisions, RequirementDecision
from threatmodel.results import FrameworkResult

_AGAINST: Final = "gaps or unknown results stand against it, so `not-applicable` counts for nothing"


def idle_decisions(
    decisions: Decisions | None,
    frameworks: Sequence[Framework],
    results: Sequence[FrameworkResult],
    others: Collection[str],
    as_of: str,
) -> tuple[Diagnostic, ...]:
    """A warning for every requirement decision that has no effect; `others` are frameworks not asked for."""
    if decisions is None:
        return ()
    known = {f.id: f for f in frameworks}
    statuses = {(f.id, row.requirement): row.status for f in results for row in f.rows}
    asked = [d for d in decisions.requirements if d.framework not in others]
    return tuple(_placed(decisions, d, why) for d in asked if (why := _why(d, known, statuses, as_of)))


def _why(
    decision: RequirementDecision,
    known: Mapping[str, Framework],
    statuses: Mapping[tuple[str, str], str],
    as_of: str,
) -> Diagnostic | None:
    """The warning, without its place, where a decision has no effect."""
    framework = known.get(decision.framework)
    if framework is None:
        message = (
            f"there is no framework {quoted(decision.framework)} here, so this decision counts for nothing"
        )
        help = did_you_mean(decision.framework, known) or "give one of your own with `--framework`"
        return Diagnostic("dangling-decision", message, help=help, level="warning")
    rows = [row for row in framework.requirements if names(decision, row)]
    if not rows:
        message = f"`{framework.id}` has no requirement {quoted(decision.requirement)}"
        help = did_you_mean(decision.requirement, [row.id for row in framework.requirements])
        return Diagnostic("dangling-decision", message, help=help, level="warning")
    whys = [void(row, decision, as_of) for row in rows]
    if decision.decision == "not-applicable" and decision.scope is None:
        stands = [statuses[decision.framework, row.id] != "not-applicable" for row in rows]
        whys = [why or (_AGAINST if against else "") for why, against in zip(whys, stands, strict=True)]
    idle = [(row.id, why) for row, why in zip(rows, whys, strict=True) if why]
    if idle and (len(idle) == len(rows) or decision.decision == "not-applicable"):
        name, why = idle[0]
        where = f", on {len(idle)} of {len(rows)} rows, such as {quoted(name)}" if len(rows) > 1 else ""
        return Diagnostic("void-decision", f"{quoted(decision.requirement)}{where}: {why}", level="warning")
    if why := unfounded(decision, as_of):
        help = "name `evidence` that is in force, as `{link, date, until}`"
        if decision.scope is not None:
            help = "leave `scope` out"
        return Diagnostic(
            "void-decision", f"{quoted(decision.requirement)}: {why}", help=help, level="warning"
        )
    return None


def _placed(decisions: Decisions, decision: RequirementDecision, warning: Diagnostic) -> Diagnostic:
    span = decisions.span(decision.at)
    return warning._replace(span=span, excerpt=decisions.document.excerpt(span.line))
