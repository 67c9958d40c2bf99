"""Fix sets as text for a terminal and as JSON: the work to do, what to say then, and what it closes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from threatmodel.errors import Span
from threatmodel.render.text.escape import terminal
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.plain import plain_place
from threatmodel.render.text.reasons import premise_text
from threatmodel.render.text.terminal_text import Run, fold, paint, prose
from threatmodel.render.text.wording import counted
from threatmodel.results.fixes import FixChange, FixPlan, LeftOpen

_LISTED: Final = 3
_ASK: Final = (
    "A statement protects nothing: do the work first, then say so. `fix --write` writes it down as planned."
)


def fixes_text(plan: FixPlan, top: int | None, width: int, color: bool) -> str:
    """The changes in the order in which they are worth making, then what stays open."""
    head = f"{paint(terminal(plan.name), 'bold', color)}  {paint(f'as of {plan.as_of}', 'dim', color)}"
    lines = [head, "", *fold(prose(_summary(plan), color), width, color), ""]
    shown = plan.changes[:top]
    if shown:
        title = paint("FIX SET", "bold", color)
        note = paint("do this, then say so; what closes most for its cost first", "dim", color)
        lines += [f"{title}  {note}", ""]
    for number, change in enumerate(shown, start=1):
        lines += _change(number, change, width, color)
    if rest := plan.changes[len(shown) :]:
        closing = sum(len(c.closes) for c in rest)
        lines += [
            paint(f"… and {counted(len(rest), 'more change')}, for {counted(closing, 'gap')}", "dim", color),
            "",
        ]
    lines += _left(plan, width, color)
    if plan.changes:
        lines += fold(prose(_ASK, color, "dim"), width, color)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def fixes_json(plan: FixPlan, top: int | None) -> str:
    """The same as JSON, version 1."""
    plain: dict[str, Any] = {
        "threatmodel-fix": 1,
        "name": plan.name,
        "as_of": plan.as_of,
        "chosen": plan.chosen,
        "closes": list(plan.closes),
        "closes_also": list(plan.also),
        "settles": plan.settles,
        "cost": plan.cost,
        "weight": plan.weight,
        "budget": plan.budget,
        "exact": plan.exact,
        "bound": plan.bound,
        "changes": [_plain(c) for c in plan.changes[:top]],
        "left_open": [_plain_left(f) for f in plan.left],
    }
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def _summary(plan: FixPlan) -> str:
    """What the set does and how good it is, in a sentence or two."""
    if not plan.chosen:
        return "no open gap is chosen: nothing is to be closed"
    if not plan.changes:
        why = "nothing within the budget closes one" if plan.budget is not None else "no statement closes one"
        return f"{counted(plan.chosen, 'gap')} chosen, and {why}"
    of = f" of {plan.chosen}" if len(plan.closes) < plan.chosen else ""
    closed = f"{len(plan.closes)}{of} {'gap' if plan.chosen == 1 else 'gaps'}"
    what = f"{counted(len(plan.changes), 'change')} of cost {plan.cost} {_verb(plan)} {closed}"
    return f"{what}: {_quality(plan)}{_besides(plan)}"


def _quality(plan: FixPlan) -> str:
    if plan.budget is None:
        if plan.exact:
            return "nothing cheaper closes as many"
        return f"nothing that costs less than {plan.bound} does, but something may for less than {plan.cost}"
    if plan.exact:
        return f"nothing closes more, by severity, within {plan.budget}"
    return (
        f"their weight by severity is {plan.weight}, and nothing within {plan.budget} closes "
        f"more than {plan.bound}"
    )


def _besides(plan: FixPlan) -> str:
    parts = []
    if plan.settles:
        parts.append(counted(plan.settles, "unknown result"))
    if plan.also:
        parts.append(f"{counted(len(plan.also), 'gap')} planned, waived or not chosen")
    return f"; they also settle {' and '.join(parts)}" if parts else ""


def _verb(plan: FixPlan) -> str:
    return "closes" if len(plan.changes) == 1 else "close"


def _change(number: int, change: FixChange, width: int, color: bool) -> Iterator[str]:
    lead = " " * 4
    say = f"`{change.control}: {{mechanism: …}}` {change.where} {_closes(len(change.closes))}"
    cost = f"  cost {change.cost}"
    yield from fold([*prose(say, color), Run(cost, "dim")], width, color, f"{number:>2}. ", lead)
    yield from _noted(
        "do", _advice(change) + (" The others alike." if len(change.closes) > 1 else ""), width, color
    )
    if change.replaces:
        yield from _noted("now", f"the place says `{change.replaces}`", width, color)
    if change.against:
        facts = " and ".join(f"{premise_text(p)}{_line(p.span)}" for p in change.against)
        text = f"the model itself shows the contrary, {facts}: change that with it, or `check` warns"
        yield from _noted("mind", text, width, color)
    if change.kind == "baseline":
        text = "it has to be true of all that we operate, not only where the gaps are"
        yield from _noted("mind", text, width, color)
    if change.settles:
        text = (
            f"says it of {counted(change.settles, 'subject')} besides, of which nobody has said anything yet"
        )
        yield from _noted("mind", text, width, color)
    if change.closes:
        more = len(change.closes) - _LISTED
        keys = "  ".join(change.closes[:_LISTED]) + (f"  … and {more} more" if more > 0 else "")
        yield from _noted("for", keys, width, color)
    if change.span:
        yield from _noted("at", str(change.span), width, color)
    yield ""


def _advice(change: FixChange) -> str:
    return message_text(change.do) if change.do else f"{change.title}."


def _noted(word: str, text: str, width: int, color: bool) -> Iterator[str]:
    first = f"    {paint(f'{word:<5}', 'dim', color)}"
    yield from fold(prose(text, color), width, color, first, " " * 9)


def _left(plan: FixPlan, width: int, color: bool) -> Iterator[str]:
    if not plan.left:
        return
    yield f"{paint('LEFT OPEN', 'bold', color)}  {paint('chosen, but not closed by this set', 'dim', color)}"
    yield ""
    by_reason: dict[str, list[LeftOpen]] = {}
    for finding in plan.left:
        by_reason.setdefault(finding.reason, []).append(finding)
    for reason, found in by_reason.items():
        yield from fold(prose(reason, color), width, color, "  ", "  ")
        for finding in found[:_LISTED]:
            word = paint(f"{finding.severity:<9}", finding.severity, color)
            yield f"    {word} {terminal(finding.key)}"
        if len(found) > _LISTED:
            yield paint(f"    … and {len(found) - _LISTED} more", "dim", color)
        yield ""


def _plain(change: FixChange) -> dict[str, Any]:
    return {
        "control": change.control,
        "title": change.title,
        "layer": change.layer,
        "kind": change.kind,
        "place": change.place,
        "flows": list(change.flows),
        "cost": change.cost,
        "replaces": change.replaces or None,
        "do": _advice(change),
        "closes": list(change.closes),
        "settles": change.settles,
        "against": [{"text": premise_text(p), "place": plain_place(p.span)} for p in change.against],
        "at": plain_place(change.span),
    }


def _plain_left(left: LeftOpen) -> dict[str, Any]:
    return {
        "key": left.key,
        "severity": left.severity,
        "reason": left.reason,
        "place": plain_place(left.span),
    }


def _line(span: Span | None) -> str:
    return f" (line {span.line})" if span else ""


def _closes(count: int) -> str:
    return f"closes {count}" if count else "closes the rest of what others began"
