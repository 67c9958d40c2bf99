"""`threatmodel waive`: decide to live with a gap, with a reason, an owner and an end."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    day,
    decisions_option,
    open_review,
)
from threatmodel.cli.output import emit, say
from threatmodel.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from threatmodel.results import Assessment


@click.command(name="waive")
@click.argument("key")
@click.argument("model", required=False, metavar="[MODEL]")
@click.option("--reason", required=True, help="Why the gap may stay.")
@click.option("--owner", required=True, help="Who decided it.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which it counts.")
@click.option("--compensated-by", metavar="KEY", help="A result that must be satisfied for it to count.")
@catalog_option
@as_of_option
@decisions_option
def command(
    key: str,
    model: str | None,
    reason: str,
    owner: str,
    until: str,
    compensated_by: str | None,
    as_of: str | None,
    decisions: Path | None,
) -> None:
    """Waive the gap KEY (`control@subject` as check prints it; * stands for anything) of MODEL.

    The waiver is added to decisions.yaml beside the model, where comments and layout stay as they are.
    """
    from threatmodel.edit.waive import NEW, with_waiver
    from threatmodel.source import read_text

    if model == "-":
        raise UsageError("a model on stdin has no decisions file beside it", "name a model file")
    path = model_path(model)
    target = decisions or path.parent / "decisions.yaml"
    present = decisions if decisions is None or os.path.lexists(decisions) else None
    assessment = open_review(str(path), as_of, present).assess(frameworks=False)
    matched = _check(assessment, key, until, compensated_by)
    waiver = {"finding": key, "reason": reason.strip(), "owner": owner.strip(), "until": day(until)}
    if compensated_by:
        waiver["compensated_by"] = compensated_by
    for name in ("reason", "owner"):
        if not waiver[name]:
            raise UsageError(f"--{name} is empty")
    before = read_text(target) if os.path.lexists(target) else NEW
    emit(with_waiver(before, target.as_posix(), waiver), target, "decisions file")
    say(f"waived {matched} finding{'s' * (matched != 1)} until {until} in {target}")


def _check(assessment: Assessment, key: str, until: str, compensated_by: str | None) -> int:
    """How many open findings the key matches; raises UsageError for a waiver that would count for nothing."""
    from threatmodel.results import Verdict

    if day(until) < assessment.as_of:
        raise UsageError(f"`{until}` is past on {assessment.as_of}", "choose a later day")
    pattern = re.compile(".*".join(re.escape(part) for part in key.split("*")))
    findings = (*assessment.findings, *assessment.bypasses)
    found = [f for f in findings if pattern.fullmatch(f.key)]
    if not found:
        help = did_you_mean(key, [f.key for f in findings])
        raise UsageError(f"no finding has the key `{key}`", help or "`threatmodel check` prints the keys")
    open_ = [f for f in found if f.disposition in ("open", "unknown")]
    if not open_:
        decided = ", ".join(sorted({f.disposition for f in found}))
        raise UsageError(f"`{key}` does not stand open", f"it is {decided} already")
    if compensated_by and (verdict := assessment.verdict(compensated_by)) is not Verdict.SATISFIED:
        what = f"it is {verdict.word}" if verdict is not None else "there is no such result"
        raise UsageError(f"`{compensated_by}` does not compensate: {what}", "only a satisfied result does")
    return len(open_)
