"""What the commands print for a sample: the texts that the golden files hold."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.cli import cli
from threatmodel.resources import resource_dir

SAMPLES: Final = ("tiny", "shop", "clinic", "online-boutique")
SAMPLES_FOLDER: Final = resource_dir("samples")
AS_OF: Final = "2026-11-01"
OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "check.txt": ("check",),
    "check.json": ("check", "--format", "json"),
    "report.md": ("report",),
    "threats.txt": ("threats",),
    "matrix-gdpr.md": ("matrix", "--framework", "gdpr", "--format", "markdown"),
    "matrix-hipaa.md": ("matrix", "--framework", "hipaa", "--format", "markdown"),
    "diagram.mmd": ("diagram", "--format", "mermaid"),
    "diagram.dot": ("diagram", "--format", "dot"),
}


def run(*words: str) -> str:
    """What one command prints in the folder of the samples: 100 columns, no colour, findings no failure."""
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"})
    with contextlib.chdir(SAMPLES_FOLDER):
        result = runner.invoke(cli, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1), f"{words}: {result.output}"
    return steady(result.stdout)


def steady(text: str) -> str:
    """The text with zeros for the digests of models and of the shipped catalog: a comment changes nothing."""
    text = re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{64 * '0'}", text)
    return text.replace(Library().editions[0].short, 12 * "0")


def write(sample: str, name: str, path: Path) -> None:
    """Writes one output of one sample to a file."""
    words = (*OUTPUTS[name], "--as-of", AS_OF, sample)
    path.parent.mkdir(parents=True, exist_ok=True)
    if name == "report.md":
        run(*words, "-o", str(path.resolve()))
        path.write_text(steady(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    else:
        path.write_text(run(*words), encoding="utf-8", newline="")


def main() -> None:
    """Writes every output of every sample under the folder given."""
    for sample in SAMPLES:
        for name in OUTPUTS:
            write(sample, name, Path(sys.argv[1]) / sample / name)


if __name__ == "__main__":
    main()
