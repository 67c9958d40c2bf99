"""What a change costs: three levels, by the control's layer unless the control or the user says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from threatmodel.catalog import LAYERS, Control
from threatmodel.errors import UsageError, did_you_mean

LEVELS: Final[Mapping[str, int]] = {"low": 1, "medium": 3, "high": 10}
"""A setting or a ticket; some days of one team; a project of several."""

LAYER_COSTS: Final[Mapping[str, str]] = {
    "perimeter": "medium",
    "segmentation": "high",
    "identity": "medium",
    "access": "medium",
    "channel": "low",
    "data-at-rest": "low",
    "keys-and-secrets": "medium",
    "application": "medium",
    "logging": "low",
    "monitoring": "medium",
    "audit": "medium",
    "resilience": "high",
    "recovery": "medium",
    "platform": "low",
    "privacy": "medium",
    "third-party": "medium",
    "governance": "low",
}
"""What a control of each layer costs where its file does not say."""

WEIGHTS: Final[Mapping[str, int]] = {"low": 1, "medium": 3, "high": 10, "critical": 30}
"""What closing a finding of each severity counts."""


class Costs:
    """The cost of a change of each control; `own` numbers are by control, layer or level, nearest first."""

    def __init__(self, own: Mapping[str, int], controls: Mapping[str, Control]) -> None:
        for name in own:
            if name not in controls and name not in LAYERS and name not in LEVELS:
                help = did_you_mean(name, (*controls, *LAYERS, *LEVELS))
                help = help or f"name a control, a layer, or one of {', '.join(LEVELS)}"
                raise UsageError(f"a cost is given for `{name}`, which is no control, layer or level", help)
        self._own = own

    def of(self, control: Control) -> int:
        """What one change of this control costs, at whatever place."""
        for name in (control.id, control.layer):
            if name in self._own:
                return self._own[name]
        level = control.cost or LAYER_COSTS[control.layer]
        return self._own.get(level, LEVELS[level])
