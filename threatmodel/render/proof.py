"""What comes of checking a proof, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel.render.text.escape import terminal
from threatmodel.render.text.terminal_text import paint
from threatmodel.render.text.wording import counted
from threatmodel.results import result_key
from threatmodel.verify import Checked, Difference, Proof

_MOST: Final = 20
_RULES: Final = {
    "1 not needed": "its `when` is false",
    "1 out of scope": "it is out of scope",
    "1 stated": "it is stated as not applicable",
    "1 no path": "no path leads there from untrusted ground",
    "1 need unknown": "its `when` is not known",
    "2 stated": "the subject or its type says so",
    "3 inherited": "the nearest place that covers it says so",
    "3 upstream": "every path passes it",
    "4 expected": "its `expect` decides",
    "5 inherited": "the nearest place that covers it says so",
    "6 baseline": "the baseline says so",
    "7 nobody said": "nobody said",
}


def checked_text(proof: Proof, found: Checked, color: bool) -> str:
    """Whether a proof holds, what it rests on, or in what it differs from the texts."""
    lines = _rejected(found, color) if found.differences else _verified(proof, found, color)
    return "".join(f"{line}\n" for line in lines)


def _verified(proof: Proof, found: Checked, color: bool) -> Iterator[str]:
    verdicts = list(proof.tables["verdicts"].values())
    follow = "follows" if len(verdicts) == 1 else "follow"
    head = f"{counted(len(verdicts), 'verdict')} {follow} from the texts of model and catalog"
    yield f"{paint('verified', 'good', color)}: {head}, as of {terminal(proof.as_of)}"
    for entry in verdicts[:_MOST] if len(verdicts) <= _MOST else ():
        key = result_key(entry["control"], entry["kind"], entry["id"])
        rule = entry["rule"]
        yield terminal(f"  {key}: {entry['verdict']} by rule {rule[:1]}, {_RULES[rule]}")
    counts = f"{counted(found.statements, 'statement')} and {counted(found.facts, 'fact')}"
    yield f"checked: {counts}, all read from the model again"


def _rejected(found: Checked, color: bool) -> Iterator[str]:
    number = counted(len(found.differences), "difference")
    yield f"{paint('rejected', 'critical', color)}: {number} between the proof and the texts"
    for difference in found.differences[:_MOST]:
        yield terminal(f"  {_where(difference)}")
        yield terminal(f"    proof: {_value(difference.proof, 'it is not listed', difference.text)}")
        yield terminal(f"    texts: {_value(difference.text, 'no verdict rests on it', difference.proof)}")
    if len(found.differences) > _MOST:
        yield f"  and {len(found.differences) - _MOST} more"
    if any(difference.table == "model" for difference in found.differences):
        yield "the model is another one, or was changed after it was proved: prove it again to see what holds"


def _where(difference: Difference) -> str:
    """The entry that differs, and the keys in it."""
    match difference.table, difference.name:
        case (("model" | "catalog"), (name,)):
            what = f"`{name}`"
        case "paths", (controls, flows, origin, kind, name):
            over = f" over {flows} flows" if flows else ""
            what = f"`{controls}` on every path from {origin} to {kind} `{name}`{over}"
        case _, (asked, kind, name):
            what = f"`{asked}` of {kind} `{name}`"
    keys = "".join(f" {key}" if isinstance(key, int) else f", {key}" for key in difference.keys)
    return f"{difference.table}: {what}{keys}"


def _value(value: str | None, missing: str, other: str | None) -> str:
    """A value on one line, cut where it is long; of a whole entry only whether it is there."""
    if value is None:
        return missing
    if other is None:
        return "it is listed" if missing == "it is not listed" else "a verdict rests on it"
    return value if len(value) <= 100 else f"{value[:97]}..."
