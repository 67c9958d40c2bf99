"""The README with what its commands print today: its model, checked and drawn."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from threatmodel.cli import cli

README: Final = Path(__file__).resolve().parents[1] / "README.md"
_MODEL: Final = "guestbook.yaml"


def texts() -> dict[str, str]:
    """The README by its path, each printed block made anew."""
    text = README.read_text(encoding="utf-8")
    for block, lines in printed(text).items():
        before, opening, rest = text.partition(f"```{block}\n")
        text = before + opening + lines + rest[rest.index("```") :]
    return {"README.md": text}


def model_of_the_readme(text: str) -> str:
    """The model that a README shows."""
    found = re.search(r"```yaml\n(threatmodel: 1\n.*?)```", text, re.DOTALL)
    assert found is not None, "the README shows a model"
    return found[1]


def printed(text: str) -> dict[str, str]:
    """What the commands print of the model in a README, by the name of the block that shows it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path(_MODEL).write_text(model_of_the_readme(text), encoding="utf-8")
        return {
            "text": beginning(_run("check", _MODEL)),
            "mermaid": _run("diagram", _MODEL, "--format", "mermaid"),
        }


def beginning(screen: str) -> str:
    """The gaps and the first question of a gap list."""
    found = re.search(r"^GAPS.*?^ 1\. .*?(?=^ ?\d+\. )", screen, re.DOTALL | re.MULTILINE)
    assert found is not None, "the gap list of the README has a gap and two questions"
    return found[0]


def _run(*words: str) -> str:
    result = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(cli, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout
