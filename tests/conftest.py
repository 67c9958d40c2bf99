"""Which tests are slow: `pytest -m 'not slow'` runs the others in less than a minute."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parent
SLOW: Final = (
    "catalog",
    "cli",
    "corpus/test_pull_requests.py",
    "fuzz",
    "properties",
    "oracle",
    "golden/test_samples.py",
    "golden/test_golden.py::test_another_process_with_other_hashes_writes_the_same_bytes",
    "unit/api/test_status.py",
    "unit/catalog/test_claims.py",
    "unit/diff/test_pairs.py",
    "unit/docs/test_commands.py",
    "unit/edit/test_assign.py",
    "unit/edit/test_fmt.py",
    "unit/export/test_formats.py",
    "unit/export/test_oscal.py",
    "unit/export/test_sarif.py",
    "unit/export/test_workbook.py",
    "unit/importers",
    "unit/imports/test_startup.py",
    "unit/ready",
    "unit/render/test_diagram.py",
    "unit/render/test_report.py",
)
"""Folders, modules and tests, from this folder on; whoever writes a test of more than a second adds it."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether a folder or module need not even be read, as all of its tests are left out."""
    name = collection_path.relative_to(TESTS).as_posix() if collection_path.is_relative_to(TESTS) else ""
    return True if config.option.markexpr == "not slow" and name in SLOW else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.path.relative_to(TESTS).as_posix() + item.nodeid[item.nodeid.find("::") :]
        if name.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
