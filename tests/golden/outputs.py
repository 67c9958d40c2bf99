"""What the commands print for a sample: the texts that the golden files hold."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.cli import cli
from threatmodel.resources import resource_dir

SAMPLES: Final = ("tiny", "shop", "clinic", "online-boutique")
SAMPLES_FOLDER: Final = resource_dir("samples")
AS_OF: Final = "2026-11-01"
OWNED: Final = tuple(f"tests/golden/*/*.{suffix}" for suffix in ("txt", "json", "md", "mmd", "dot"))
"""The golden files, from the root of the checkout; the pinned catalog lies deeper."""
_OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "check.txt": ("check",),
    "check.json": ("check", "--format", "json"),
    "report.md": ("report",),
    "threats.txt": ("threats",),
    "matrix-gdpr.md": ("matrix", "--framework", "gdpr", "--format", "markdown"),
    "matrix-hipaa.md": ("matrix", "--framework", "hipaa", "--format", "markdown"),
    "diagram.mmd": ("diagram", "--format", "mermaid"),
    "diagram.dot": ("diagram", "--format", "dot"),
}


class Golden(NamedTuple):
    """One golden file: a command of a sample, judged by the pinned catalog or by the shipped one."""

    path: str
    sample: str
    words: tuple[str, ...]
    pinned: bool

    def text(self) -> str:
        """What the file should hold today."""
        words = (*self.words, "--as-of", AS_OF, self.sample)
        with judging(self.pinned) as catalog, tempfile.TemporaryDirectory() as folder:
            if self.words != ("report",):
                return run(*words, catalog=catalog)
            page = Path(folder) / "report.md"
            run(*words, "-o", str(page), catalog=catalog)
            return steady(page.read_text(encoding="utf-8"), catalog)


PINNED: Final = tuple(
    Golden(f"{sample}/{name}", sample, words, True) for sample in SAMPLES for name, words in _OUTPUTS.items()
)
SHIPPED: Final = tuple(Golden(f"shipped/{sample}.txt", sample, ("check",), False) for sample in SAMPLES)


def texts() -> dict[str, str]:
    """Every golden file by its path from the root of the checkout."""
    return {f"tests/golden/{golden.path}": golden.text() for golden in (*PINNED, *SHIPPED)}


@contextlib.contextmanager
def judging(pinned: bool) -> Iterator[Path | None]:
    """The folder of the pinned catalog, with the shipped kinds; None stands for the shipped catalog."""
    if not pinned:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        catalog = Path(folder) / "pinned"
        shutil.copytree(Path(__file__).parent / "catalog", catalog)
        shutil.copytree(resource_dir("catalogs") / "kinds", catalog / "kinds")
        shutil.copy(resource_dir("catalogs") / "jurisdictions.yaml", catalog)
        yield catalog


def run(*words: str, catalog: Path | None = None, folder: Path = SAMPLES_FOLDER) -> str:
    """What one command prints in a folder: 100 columns, no colour, findings no failure."""
    shown = {"COLUMNS": "100", "NO_COLOR": "1"}
    judged = {"THREATMODEL_CATALOG": str(catalog)} if catalog else {}
    with contextlib.chdir(folder):
        result = CliRunner(env=shown | judged).invoke(cli, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1), f"{words}: {result.output}"
    return steady(result.stdout, catalog)


def steady(text: str, catalog: Path | None = None) -> str:
    """The text with zeros for the digests of models and of the catalog: a comment changes nothing."""
    text = re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{64 * '0'}", text)
    return text.replace(_digest(catalog), 12 * "0")


@cache
def _digest(catalog: Path | None) -> str:
    return Library(catalog).editions[0].short


def main() -> None:
    """Writes every golden file of the pinned catalog under the folder given."""
    for golden in PINNED:
        path = Path(sys.argv[1]) / golden.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(golden.text(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
