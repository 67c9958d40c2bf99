"""A command loads what it needs and no more: start-up is what people wait for each time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

TINY = Path(__file__).parents[3] / "samples" / "tiny" / "threatmodel.yaml"
LIBRARIES = {
    *("click", "graphviz", "graphviz_pure", "jinja2", "markupsafe", "networkx", "pydantic", "rich"),
    *("xlsxwriter", "yaml"),
}
LIST_OF_COMMANDS = {"_version", "cli", "errors"}
OPTIONS = LIST_OF_COMMANDS | {"api", "export", "plugins"}
"""What the options of a command are made of: those of a format follow from the registry."""
JUDGING = OPTIONS | {
    *("catalog", "evaluate", "facts", "graph", "kinds", "logic", "model", "policy", "render"),
    *("resources", "results", "source"),
}
"""The packages that load a model, judge it and print the judgement."""


def loaded(folder: Path, *words: str) -> frozenset[str]:
    """Every module that a command imports, as the interpreter tells it."""
    command = [sys.executable, "-X", "importtime", "-m", "threatmodel", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    told = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return frozenset(line.rpartition("|")[2].strip() for line in told)


def packages(modules: Collection[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("threatmodel.")} - {"__main__"}


@pytest.mark.parametrize(
    ("line", "own", "libraries"),
    [
        ("--version", LIST_OF_COMMANDS, "click"),
        ("--help", LIST_OF_COMMANDS, "click"),
        ("check --help", OPTIONS, "click"),
        ("diff --help", OPTIONS, "click"),
        ("check MODEL", JUDGING, "click yaml"),
        ("check MODEL --format json", JUDGING, "click yaml"),
        ("explain encrypt-in-transit@visitor->web MODEL", JUDGING, "click yaml"),
        ("matrix MODEL", JUDGING, "click yaml"),
        ("threats MODEL", JUDGING, "click yaml"),
        ("fix MODEL", JUDGING | {"plan"}, "click yaml"),
        ("diff MODEL MODEL", JUDGING | {"diff"}, "click yaml"),
        ("diagram MODEL --format mermaid", JUDGING, "click graphviz yaml"),
        ("report MODEL -o report.md", JUDGING, "click graphviz jinja2 markupsafe yaml"),
        ("gdpr record MODEL", JUDGING | {"records"}, "click yaml"),
        ("export oscal-catalog MODEL --framework gdpr -o gdpr.json", JUDGING, "click yaml"),
    ],
)
def test_a_command_loads_no_more_than_it_needs(
    line: str, own: set[str], libraries: str, tmp_path: Path
) -> None:
    words = [str(TINY) if word == "MODEL" else word for word in line.split()]

    modules = loaded(tmp_path, *words)

    assert packages(modules) - own == set()
    assert {name.partition(".")[0] for name in modules} & LIBRARIES <= set(libraries.split())
