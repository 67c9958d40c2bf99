"""How hard Hypothesis tries: the same examples on every machine, many and new ones on demand.

`EFFORT=20 pytest tests/properties` draws twenty times as many examples, different ones each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EFFORT = int(os.environ.get("EFFORT", "1"))


def examples(count: int) -> settings:
    """Settings for about this many examples."""
    return settings(
        max_examples=count * EFFORT,
        derandomize=EFFORT == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
