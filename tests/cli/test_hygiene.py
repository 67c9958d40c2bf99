"""Notes on a model stand apart from the result: they change no status, and go away by name or altogether."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.cli import cli
from threatmodel.export.schemas import read_assessment

MODEL = """\
threatmodel: 1
name: Tidy
data: {a: {categories: []}, spare: {categories: []}}
services: {x: , y: }
hosts: {h1: , h2: , h3: , h4: , h5: , h6: }
flows: [{from: x, to: y, data: a}]
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return path


def check(model: Path, *words: str) -> str:
    result = CliRunner(env={"COLUMNS": "100"}).invoke(cli, ["check", str(model), *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_notes_stand_below_the_result_with_place_line_and_help(model: Path) -> None:
    text = check(model)
    result, _, below = text.partition("NOTES ON THE MODEL")
    assert "hygiene" not in result
    assert "note[hygiene:unused-data]: no flow carries data `spare`" in below
    assert f"--> {model}:3:29" in below
    assert "3 | data: {a: {categories: []}, spare: {categories: []}}" in below
    assert "= help: name it on a flow or under `holds`, or take it out" in below


def test_notes_of_one_rule_stand_together_and_the_rest_is_counted(model: Path) -> None:
    text = check(model)
    assert text.count("note[hygiene:unused-host]") == 1
    assert "nothing runs on host `h1` (6 such notes)" in text
    assert "see: nothing runs on host `h4`" in text
    assert "… and 2 more (--all)" in text
    every = check(model, "--all")
    assert every.count("note[hygiene:unused-host]") == 6
    assert "such notes" not in every


def test_a_note_is_no_gap_and_fails_nothing(model: Path) -> None:
    plain = read_assessment(check(model, "--format", "json", "--fail-on", "low"))
    assert [n.name for n in plain.notes] == ["hygiene:unused-data", *["hygiene:unused-host"] * 6]
    assert plain.notes[0].place is not None
    assert plain.counts["gap"] == 0
    without = read_assessment(check(model, "--format", "json", "--no-hygiene"))
    assert without == plain.model_copy(update={"notes": []})


def test_notes_are_switched_off_by_name_in_the_policy_file(model: Path) -> None:
    policy = model.parent / ".threatmodel.yaml"
    policy.write_text("hygiene: {unused-host: off}\n", encoding="utf-8")
    text = check(model)
    assert "unused-data" in text
    assert "unused-host" not in text
    shown = CliRunner().invoke(cli, ["config", str(model)]).stdout
    assert "hygiene.unused-host" in shown
    policy.write_text("hygiene: off\n", encoding="utf-8")
    assert "NOTES" not in check(model)
    assert "NOTES" not in check(model, "--no-hygiene")


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_the_report_holds_them_and_heeds_the_policy_file(model: Path, name: str) -> None:
    path = model.parent / name
    words = ["report", str(model), "-o", str(path)]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert "Notes on the model" in path.read_text(encoding="utf-8")
    (model.parent / ".threatmodel.yaml").write_text("hygiene: off\n", encoding="utf-8")
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert "Notes on the model" not in path.read_text(encoding="utf-8")


SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_samples_have_a_handful_of_notes() -> None:
    found = {
        path.parent.name: read_assessment(check(path, "--format", "json", "--exit-zero")).notes
        for path in sorted(SAMPLES.glob("*/threatmodel.yaml"))
    }
    assert len(found) == 4
    assert sum(map(len, found.values())) <= 5
