"""The coverage of a package never falls below its floor, and the floor follows what is reached."""

from __future__ import annotations

import pytest

from tools.ratchet import FLOORS, problems, shares


def report(statements: int, covered: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "num_statements": statements,
            "covered_lines": covered,
            "num_branches": 10,
            "covered_branches": 10,
        }
    }


def test_lines_and_branches_of_a_package_count_together() -> None:
    files = {
        "threatmodel/facts/a.py": report(50, 50),
        "threatmodel/facts/b.py": report(30, 20),
        "threatmodel/facts_of/c.py": report(100, 0),
    }

    assert shares(files)["facts"] == 90.0
    assert shares(files)["results"] == 0.0


@pytest.mark.parametrize(("difference", "faults"), [(-0.1, 1), (0.0, 0), (0.9, 0), (1.1, 1)])
def test_a_package_may_be_a_little_above_its_floor_and_never_below(difference: float, faults: int) -> None:
    measured = {**FLOORS, "facts": FLOORS["facts"] + difference}

    assert len(list(problems(measured))) == faults
