"""Compares the contexts in which two versions are assessed: policies, catalogs, locks and baselines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from threatmodel.diff.changes import ContextChange
from threatmodel.model.words import CONFIDENTIALITY, SEVERITIES

_SCALES: Final[Mapping[str, tuple[str, ...]]] = {
    "fail-on": (*SEVERITIES, "never"),
    "fail-on-unknown": (*SEVERITIES, "never"),
    "fail-on-reach": (*CONFIDENTIALITY, "never"),
}
_DEFAULTS: Final = {"fail-on": "high", "fail-on-unknown": "never", "fail-on-reach": "never"}
_EFFECTS: Final[tuple[Literal["looser", "stricter"], ...]] = ("looser", "stricter")


class AssessmentContext(NamedTuple):
    """What judges one version: the policy with its keys as words, catalogs, the lock, the baseline.

    `policy` and `baseline` are the names of files, "" for none. `catalogs` are the editions of the user's own
    by their names, None where nobody can tell; `locked` those of the lock file, None where there is none.
    `known` are the severities of the gaps in the baseline.
    """

    policy: str
    values: Mapping[str, str]
    catalogs: Mapping[str, str | None]
    locked: Mapping[str, str] | None
    baseline: str
    known: Mapping[str, str]


def context_changes(
    before: AssessmentContext, after: AssessmentContext, here: AssessmentContext, lock: str, gated: bool
) -> tuple[ContextChange, ...]:
    """What is not the same on both sides; `here` judges both, and `lock` is the name of the lock file.

    `gated`: the policy is the gate of this diff, and not what the command line says.
    """
    return (
        *_catalogs(before, after, here),
        *_lock(before, after, lock),
        *(c if gated else c._replace(counted="") for c in _policy(before, after, here)),
        *_baseline(before, after),
    )


def _policy(
    before: AssessmentContext, after: AssessmentContext, here: AssessmentContext
) -> Iterator[ContextChange]:
    """A change for each key: those that let more through first."""
    counted = _counted(before.values, after.values, here.values)
    how = _how(before.policy, after.policy)
    name = after.policy or before.policy
    found = [
        ContextChange("policy", name, how, key, was, now, _effect(key, was, now), counted)
        for key in before.values.keys() | after.values.keys()
        if (was := before.values.get(key, "")) != (now := after.values.get(key, ""))
    ]
    yield from sorted(found, key=lambda c: (c.effect != "looser", c.key))


def _effect(key: str, was: str, now: str) -> Literal["looser", "stricter", ""]:
    """What a threshold does now; one of a layer, boundary or framework that is new or gone tells nothing."""
    scale = _SCALES.get("fail-on" if key.split(".")[0] in ("layers", "boundaries", "frameworks") else key, ())
    before, after = (word or _DEFAULTS.get(key, "") for word in (was, now))
    if before not in scale or after not in scale or before == after:
        return ""
    return "looser" if scale.index(after) > scale.index(before) else "stricter"


def _catalogs(
    before: AssessmentContext, after: AssessmentContext, here: AssessmentContext
) -> Iterator[ContextChange]:
    locked = before.locked is not None and after.locked is not None
    was, now, used = (_editions(side, locked) for side in (before, after, here))
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name, ""), now.get(name, "")
        if old is not None and new is not None and old != new:
            counted = _counted(old, new, used.get(name, ""))
            yield ContextChange("catalog", name, _how(old, new), "", old, new, "", counted)


def _editions(side: AssessmentContext, locked: bool) -> Mapping[str, str | None]:
    """The editions by name: as locked where both sides have a lock, else by the files of own catalogs."""
    return {**side.catalogs, **(side.locked or {})} if locked else side.catalogs


def _lock(before: AssessmentContext, after: AssessmentContext, name: str) -> Iterator[ContextChange]:
    if (before.locked is None) != (after.locked is None):
        how: Literal["added", "removed"] = "added" if before.locked is None else "removed"
        yield ContextChange("lock", name, how, "", "", "", "", "")


def _baseline(before: AssessmentContext, after: AssessmentContext) -> Iterator[ContextChange]:
    """A change for each gap that the baseline takes in, at another severity, or lets go: the worst first."""
    how, name = _how(before.baseline, after.baseline), after.baseline or before.baseline
    found = []
    for key in before.known.keys() | after.known.keys():
        was, now = before.known.get(key, ""), after.known.get(key, "")
        if was != now:
            effect = _EFFECTS[_rank(was) > _rank(now)]
            found.append(ContextChange("baseline", name, how, key, was, now, effect, ""))
    yield from sorted(found, key=lambda c: (c.effect != "looser", -_rank(c.after or c.before), c.key))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity else -1


def _how(before: str, after: str) -> Literal["added", "removed", "changed"]:
    if bool(before) == bool(after):
        return "changed"
    return "added" if after else "removed"


def _counted(before: object, after: object, here: object) -> Literal["before", "after", "neither"]:
    """Whose judge is the one that stands here and counts."""
    if here == after:
        return "after"
    return "before" if here == before else "neither"
