"""Fix sets as people and files read them: what to do and then to say, what it closes, and what stays open."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.results.message import Message
from threatmodel.results.reason import Premise


class FixChange(NamedTuple):
    """One measure: a statement of a control at one place, true once somebody has done the work.

    `place` is as the model names it, `flows` lists the flows of an entry that makes several. `replaces` is
    what the place says now ("" where it is silent). `closes` are the keys that no earlier change of the set
    closes; `settles` counts unknown results that it satisfies besides. `against` are facts of the model that
    say the contrary and have to change with it. `do` is the control's advice for the first
    subject, None where its title has to do.
    """

    control: str
    title: str
    layer: str
    kind: str
    place: str
    flows: tuple[str, ...]
    cost: int
    replaces: str
    do: Message | None
    closes: tuple[str, ...]
    settles: int
    against: tuple[Premise, ...]
    span: Span | None

    @property
    def where(self) -> str:
        """The place in words."""
        if self.kind == "baseline":
            return "in the baseline"
        names = " and ".join(f"`{name}`" for name in self.flows or (self.place,))
        return f"on {self.kind}{'s' * (len(self.flows) > 1)} {names}"


class LeftOpen(NamedTuple):
    """A chosen finding that the set does not close, and why."""

    key: str
    severity: str
    reason: str
    span: Span | None


class FixPlan(NamedTuple):
    """A set of changes, most closed for its cost first, and what the engine says of the model with them.

    `closes` are the chosen findings that are satisfied then, `also` other gaps that are, `settles` counts
    unknown results that are. Without a budget no set that closes them costs less than `bound`; with one no
    set within it closes more than the weight `bound`. Where `exact`, the set itself costs or closes that.
    """

    name: str
    as_of: str
    chosen: int
    changes: tuple[FixChange, ...]
    closes: tuple[str, ...]
    also: tuple[str, ...]
    settles: int
    left: tuple[LeftOpen, ...]
    cost: int
    weight: int
    budget: int | None
    exact: bool
    bound: int
