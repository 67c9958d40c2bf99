"""Puts a fix set into the text of a model: read again and assessed anew before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threatmodel.api.review import Review, iso_day, reread
from threatmodel.errors import InputError, UsageError
from threatmodel.render.text.wording import listed
from threatmodel.results import Assessment, Verdict
from threatmodel.results.fixes import FixChange

if TYPE_CHECKING:
    from threatmodel.source import Value

_NAMED = 5


class Work(NamedTuple):
    """What is written of the work: its status, who does it until which day, and by what (`CONTROL=TEXT`)."""

    status: str
    owner: str | None
    due: str | None
    mechanisms: tuple[str, ...]


class Writing(NamedTuple):
    """The text of every file that changes, the changes in it, and the assessment of the model with them.

    `harmful` are changes that were left out, each batch with the results that a plan would hide. Without any
    change left there is nothing to write, and no other assessment.
    """

    texts: Mapping[Path, str]
    changes: tuple[FixChange, ...]
    after: Assessment | None
    harmful: tuple[tuple[FixChange, tuple[str, ...]], ...]

    @property
    def closed(self) -> tuple[str, ...]:
        """The keys of the gaps that the changes close."""
        return tuple(key for change in self.changes for key in change.closes)


class StatementsError(InputError):
    """The model would not be valid with the statements of a fix set."""


def written(
    review: Review,
    before: Assessment,
    changes: Sequence[FixChange],
    work: Work,
    path: Path,
    decisions: Path | None = None,
) -> Writing:
    """The files of the model at `path` with a statement for each change.

    Raises UsageError where that does harm, or where something is missing that is to be written. A planned
    statement is no protection, so it may not take the place of one: what is satisfied must stay so.
    """
    statements = _statements(changes, work, before.as_of) if changes else {}
    harmful: list[tuple[FixChange, tuple[str, ...]]] = []
    left = [c for c in changes if not is_planned(review, c, work)]
    while left:
        texts = _texts(review, left, statements)
        try:
            after = reread(review, texts, path, decisions).assess(frameworks=False)
        except InputError as error:
            raise StatementsError(error.diagnostics) from None
        if not (lost := _lost(before, after)):
            found = Writing(texts, tuple(left), after, tuple(harmful))
            _confirm(after, found.closed, work.status)
            return found
        guilty = [c for c in left if any(key.startswith(f"{c.control}@") for key in lost)]
        harmful += [(change, tuple(lost)) for change in guilty or left]
        left = [c for c in left if guilty and c not in guilty]
    return Writing({}, (), None, tuple(harmful))


def is_planned(review: Review, change: FixChange, work: Work) -> bool:
    """Whether work is to be planned that somebody has planned already, with a day that is to come."""
    from threatmodel.plan import place_of_change

    found = review.engine.statements.of(change.control).at(place_of_change(change))
    if work.status != "planned" or found is None or found.weight != "planned" or not found.statement.owner:
        return False
    return bool(found.statement.due and found.statement.due >= review.graph.as_of)


def _lost(before: Assessment, after: Assessment) -> list[str]:
    """What is satisfied and would be so no longer."""
    was, later = (
        {key for column in a.columns for key in column.keys(Verdict.SATISFIED)} for a in (before, after)
    )
    return sorted(was - later)


def _confirm(after: Assessment, closed: Sequence[str], status: str) -> None:
    """Raises UsageError where work that is said to be done leaves a gap."""
    open_ = {f.key for f in after.findings}
    if status == "implemented" and (missed := [key for key in closed if key in open_]):
        raise UsageError(
            f"nothing is written: {names_text(missed)} would stay open", "name a mechanism that is not weak"
        )


def _statements(changes: Sequence[FixChange], work: Work, as_of: str) -> dict[str, dict[str, Any]]:
    """The statement of each control; raises UsageError for what is not said of the work."""
    mechanisms = _mechanisms(changes, work.mechanisms)
    controls = dict.fromkeys(c.control for c in changes)
    owner = {"owner": work.owner.strip()} if work.owner and work.owner.strip() else {}
    how = {name: {"mechanism": mechanisms[name]} if name in mechanisms else {} for name in controls}
    if work.status == "planned":
        if not owner or not work.due:
            raise UsageError(
                "a planned statement needs somebody and a day", "add --owner NAME --due YYYY-MM-DD"
            )
        due = iso_day(work.due)
        if due < as_of:
            raise UsageError(f"`{work.due}` is past on {as_of}", "choose a later day")
        return {name: {"status": "planned", **how[name], **owner, "due": due} for name in controls}
    if silent := sorted(controls.keys() - mechanisms.keys()):
        names = ", ".join(f"`{name}`" for name in silent)
        raise UsageError(
            f"nobody said how {names} {'is' if len(silent) == 1 else 'are'} implemented",
            f"add --mechanism {silent[0]}=TEXT for each, and only for what is in place",
        )
    return {name: {**how[name], **owner} for name in controls}


def _mechanisms(changes: Sequence[FixChange], given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    controls = {c.control for c in changes}
    for text in given:
        name, equals, mechanism = text.partition("=")
        if not equals or not mechanism.strip():
            raise UsageError(f"`{text}` names no mechanism", "write --mechanism CONTROL=TEXT")
        if name not in controls:
            raise UsageError(
                f"no change of this set is about `{name}`", f"they are: {', '.join(sorted(controls))}"
            )
        found[name] = mechanism.strip()
    return found


def _texts(
    review: Review, changes: Sequence[FixChange], statements: Mapping[str, Mapping[str, Any]]
) -> dict[Path, str]:
    """The new text of every file that changes."""
    from threatmodel.edit.assign import with_value
    from threatmodel.plan import path_of_change

    documents = review.model.documents
    texts: dict[int, str] = {}
    for change in changes:
        file, *steps = path_of_change(review.graph, change)
        document = documents[int(file)]
        text = texts.get(int(file), document.text)
        statement = _kept(document.at(tuple(steps)), statements[change.control])
        texts[int(file)] = with_value(text, document.file, tuple(steps), statement)
    return {Path(documents[file].file): text for file, text in texts.items()}


def _kept(now: Value, statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement with the reason that the place gave for what it lacked, while it is only planned."""
    reason = now.get("reason") if isinstance(now, dict) and statement.get("status") == "planned" else None
    return {**statement, "reason": reason} if reason else dict(statement)


def names_text(names: Sequence[str]) -> str:
    """Keys or files in backticks, of many the first."""
    return listed([f"`{name}`" for name in names], _NAMED)
