"""The ladder: of the steps of the semantics that follow the need, the first that applies to each subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from threatmodel.evaluate.verdicts.statements import OUT, SATISFYING, AppliedStatement, weighing
from threatmodel.evaluate.verdicts.truths import Truth
from threatmodel.logic import bits
from threatmodel.results import Step

_ALL: Final = -1
_NONE: Final = 0


class Inputs(NamedTuple):
    """What one control can be decided by, for the `size` subjects of one kind.

    `own` is what each subject, else its type, says and what counts, `inherited` what the nearest place says,
    by position; `baseline` is what it says of those that are `operated` by own parties. Every path to those
    `upstream` passes the control; a path to those `around` goes round what it asks of paths.
    """

    kind: str
    size: int
    expect: Truth
    own: Mapping[int, AppliedStatement]
    inherited: Mapping[int, AppliedStatement]
    baseline: AppliedStatement | None
    operated: int
    upstream: int
    around: int


class Decided(NamedTuple):
    """The step that decides each subject, as bytes, and who is satisfied, a gap, or stated not-applicable."""

    steps: bytes
    satisfied: int
    gap: int
    out: int


def decided(inputs: Inputs, undecided: Step) -> Decided:
    """Each subject decided by the first step that applies to it, or by none (`undecided`)."""
    size, (yes, no) = inputs.size, inputs.expect
    own, inherited, baseline = inputs.own, inputs.inherited, inputs.baseline
    stated = typed = out = fulfilled = heard = provided = 0
    if own:
        stated = bits.from_indexes(own, size)
        typed = bits.from_indexes([i for i, s in own.items() if s.place.kind != inputs.kind], size)
        out, fulfilled = weighing(own, OUT, size), weighing(own, SATISFYING, size)
    if inherited:
        heard, provided = bits.from_indexes(inherited, size), weighing(inherited, SATISFYING, size)
    ladder = (  # the step, whom it decides if none before does, and who of them is satisfied
        (Step.STATED, stated & ~typed, fulfilled),
        (Step.STATED_BY_TYPE, typed, fulfilled),
        (Step.INHERITED, provided, _ALL),
        (Step.UPSTREAM, inputs.upstream & ~heard, _ALL),
        (Step.SHOWN, yes, _ALL),
        (Step.AROUND, no & inputs.around, _NONE),
        (Step.CONTRARY, no, _NONE),
        (Step.INHERITED_LACK, heard, _NONE),
        (Step.BASELINE, inputs.operated, _ALL if baseline and baseline.weight in SATISFYING else _NONE),
    )
    left, satisfied, gap = (1 << size) - 1, 0, 0
    steps: dict[int, int] = {}
    for step, applies, holds in ladder:
        if here := left & applies:
            left &= ~here
            steps[step] = here
            satisfied |= here & holds
            gap |= here & ~holds
    steps[undecided] = left
    return Decided(bits.to_codes(steps, size), satisfied, gap & ~out, out)
