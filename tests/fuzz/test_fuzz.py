"""A short run of the fuzzer; `python -m tests.fuzz` runs a long one."""

from __future__ import annotations

from pathlib import Path

from .cases import Fuzzer

SEED = 20260601
COUNT = 1500


def test_only_input_errors_come_out_and_none_takes_long(tmp_path: Path) -> None:
    fuzzer = Fuzzer(SEED, tmp_path)
    outcomes = [fuzzer.run(number) for number in range(COUNT)]
    assert [(o.number, o.error) for o in outcomes if o.error] == []
    assert [(o.number, o.seconds) for o in outcomes if o.seconds > 2] == []
    accepted = sum(o.accepted for o in outcomes)
    assert COUNT / 20 < accepted < COUNT * 0.8, "the texts are too tame or too broken to show anything"


def test_a_case_is_found_again_from_its_number(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    first, second = (Fuzzer(SEED, folder) for folder in folders)
    first.run(1)
    assert first.text(7) == second.text(7) != first.text(8)
