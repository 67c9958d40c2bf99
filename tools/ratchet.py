"""Holds the coverage of some packages: `python -m tools.ratchet FILE` reads what `coverage json` wrote.

Each package may lose nothing of what its own unit tests reach; who reaches more writes the new number here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

FLOORS: Final = {"catalog": 99.0, "evaluate": 98.4, "facts": 99.0, "results": 98.5}
"""Per cent of lines and branches, by package."""
_SLACK: Final = 1.0


def main() -> int:
    """Prints a line for each package; 1 when one is below its floor."""
    measured = shares(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["files"])
    faults = list(problems(measured))
    for name, share in measured.items():
        print(f"{name}: {share:.1f} per cent")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def shares(files: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """How much of each package was run, lines and branches together, from the files of a report."""
    found = {}
    for name in FLOORS:
        totals = [
            file["summary"]
            for path, file in files.items()
            if Path(path).as_posix().startswith(f"threatmodel/{name}/")
        ]
        whole = sum(t["num_statements"] + t["num_branches"] for t in totals)
        run = sum(t["covered_lines"] + t["covered_branches"] for t in totals)
        found[name] = 100 * run / whole if whole else 0.0
    return found


def problems(measured: Mapping[str, float]) -> Iterator[str]:
    """What is below its floor, and a floor that lies too far below what is reached."""
    for name, floor in FLOORS.items():
        share = measured[name]
        if share < floor:
            yield f"`{name}` is covered by {share:.1f} per cent, less than the {floor} that it had"
        elif share > floor + _SLACK:
            yield f"`{name}` is covered by {share:.1f} per cent: write it in tools/ratchet.py"


if __name__ == "__main__":
    sys.exit(main())
