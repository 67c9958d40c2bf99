"""What asks less of a system without making it safer, said to people."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from threatmodel.diff import AttributeChange, Changes
from threatmodel.diff.narrowing import left_out, lowered, unasked
from threatmodel.render.changes import gaps, unknowns
from threatmodel.render.changes.system import value_texts, values_text
from threatmodel.render.changes.wording import SECRET, Line, Sentence, few, likewise, noun
from threatmodel.render.text.wording import counted, quote


def sentences(changes: Changes) -> Iterator[Sentence]:
    """Elements out of scope and lower classifications, and what is not asked any more."""
    stood, results = unasked(changes)
    counts = [counted(stood, "gap")] if stood else []
    counts += [counted(results, "unknown result")] if results else []
    are = "is" if stood + results == 1 else "are"
    ends = f"{' and '.join(counts)} {are} no longer asked" if counts else ""
    out, lower = left_out(changes), lowered(changes)
    causes = []
    if out:
        verb = "is" if len(out) == 1 else "are"
        weight = 74 if stood else 57 if results else 40
        causes.append((weight, f"{few(c.id for c in out)} {verb} taken out of scope"))
    if lower:
        secret = any(word in SECRET or word == "personal" for c in lower for word in c.before or ())
        causes.append((73 if secret else 50, f"{_lowered(lower[0])}{likewise(lower, 'classification')}"))
    for weight, text in causes:
        yield Sentence(weight, f"{text}: {ends}." if ends and len(causes) == 1 else f"{text}.")
    if ends and len(causes) != 1:
        yield Sentence(19, f"{ends}.")


def _lowered(change: AttributeChange) -> str:
    before, after = value_texts(change.before) or (), value_texts(change.after) or ()
    if change.key == "categories":
        return f"{quote(change.id)} is no longer said to be {few(w for w in before if w not in after)}"
    key = "" if change.key == "confidentiality" else f"{quote(change.key)} of "
    now = f"is now {few(after)}, was {few(before)}" if after else f"is no longer {few(before)}"
    return f"{key}{quote(change.id)} {now}"


def lines(changes: Changes, gone: Collection[tuple[str, str]]) -> Iterator[Line]:
    """Gaps and unknown results that nobody asks for any more, after what asks less."""
    stood = [g for g in changes.gaps if g.how == "unasked"]
    stood += [g for g in changes.gaps if g.how == "eased" and lowered(changes)]
    results = [u for u in unknowns.ordered(changes) if u.how == "settled" and u.unasked]
    if not stood and not results:
        return
    for change in left_out(changes):
        yield Line("↓", f"{noun(change.kind)} {quote(change.id)} is taken out of scope")
    for change in lowered(changes):
        values = values_text(change.before, change.after)
        yield Line("↓", f"{quote(change.key)} of data asset {quote(change.id)} is lowered: {values}")
    yield from (gaps.line(gap, gone) for gap in stood)
    yield from (unknowns.unasked_line(unknown) for unknown in results)
