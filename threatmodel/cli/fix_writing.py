"""Writes a fix set into the files of a model: read again and assessed anew before any file is replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threatmodel.cli.options import day, model_path
from threatmodel.cli.output import emit, say
from threatmodel.errors import InputError, UsageError
from threatmodel.render.text.wording import counted, names

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.results import Assessment, FixChange, FixPlan
    from threatmodel.source import Value

_NAMED = 5


class Work(NamedTuple):
    """What is written of the work: its status, who does it until when, and by what (`CONTROL=TEXT`)."""

    status: str
    owner: str | None
    due: str | None
    mechanisms: tuple[str, ...]


def written(
    review: Review, model: str | None, before: Assessment, plan: FixPlan, work: Work, decisions: Path | None
) -> None:
    """Writes the changes of a plan; raises UsageError, with every file as it was, where that would do harm.

    A planned statement is no protection, so it may not take the place of one: a result that is satisfied must
    stay so.
    """
    said = _statements(plan.changes, work, before.as_of) if plan.changes else {}
    done = [c for c in plan.changes if work.status == "planned" and _is_planned(review, c)]
    open_ = {f.key for f in before.findings if f.disposition == "open"}
    for change in done:
        say(f"left as it is: `{change.control}` {change.where} is planned already")
        if waiting := [key for key in change.closes if key in open_]:
            say(f"still open until that work is done: {names(waiting, _NAMED)}")
    changes = [c for c in plan.changes if c not in done]
    while changes:
        texts = _texts(review, changes, said)
        after = _assessed(review, model, before.as_of, texts, decisions)
        if not (lost := _lost(before, after)):
            closed = [key for change in changes for key in change.closes]
            _confirm(after, closed, work.status)
            _replace(review, texts)
            _report(before, after, changes, closed, texts, work.status)
            return
        harmful = [c for c in changes if any(key.startswith(f"{c.control}@") for key in lost)]
        for change in harmful or changes:
            what = f"`{change.control}` {change.where}"
            say(f"left out: {what}, where a plan would hide what satisfies {names(lost, _NAMED)}")
        changes = [c for c in changes if harmful and c not in harmful]
    say("nothing is to be written")


def _assessed(
    review: Review, model: str | None, as_of: str, texts: Mapping[Path, str], decisions: Path | None
) -> Assessment:
    """The assessment of the model with other texts; raises InputError where it is not valid."""
    from threatmodel import api
    from threatmodel.edit.overlay import Overlay

    try:
        changed = api.load(model_path(model), review.library, as_of, decisions, files=Overlay(texts))
    except InputError:
        say("error: with these statements the model would not be valid, so nothing is written:")
        raise
    return changed.assess(frameworks=False)


def _lost(before: Assessment, after: Assessment) -> list[str]:
    """What is satisfied and would be so no longer."""
    from threatmodel.results import Verdict

    was, later = (
        {key for column in a.columns for key in column.keys(Verdict.SATISFIED)} for a in (before, after)
    )
    return sorted(was - later)


def _confirm(after: Assessment, closed: Sequence[str], status: str) -> None:
    """Raises UsageError where work that is said to be done leaves a gap."""
    open_ = {f.key for f in after.findings}
    if status == "implemented" and (missed := [key for key in closed if key in open_]):
        raise UsageError(
            f"nothing is written: {names(missed, _NAMED)} would stay open",
            "name a mechanism that is not weak",
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
        if day(work.due) < as_of:
            raise UsageError(f"`{work.due}` is past on {as_of}", "choose a later day")
        return {name: {"status": "planned", **how[name], **owner, "due": day(work.due)} for name in controls}
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
    review: Review, changes: Sequence[FixChange], said: Mapping[str, Mapping[str, Any]]
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
        statement = _kept(document.at(tuple(steps)), said[change.control])
        texts[int(file)] = with_value(text, document.file, tuple(steps), statement)
    return {Path(documents[file].file): text for file, text in texts.items()}


def _kept(now: Value, statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement with the reason that the place gave for what it lacked, while it is only planned."""
    reason = now.get("reason") if isinstance(now, dict) and statement.get("status") == "planned" else None
    return {**statement, "reason": reason} if reason else dict(statement)


def _is_planned(review: Review, change: FixChange) -> bool:
    """Whether somebody has planned a change already, with a day that is to come."""
    places = review.engine.statements.of(change.control)
    said = places.baseline if change.kind == "baseline" else places.at((change.kind, change.place))
    if said is None or said.weight != "planned" or not said.statement.owner:
        return False
    return bool(said.statement.due and said.statement.due >= review.graph.as_of)


def _replace(review: Review, texts: Mapping[Path, str]) -> None:
    """Every file, or none: what was replaced before one fails gets its text back."""
    before = {Path(d.file): d.text for d in review.model.documents}
    done: list[Path] = []
    try:
        for path, text in texts.items():
            emit(text, path, "model")
            done.append(path)
    except UsageError:
        for path in done:
            emit(before[path], path, "model")
        raise


def _report(
    before: Assessment,
    after: Assessment,
    changes: Sequence[FixChange],
    closed: Sequence[str],
    texts: Mapping[Path, str],
    status: str,
) -> None:
    files = names(map(str, texts), _NAMED)
    say(f"{counted(len(changes), 'statement')} written as {status} in {files}")
    open_ = {f.key: f.disposition for f in after.findings}
    if status == "planned":
        planned = [key for key in closed if open_.get(key) == "planned"]
        say(f"{len(planned)} of {len(closed)} gaps stand as planned now")
        if rest := sorted(set(closed) - set(planned)):
            say(f"still open until the work is done: {names(rest, _NAMED)}")
    if new := sorted(open_.keys() - {f.key for f in before.findings}):
        say(f"no longer unknown, but planned: {names(new, _NAMED)}")
