"""The table of slow tests names what is there."""

from __future__ import annotations

import pytest

from tests.conftest import SLOW, TESTS


@pytest.mark.parametrize("name", SLOW)
def test_what_is_called_slow_exists(name: str) -> None:
    path, _, test = name.partition("::")

    assert (TESTS / path).exists()
    assert not test or f"def {test}(" in (TESTS / path).read_text(encoding="utf-8")
