"""Prints the lowest version of each dependency that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_NEEDED = re.compile(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)")


def main() -> None:
    """Prints one line for each dependency that every user has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in lowest(project["dependencies"]):
        print(line)


def lowest(needed: Iterable[str]) -> Iterator[str]:
    """Each requirement held to its lower bound; one without a bound is a ValueError."""
    for requirement in needed:
        found = _NEEDED.match(requirement)
        if found is None:
            raise ValueError(f"`{requirement}` says no lowest version")
        yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    main()
