"""What the samples promise: no warning at load, READMEs that are true, and verdicts free of any order."""

from __future__ import annotations

import json
import random
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.outputs import AS_OF, SAMPLES, SAMPLES_FOLDER, run
from threatmodel import api
from threatmodel.model import SECTIONS
from threatmodel.results import Verdict
from threatmodel.source import read

LIBRARY = api.Library()
INPUTS = Path(__file__).parents[3] / "shared" / "data" / "inputs"


def review(path: Path) -> api.Review:
    return api.load(path / "threatmodel.yaml", LIBRARY, AS_OF)


def verdicts(path: Path) -> dict[str, str]:
    assessment = review(path).assess(frameworks=False)
    return {key: v.word for column in assessment.columns for v in Verdict for key in column.keys(v)}


def readme(sample: str) -> str:
    return (SAMPLES_FOLDER / sample / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_loads_without_a_warning_or_an_assumption(sample: str) -> None:
    assessment = review(SAMPLES_FOLDER / sample).assess()

    assert assessment.warnings == ()
    assert assessment.assumptions == ()
    assert assessment.findings


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_first_screen_asks_at_most_fifteen_questions(sample: str) -> None:
    screen = run("check", "--as-of", AS_OF, sample)

    assert 1 <= len(re.findall(r"^ ?\d+\. ", screen, flags=re.MULTILINE)) <= 15


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_readme_counts_right(sample: str) -> None:
    model = review(SAMPLES_FOLDER / sample).model
    parties = [party for party in model.parties if party]
    sections = (model.actors, model.services, model.stores, model.flows, parties)
    counts = dict(zip(("actor", "service", "store", "flow", "parties"), map(len, sections), strict=True))
    said = re.findall(r"\b(\d+)\s+(parties|actor|service|store|flow)s?\b", readme(sample))

    assert {word for _, word in said} >= {"actor", "service", "store", "flow"}
    for number, word in said:
        assert int(number) == counts[word], word


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_finding_that_a_readme_names_is_a_gap(sample: str) -> None:
    prose = re.sub(r"```.*?```", "", readme(sample), flags=re.DOTALL)
    named = re.findall(r"`([a-z-]+@[^`]+|threat:[^`]+)`", prose)
    found = {finding.key for finding in review(SAMPLES_FOLDER / sample).assess(frameworks=False).findings}

    assert named
    assert set(named) <= found


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_commands_of_a_readme_work(sample: str) -> None:
    lines = re.findall(r"^threatmodel (.*)$", readme(sample), flags=re.MULTILINE)
    assert any(line.startswith("check") for line in lines)

    for line in lines:
        words = [word.removeprefix("samples/") for word in shlex.split(line)]
        if words[0] not in ("report", "diagram"):  # what they write is tested by their own tests
            assert run(*words, "--as-of", AS_OF)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_order_of_sections_entries_and_flows_changes_no_verdict(sample: str, tmp_path: Path) -> None:
    folder = SAMPLES_FOLDER / sample
    for file in folder.glob("*.yaml"):
        data = read(file).root
        shuffled = data if file.name == "decisions.yaml" else reordered(data, random.Random(7))
        text = yaml.safe_dump(shuffled, sort_keys=False, allow_unicode=True)
        (tmp_path / file.name).write_text(text, encoding="utf-8")

    assert verdicts(tmp_path) == verdicts(folder)


def reordered(root: Any, chance: random.Random) -> dict[str, Any]:
    """The model with its sections, the entries of each section and its flows in another order."""
    sections = {
        name: entries(root[name], chance) if name in (*SECTIONS, "flows") else root[name] for name in root
    }
    return dict(chance.sample(sorted(sections.items()), len(sections)))


def entries(section: Any, chance: random.Random) -> Any:
    if isinstance(section, list):
        return chance.sample(section, len(section))
    return dict(chance.sample(list(section.items()), len(section)))


def test_each_element_of_the_clinic_is_operated_by_who_is_said_to() -> None:
    graph = review(SAMPLES_FOLDER / "clinic").graph
    operators = dict(zip(graph.elements, graph.element_party, strict=True))
    others = {
        "lab": "laboratory",
        "log-service": "log-vendor",
        "claims": "billing-vendor",
        "letters": "letter-shop",
        "patient-de": None,
        "patient-us": None,
        "login": "clinic",
    }
    companies = {"de": "clinic", "us": "clinic-us"}

    assert operators == {e: others[e] if e in others else companies[e.rpartition("-")[2]] for e in operators}


def test_the_boutique_has_the_flows_of_its_manifests() -> None:
    path = INPUTS / "expected.json"
    if not path.is_file():
        pytest.skip("the folder of real inputs is not there")
    systems = json.loads(path.read_text(encoding="utf-8"))["systems"]
    expected = systems["online-boutique/k8s"]
    model = review(SAMPLES_FOLDER / "online-boutique").model

    assert {*model.services, *model.stores} == {*expected["components"], "istio-gateway"}
    internal = [f for f in model.flows if {f.source, f.target}.isdisjoint({"shopper", "istio-gateway"})]
    assert {(f.source, f.target, f.protocols, f.ports) for f in internal} == {
        (f["source"], f["target"], (f["protocol"],), (f["port"],)) for f in expected["flows"]
    }
