"""The public API is what `threatmodel` names, and importing the package imports nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import threatmodel

MODEL = """
threatmodel: 1
name: Guestbook
actors: {visitor: {human: true}}
services: {web: {}}
data: {entry: {confidentiality: internal, categories: personal}}
flows: [{from: visitor, to: web, protocol: http, data: entry}]
"""


@pytest.mark.parametrize("name", threatmodel.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(threatmodel, name).__doc__


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError):
        vars(threatmodel)["__getattr__"]("engine")


def test_importing_the_package_imports_no_other_module_of_it() -> None:
    code = "import sys, threatmodel; print(*[m for m in sys.modules if m.startswith('threatmodel.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"threatmodel._version"


def test_the_example_of_the_docstring_works(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL)
    review = threatmodel.load(path, threatmodel.Library(), "2026-11-01")
    keys = [finding.key for finding in review.assess().findings]
    assert "encrypt-in-transit@visitor->web" in keys
    assert set(threatmodel.to_networkx(review.graph).nodes) == {"visitor", "web"}
