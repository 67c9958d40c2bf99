"""Decisions that count for nothing are told wherever their rows are, and wherever CI looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.cli import cli

MODEL = "threatmodel: 1\nname: m\nparties: {us: {own: true, hipaa: provider}}\nservices: {web: }\n"
SAID = """
threatmodel-decisions: 1
waivers: [{finding: "mfa@nobody", reason: r, owner: o, until: 2026-12-31}]
requirements:
  - {framework: hipa, requirement: 164.312(b), decision: attested, reason: r, owner: o, date: 2026-01-01}
  - {framework: hipaa, requirement: 164.312(f), decision: attested, reason: r, owner: o, date: 2026-01-01}
  - {framework: hipaa, requirement: 164.312(b), decision: not-applicable, reason: r, owner: o,
     date: 2026-01-01}
  - {framework: hipaa, requirement: 164.308(a)(2), decision: attested, reason: r, owner: o, date: 2026-01-01,
     evidence: {link: x, until: 2026-02-01}}
"""


@pytest.mark.parametrize(
    "words", [("matrix", "--framework", "hipaa"), ("matrix", "--format", "csv"), ("check",)]
)
def test_what_counts_for_nothing_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "threatmodel.yaml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "decisions.yaml").write_text(SAID, encoding="utf-8")
    first, *options = words
    told = CliRunner().invoke(cli, (first, str(tmp_path), *options, "--as-of", "2026-11-01")).stderr
    wanted = (
        "`hipa`",
        "`164.312(f)`",
        "binds whom the law binds",
        "no evidence in force",
        "waiver `mfa@nobody`",
    )
    for found in wanted:
        assert told.count(found) == 1, found
