"""Severity of a finding: the control's own, moved by one step at most for what is at stake and who can reach.

    step     = clamp(stake + exposure, -1, +1)
    stake    = +1 restricted or critical data, -1 public or low at most, else 0
    exposure = +1 directly reachable from untrusted ground, -1 not reachable at all, else 0

The dimension of the stake follows the control's threats. Unknown inputs count 0 and are listed.
"""

from __future__ import annotations

from collections.abc import Iterable

from threatmodel.catalog import SEVERITIES, Control
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.facts import fact
from threatmodel.logic import UNKNOWN, Known, Range, Value

_DIMENSIONS = {
    "information-disclosure": "data.confidentiality",
    "data-disclosure": "data.confidentiality",
    "identifying": "data.confidentiality",
    "linking": "data.confidentiality",
    "tampering": "data.integrity",
    "spoofing": "data.integrity",
    "repudiation": "data.integrity",
    "denial-of-service": "data.availability",
    "elevation-of-privilege": "data.confidentiality",
}
_DIRECT = ("from_untrusted", "exposed", "entered_from_untrusted")


class Risk:
    """Severities of one control over one kind of subject, with the inputs of the formula."""

    def __init__(self, engine: Engine, control: Control, kind: str) -> None:
        self._base = SEVERITIES.index(control.severity)
        self._control = control.severity + "".join(
            f" ({c.what}, by the catalog `{c.catalog}`)" for c in control.changes if c.key == "severity"
        )
        dimensions = dict.fromkeys(_DIMENSIONS[t] for t in control.threats if t in _DIMENSIONS)
        self._stakes = [d for d in dimensions if fact(kind, d)]
        self._direct = next((f for f in _DIRECT if fact(kind, f)), None)
        self._reach = "reachable_from_untrusted" if fact(kind, "reachable_from_untrusted") else None
        read = (
            *self._stakes,
            *((self._direct,) if self._direct else ()),
            *((self._reach,) if self._reach else ()),
        )
        self._columns = {name: engine.column(kind, name) for name in read}
        self._seen: dict[tuple[int, ...], tuple[str, tuple[str, ...]]] = {}

    def of(self, i: int) -> tuple[str, tuple[str, ...]]:
        """The severity of subject `i` and the inputs that made it."""
        codes = tuple(column.codes[i] for column in self._columns.values())
        if codes not in self._seen:
            self._seen[codes] = self._of(i)
        return self._seen[codes]

    def highest(self, subjects: Iterable[int]) -> str:
        """The gravest severity of some subjects: asked once for all that share every input."""
        found = list(subjects)
        inputs = [map(column.codes.__getitem__, found) for column in self._columns.values()]
        one_of_each = dict(zip(zip(*inputs, strict=True), found, strict=True)) if inputs else {(): found[0]}
        return max({self.of(i)[0] for i in one_of_each.values()}, key=SEVERITIES.index)

    def _of(self, i: int) -> tuple[str, tuple[str, ...]]:
        stakes = [(name, _stake(self._value(name, i))) for name in self._stakes]
        stake = max((s for _, s in stakes if s is not None), default=0)
        exposure, exposed = self._exposure(i)
        step = max(-1, min(1, stake + exposure))
        inputs = [f"control: {self._control}"]
        inputs += [f"{name}: {'unknown' if s is None else f'{s:+d}'}" for name, s in stakes]
        inputs += [f"exposure: {exposed}"]
        return SEVERITIES[max(0, min(len(SEVERITIES) - 1, self._base + step))], tuple(inputs)

    def _value(self, name: str, i: int) -> Value:
        column = self._columns[name]
        return column.table[column.codes[i]]

    def _exposure(self, i: int) -> tuple[int, str]:
        if self._direct is None:
            return 0, "does not apply"
        if self._value(self._direct, i) == Known(True):
            return 1, "+1, direct from untrusted ground"
        reach = self._value(self._reach, i) if self._reach else Known(True)
        if reach == Known(False):
            return -1, "-1, not reachable from untrusted ground"
        return 0, "unknown" if reach == UNKNOWN else "0"


class Risks:
    """The risks of every control over one engine, each made once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: dict[tuple[str, str], Risk] = {}

    def of(self, control: Control, kind: str) -> Risk:
        """The risk of one control over one kind of subject."""
        key = control.id, kind
        if key not in self._made:
            self._made[key] = Risk(self._engine, control, kind)
        return self._made[key]


def _stake(value: Value) -> int | None:
    """+1, 0 or -1 for a level of four; None where the level is not known well enough to say."""
    assert isinstance(value, Range)
    if value.low >= 3:
        return 1
    if value.high <= 0:
        return -1
    return 0 if value.high < 3 and value.low > 0 else None
