"""`threatmodel export` and `matrix --format xlsx`, with frameworks by name and by file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from threatmodel.cli import cli
from threatmodel.errors import UsageError
from threatmodel.resources import resource_dir

CLINIC = str(resource_dir("samples") / "clinic")
OWN = """id: house-rules
title: House rules
source: Company standard 7, edition 3
law_as_of: 2026-01-01
requirements:
  - id: R1
    title: Data at rest are encrypted
    designation: mandatory
    category: security
    coverage: full
    controls: encrypt-at-rest
    cannot_show: that the keys are kept safe in operation
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, (*words, "--as-of", "2026-11-01"))


@pytest.mark.parametrize(
    ("form", "root"),
    [
        ("oscal-component-definition", "component-definition"),
        ("oscal-assessment-results", "assessment-results"),
        ("oscal-poam", "plan-of-action-and-milestones"),
    ],
)
def test_documents_of_the_model_hold_all_frameworks(form: str, root: str) -> None:
    result = run("export", form, CLINIC)
    assert result.exit_code == 0, result.output
    assert list(json.loads(result.stdout)) == [root]


@pytest.mark.parametrize("form", ["oscal-catalog", "oscal-mapping-collection", "ciso-assistant"])
def test_documents_of_one_framework_ask_which(form: str) -> None:
    assert "this format holds one framework" in str(run("export", form, CLINIC).exception)
    assert run("export", form, CLINIC, "--framework", "hipaa").exit_code == 0


def test_a_workbook_is_written_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "matrix.xlsx"
    result = run("matrix", CLINIC, "--format", "xlsx", "-o", str(target))
    assert result.exit_code == 0, result.output
    assert target.read_bytes().startswith(b"PK")


def test_a_framework_of_ones_own_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(OWN)
    result = run("matrix", CLINIC, "--framework", str(path))
    assert result.exit_code == 0, result.output
    assert "House rules" in result.stdout
    assert "164.312" not in result.stdout
    both = run("matrix", CLINIC, "--framework", str(path), "--framework", "hipaa")
    assert "House rules" in both.stdout
    assert "164.312" in both.stdout
    catalog = run("export", "oscal-catalog", CLINIC, "--framework", str(path))
    assert "house-rules-r1" in catalog.stdout


def test_a_framework_file_with_an_id_of_the_catalog_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(OWN.replace("id: house-rules", "id: hipaa"))
    assert "framework `hipaa` exists twice" in str(run("matrix", CLINIC, "--framework", str(path)).exception)


def test_an_unknown_framework_suggests_the_nearest() -> None:
    assert "no framework `hippa`" in str(run("matrix", CLINIC, "--framework", "hippa").exception)


def test_a_framework_may_be_asked_for_by_its_name_alone() -> None:
    text = run("matrix", CLINIC, "--framework", "nist-800-53").output
    assert "\n\nNIST SP 800-53\n" in text
    assert "IA-2(1)" in text
    assert "NIST SP 800-53\n" not in run("matrix", CLINIC).output
    error = run("matrix", CLINIC, "--framework", "nist-800-35").exception
    assert isinstance(error, UsageError)
    assert "nist-800-53" in (error.help or "")
