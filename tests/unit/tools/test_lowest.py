"""Every dependency says from which version on it works, and that version is what is tested."""

from __future__ import annotations

import pytest

from tools.lowest import lowest


def test_a_requirement_is_held_to_its_lower_bound() -> None:
    assert list(lowest(["click>=8.1.7", "rich >= 13.7, <15"])) == ["click==8.1.7", "rich==13.7"]


def test_a_requirement_without_a_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="`click` says no lowest version"):
        list(lowest(["click"]))
