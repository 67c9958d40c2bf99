"""Law 8: the same input and the same day give the same bytes of every text output, in any process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.world import SHIPPED

OUTPUTS = {
    "check.txt": ("check",),
    "check.json": ("check", "--format", "json", "--all"),
    "report.md": ("report",),
    "report.html": ("report",),
    "matrix.csv": ("matrix", "--framework", "gdpr", "--format", "csv"),
    "matrix.md": ("matrix", "--framework", "hipaa", "--format", "markdown"),
    "diagram.mmd": ("diagram", "--format", "mermaid"),
    "diagram.dot": ("diagram", "--format", "dot"),
}
_ROOT = Path(__file__).parents[2]


@examples(2)
@given(plain_models(SHIPPED.catalog.controls, crowded=True))
def test_processes_with_different_hashes_write_the_same_bytes(model: Plain) -> None:
    first, second = (_written(yaml(model), seed) for seed in ("1", "2"))
    assert first.keys() == set(OUTPUTS)
    assert first == second


def _written(text: str, seed: str) -> dict[str, bytes]:
    """Every output of a model, as another process writes it into an empty folder."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("PYTHONHASHSEED", seed)
        patch.setenv("PYTHONPATH", str(_ROOT))
        patch.setenv("NO_COLOR", "1")
        words = [sys.executable, "-m", "tests.properties.test_same_bytes", folder]
        run = subprocess.run(
            words, input=text, capture_output=True, text=True, env=dict(os.environ), timeout=120
        )
        assert run.returncode == 0, run.stderr
        return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.name in OUTPUTS}


def main() -> None:
    """Writes every output of the model on standard input into the folder given."""
    from click.testing import CliRunner

    from threatmodel.cli import cli

    os.chdir(sys.argv[1])
    Path("model.yaml").write_text(sys.stdin.read(), encoding="utf-8")
    for name, words in OUTPUTS.items():
        result = CliRunner().invoke(cli, [*words, "--as-of", AS_OF, "-o", name, "model.yaml"])
        assert result.exit_code in (0, 1), f"{name}: {result.output}"


if __name__ == "__main__":
    main()
