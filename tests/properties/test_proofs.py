"""Law 6: every verdict replays. Its proof is accepted by the checker, and no altered premise is."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.controls import control_sets
from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.proving import altered, checked, is_rejected, premises, proof_of, rows, without
from tests.properties.test_obligations import LIBRARY as PATHS
from tests.properties.test_obligations import small_model as path_model
from tests.properties.world import SHIPPED, review
from threatmodel.api import Library, Review, parse
from threatmodel.catalog import Catalog
from threatmodel.errors import InputError
from threatmodel.model import parse_model
from threatmodel.source import Document
from threatmodel.source import parse as parse_yaml


def _accepted(found: Review, text: str) -> dict[str, Any]:
    proof = proof_of(found)
    assert checked(proof, found).differences == (), text
    return proof


def _with_paths(seed: int) -> tuple[Review, str]:
    text = path_model(seed)
    return parse(parse_yaml(text, "model.yaml"), PATHS, AS_OF), text


@examples(40)
@given(plain_models(SHIPPED.catalog.controls, crowded=True))
def test_the_proof_of_every_verdict_is_accepted(model: Plain) -> None:
    _accepted(review(model), yaml(model))


@examples(40)
@given(st.data())
def test_the_proofs_of_generated_controls_are_accepted(data: st.DataObject) -> None:
    controls = data.draw(control_sets())
    library = Library()
    library.__dict__.update(kinds=SHIPPED.kinds, catalog=Catalog(controls))
    text = yaml(data.draw(plain_models(controls, crowded=True)))
    _accepted(parse(parse_yaml(text, "model.yaml"), library, AS_OF), text)


@pytest.mark.parametrize("block", range(4))
def test_the_proofs_of_path_verdicts_are_accepted(block: int) -> None:
    seen: set[tuple[str, object]] = set()
    for seed in range(block * 40, block * 40 + 40):
        found, text = _with_paths(seed)
        proof = _accepted(found, text)
        seen |= {("outcome", way["outcome"]) for way in proof["paths"]}
        seen |= {("rule", entry["rule"]) for entry in proof["verdicts"]}
    assert seen >= {("outcome", True), ("outcome", False), ("outcome", None), ("rule", "3 upstream")}


@examples(12)
@given(plain_models(SHIPPED.catalog.controls, crowded=True), st.randoms(use_true_random=False))
def test_an_altered_premise_is_rejected(model: Plain, chance: Random) -> None:
    found = review(model)
    _alter(found, _accepted(found, yaml(model)), chance, yaml(model))


@pytest.mark.parametrize("seed", range(25))
def test_an_altered_premise_of_a_path_verdict_is_rejected(seed: int) -> None:
    found, text = _with_paths(seed)
    _alter(found, _accepted(found, text), Random(seed), text)


def _alter(found: Review, proof: dict[str, Any], chance: Random, text: str) -> None:
    """Some values altered, some items taken out, each alone."""
    places = premises(proof)
    for at in chance.sample(places, min(8, len(places))):
        assert is_rejected(altered(proof, at, chance), found), f"{at}\n{text}"
    items = rows(proof)
    for at in chance.sample(items, min(8, len(items))):
        assert is_rejected(without(proof, at), found), f"without {at}\n{text}"


@pytest.mark.parametrize("seed", range(25))
def test_a_path_with_one_hop_less_is_rejected(seed: int) -> None:
    found, text = _with_paths(seed)
    proof = proof_of(found)
    hops = [at for at in rows(proof) if at[0] == "paths" and "hops" in at]
    for at in hops:
        assert is_rejected(without(proof, at), found), f"without {at}\n{text}"


@examples(12)
@given(plain_models(SHIPPED.catalog.controls, crowded=True), st.randoms(use_true_random=False))
def test_a_proof_is_rejected_once_a_line_that_it_quotes_is_another(model: Plain, chance: Random) -> None:
    found = review(model)
    proof = proof_of(found)
    quoted = [t for table in ("steps", "evidence") for entry in proof[table] for t in entry["statements"]]
    texts = [t["text"] for t in quoted]
    texts += [t for entry in proof["facts"] for t in entry["from"]]
    said = [t for t in texts if isinstance(t["value"], str)]
    for text in chance.sample(said, min(4, len(said))):
        edited = _edited(yaml(model), text)
        if edited:
            assert is_rejected(proof, found, edited), "the digest tells"
            digest = hashlib.sha256(edited.text.encode()).hexdigest()
            passed = {**proof, "model": [{"file": "model.yaml", "sha256": digest}]}
            assert is_rejected(passed, found, edited), f"{text}\n{yaml(model)}"


def _edited(model: str, text: dict[str, Any]) -> Document | None:
    """The model with another value where a text is quoted; None where that is no valid model."""
    lines = model.splitlines(keepends=True)
    line = text["line"] - 1
    other = {"restricted": "public", "critical": "low", "http": "https"}.get(text["value"], "something")
    edited = lines[line].replace(f'"{text["value"]}"', f'"{other}"', 1)
    document = parse_yaml("".join((*lines[:line], edited, *lines[line + 1 :])), "model.yaml")
    try:
        parse_model(document, SHIPPED.kinds)
    except InputError:
        return None
    return document if edited != lines[line] else None
