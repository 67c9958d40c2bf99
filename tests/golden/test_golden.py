"""The samples print what their golden files hold: look at every difference before you take it over.

`pytest tests/golden --update-golden` writes the files anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.outputs import OUTPUTS, SAMPLES, write

GOLDEN = Path(__file__).parent
UPDATE = "run `pytest tests/golden --update-golden`, then look at the difference"


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_output_of_a_sample_is_its_golden_file(
    sample: str, name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / sample / name
    written = tmp_path / name
    write(sample, name, written)
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written.read_bytes())
    assert golden.is_file(), f"there is no {golden.relative_to(GOLDEN)}: {UPDATE}"
    assert written.read_bytes() == golden.read_bytes(), UPDATE


def test_no_golden_file_is_left_over() -> None:
    kept = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.glob("*/*.*") if path.suffix != ".pyc"}

    assert kept == {f"{sample}/{name}" for sample in SAMPLES for name in OUTPUTS}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_other_hashes_writes_the_same_bytes(seed: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed}
    root = GOLDEN.parents[1]
    words = [sys.executable, "-m", "tests.golden.outputs", str(tmp_path)]

    subprocess.run(words, cwd=root, env=environment, check=True, timeout=120)

    written = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.glob("*/*")}
    assert written == {f"{s}/{n}": (GOLDEN / s / n).read_bytes() for s in SAMPLES for n in OUTPUTS}
