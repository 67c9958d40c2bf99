"""The published schemas hold for what is really written, and refuse what is not so."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from tests.unit.export.documents import EMPTY, document, hostile, review
from tests.unit.export.dossiers import DAY, LIBRARY
from threatmodel import api, diff
from threatmodel.export.changes import to_plain
from threatmodel.export.registry import format_named
from threatmodel.export.schemas import PUBLISHED, contract, json_schema
from threatmodel.graph.to_networkx import to_networkx
from threatmodel.resources import resource_dir

SAMPLES = tuple(sorted(path.parent.name for path in resource_dir("samples").glob("*/threatmodel.yaml")))
FORMATS = {
    "assessment": ("assessment", "json"),
    "threats": ("threats", "json"),
    "changes": ("changes", "json"),
    "graph": ("compliance", "graph"),
}


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def sample(name: str) -> api.Review:
    return api.load(Path(resource_dir("samples")) / name / "threatmodel.yaml", LIBRARY, DAY)


def faults(name: str, plain: Any) -> list[str]:
    """What the schema finds in a document; pydantic reads it too."""
    contract(name).model_validate(plain)
    return [f"{e.json_path}: {e.message[:200]}" for e in validator(name).iter_errors(plain)]


def written(name: str, found: api.Review) -> Any:
    kind, form = FORMATS[name]
    shown = document(kind, found)
    if name == "assessment":
        shown = shown._replace(every=True)
    return json.loads(format_named(kind, form).write(shown))


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_written_of_hostile_and_empty_models_follows_the_schema(name: str) -> None:
    assert faults(name, written(name, review(hostile()))) == []
    assert faults(name, written(name, review(EMPTY))) == []


@pytest.mark.parametrize("sample_name", SAMPLES)
@pytest.mark.parametrize("name", ["assessment", "threats", "graph"])
def test_what_is_written_of_the_samples_follows_the_schema(name: str, sample_name: str) -> None:
    assert faults(name, written(name, sample(sample_name))) == []


@pytest.mark.parametrize(("before", "after"), [("tiny", "shop"), ("shop", "clinic"), ("clinic", "shop")])
def test_the_changes_from_one_sample_to_another_follow_the_schema(before: str, after: str) -> None:
    changes = diff.compare(sample(before).version(), sample(after).version())
    assert faults("changes", json.loads(json.dumps(to_plain(changes)))) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_another_key_value_or_version_is_refused(name: str) -> None:
    plain = written(name, review(hostile()))
    version = next(iter(plain))
    for wrong in (
        plain | {"more": 1},
        plain | {version: 2},
        {k: v for k, v in plain.items() if k != version},
    ):
        assert list(validator(name).iter_errors(wrong))
        with pytest.raises(ValidationError):
            contract(name).model_validate(wrong)


def test_networkx_reads_the_graph_back() -> None:
    import networkx as nx

    made = review(hostile())
    plain = written("graph", made)
    back = nx.node_link_graph(plain, edges="edges")
    assert isinstance(back, nx.MultiDiGraph)
    graph = to_networkx(made.graph)
    assert {n: back.nodes[n] for n in back} == {n: graph.nodes[n] for n in graph}
    assert sorted(back.edges) == sorted(graph.edges)
