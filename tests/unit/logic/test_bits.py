"""Bitsets of subjects, built and read through bytes."""

from __future__ import annotations

import pytest

from threatmodel.logic import bits


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 1000])
def test_what_is_packed_is_unpacked(size: int) -> None:
    chosen = [i for i in range(size) if i % 3 == 0 or i == size - 1]
    packed = bits.from_indexes(chosen, size)
    assert packed == sum(1 << i for i in chosen)
    assert list(bits.indexes(packed, size)) == chosen
    assert bits.from_flags(bits.to_flags(packed, size)) == packed


def test_codes_become_the_subjects_for_which_they_are_true_and_false() -> None:
    assert bits.from_codes([0, 1, 2, 1, 0], [True, False, None]) == (0b10001, 0b01010)
    assert bits.from_codes([], []) == (0, 0)


def test_verdicts_and_outcomes_are_a_byte_each() -> None:
    assert bits.to_codes({1: 0b0001, 2: 0b0010, 12: 0b0100}, 4) == bytes([1, 2, 12, 0])
    assert bits.outcome_bytes(0b001, 0b100, 3) == bytes([1, 0, 2])
    assert bits.to_codes({}, 0) == bits.outcome_bytes(0, 0, 0) == b""
    assert bits.to_codes({2: 0b10}, 2) == bytes([0, 2])
