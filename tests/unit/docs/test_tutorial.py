"""What the tutorial says of its models is what a check says of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from threatmodel.api import Library, parse
from threatmodel.results import Verdict
from threatmodel.source import parse as parse_yaml

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "first-report.md").read_text("utf-8")
MODELS = re.findall(r"<!-- model: (.*?) -->\n```yaml\n(.*?)```", TEXT, re.DOTALL)
LIBRARY = Library()


def claims(said: str) -> dict[str, list[str]]:
    name, *rest = said.split("; ")
    return {"name": [name], **{key: words.split() for key, _, words in (r.partition(": ") for r in rest)}}


@pytest.mark.parametrize(("said", "text"), MODELS, ids=[claims(said)["name"][0] for said, _ in MODELS])
def test_a_model_of_the_tutorial_has_the_gaps_that_it_is_said_to_have(said: str, text: str) -> None:
    assessment = parse(parse_yaml(text), LIBRARY, "2026-11-01").assess()
    told = claims(said)
    open_ = {f.key for f in assessment.findings if f.disposition == "open" and f.control}
    gaps = {key for key in open_ if assessment.verdict(key) is Verdict.GAP}
    assert gaps == set(told["gaps"])
    assert {f.key for f in assessment.findings if f.disposition == "planned"} == set(told.get("planned", ()))
    for key in told.get("satisfied", ()):
        assert assessment.verdict(key) is Verdict.SATISFIED


def test_the_tutorial_shows_models() -> None:
    assert len(MODELS) == 2


def test_the_typo_is_told_as_the_tutorial_prints_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [printed] = re.findall(r"```text\n(error.*?)```", TEXT, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("threatmodel.yaml").write_text(MODELS[0][1].replace("technology", "technolgy"), "utf-8")
    done = subprocess.run([sys.executable, "-m", "threatmodel", "check"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == printed
