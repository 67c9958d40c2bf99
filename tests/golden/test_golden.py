"""The samples print what their golden files hold: look at every difference before you take it over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.outputs import OWNED, PINNED, SHIPPED, Golden

GOLDEN = Path(__file__).parent
ROOT = GOLDEN.parents[1]


@pytest.mark.parametrize("golden", [*PINNED, *SHIPPED], ids=lambda golden: golden.path)
def test_the_output_of_a_sample_is_its_golden_file(golden: Golden) -> None:
    held = (GOLDEN / golden.path).read_bytes()

    assert golden.text().encode("utf-8") == held, "run `python -m tools.update`, then read the difference"


def test_no_golden_file_is_left_over() -> None:
    kept = {p.relative_to(ROOT).as_posix() for pattern in OWNED for p in ROOT.glob(pattern)}

    assert kept - {f"tests/golden/{golden.path}" for golden in (*PINNED, *SHIPPED)} == set()


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_other_hashes_writes_the_same_bytes(seed: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed}
    words = [sys.executable, "-m", "tests.golden.outputs", str(tmp_path)]

    subprocess.run(words, cwd=ROOT, env=environment, check=True, timeout=120)

    written = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.glob("*/*")}
    assert written == {g.path: (GOLDEN / g.path).read_bytes() for g in PINNED}
