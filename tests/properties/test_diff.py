"""Law 7: nothing differs from itself, the way back mirrors the way there, and renames are recognised."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic import shape, yaml_lines
from tests.properties.changing import SHIPPED, facts, ids, renamed, reordered, review
from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from threatmodel.api import Review, compare, parse
from threatmodel.diff.rename import Names, renames
from threatmodel.graph import SystemGraph
from threatmodel.model import load_model
from threatmodel.resources import resource_dir
from threatmodel.source import parse as parse_yaml

_MODELS = plain_models(SHIPPED.catalog.controls)
_SAMPLES = ("shop", "clinic", "online-boutique")


@examples(20)
@given(_MODELS)
def test_a_model_differs_in_nothing_from_itself(model: Plain) -> None:
    changes = compare(review(model), review(model))
    assert changes.empty
    assert not changes.text_differs


@examples(20)
@given(_MODELS, st.integers(0, 999))
def test_order_comments_and_titles_change_nothing(model: Plain, seed: int) -> None:
    again = _titled(reordered(random.Random(seed), model))
    changes = compare(review(model), review(again, yaml(again, comments=True)))
    assert changes.empty
    assert changes.text_differs


@examples(40)
@given(_MODELS, _MODELS)
def test_the_way_back_mirrors_the_way_there(old: Plain, new: Plain) -> None:
    _assert_mirrored(review(old), review(new))


@examples(30)
@given(_MODELS, st.integers(0, 999))
def test_the_way_back_mirrors_a_rename_with_a_change(model: Plain, seed: int) -> None:
    _, name = random.Random(seed).choice(list(ids(model)))
    other = renamed(model, {name: f"{name}-new"})
    other["flows"] = other.get("flows", [])[1:]
    _assert_mirrored(review(model), review(other))


def _assert_mirrored(old: Review, new: Review) -> None:
    there, back = compare(old, new), compare(new, old)
    earlier = {r.after: r.before for r in there.renames}
    assert {(r.kind, r.before, r.after) for r in there.renames} == {
        (r.kind, r.after, r.before) for r in back.renames
    }
    texts = not earlier
    assert facts(there, earlier, texts=texts) == facts(back, {}, reverse=True, texts=texts)


def _titled(model: Plain) -> Plain:
    """The model with other titles and descriptions wherever they may stand."""
    found = dict(model) | {"name": "Another name", "description": "other words"}
    for section in ("parties", "data", "boundaries", "services", "stores", "actors"):
        if section in found:
            found[section] = {
                name: {**(value or {}), "title": f"The {name}", "description": "so"}
                for name, value in found[section].items()
            }
    return found


def test_single_renames_are_recognised_in_at_least_95_of_100() -> None:
    found, missed = 0, []
    for before, kind, name, after in _single_renames():
        names = renames(before, after)
        if names.of(kind, name) == f"{name}-x" and _count(names) == 1:
            found += 1
        else:
            missed.append((before.model.name, kind, name))
    total = found + len(missed)
    assert total >= 200
    assert found / total >= 0.95, missed


def _single_renames() -> Iterator[tuple[SystemGraph, str, str, SystemGraph]]:
    """Every single rename in the samples and in a synthetic model, and some in generated ones."""
    for model in _systems():
        before = _graph(model)
        for kind, name in ids(model):
            yield before, kind, name, _graph(renamed(model, {name: f"{name}-x"}))


def _systems() -> Iterator[Plain]:
    for sample in _SAMPLES:
        yield _sample(sample)
    yield _plain(parse_yaml("".join(yaml_lines(shape(30))), "synthetic.yaml").root)


def test_what_replaces_something_is_not_taken_for_its_new_name() -> None:
    chance, tried = random.Random(7), 0
    for model in _systems():
        before = _graph(model)
        for section in ("services", "stores"):
            for name in model[section]:
                after = _graph(_replaced(model, section, name, chance))
                names = renames(before, after)
                assert _count(names) == 0, (model["name"], name, names)
                tried += 1
    assert tried >= 90


def test_nothing_of_one_system_is_taken_for_something_of_another() -> None:
    systems = [
        _graph(renamed(m, {name: f"m{i}-{name}" for _, name in ids(m)})) for i, m in enumerate(_systems())
    ]
    for before in systems:
        for after in systems:
            if before is not after:
                assert _count(renames(before, after)) == 0


def _replaced(model: Plain, section: str, name: str, chance: random.Random) -> Plain:
    """The model without an element and its flows, and with another that is connected at random."""
    others = [n for s in ("actors", "services", "stores") for n in model[s] if n != name]
    kept = {n: v for n, v in model[section].items() if n != name}
    flows = [f for f in (_without(flow, name) for flow in model["flows"]) if f]
    kind = {"services": "api", "stores": "queue"}[section]
    ends = chance.sample(others, 3)
    flows += [{"from": "stranger", "to": end, "protocol": "amqp", "data": [], "name": "n"} for end in ends]
    rest = {k: v for k, v in model.items() if k not in ("scenarios", "threats")}
    plain = rest | {section: {**kept, "stranger": {"kind": kind}}, "flows": flows}
    replaced: Plain = _without_by(plain, name)
    return replaced


def _without(flow: Plain, name: str) -> Plain | None:
    ends = {k: [e for e in _list(flow[k]) if e != name] for k in ("from", "to")}
    return {**flow, **ends} if ends["from"] and ends["to"] else None


def _without_by(value: Any, name: str) -> Any:
    match value:
        case dict():
            return {k: _without_by(v, name) for k, v in value.items() if not (k == "by" and v == name)}
        case list():
            return [_without_by(v, name) for v in value]
        case _:
            return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _count(names: Names) -> int:
    """How many things other than flows were recognised."""
    return sum(len(pairs) for space, pairs in names.spaces.items() if space != "flow")


def _graph(model: Plain) -> SystemGraph:
    return parse(parse_yaml(yaml(model), "m.yaml"), SHIPPED, AS_OF).graph


def _sample(name: str) -> Plain:
    """A sample with what it includes, as one plain model."""
    path = resource_dir("samples") / name / "threatmodel.yaml"
    whole: Plain = {}
    for document in load_model(path, SHIPPED.kinds).documents:
        for section, content in _plain(document.root).items():
            before = whole.get(section)
            if isinstance(before, dict):
                whole[section] = {**before, **content}
            elif isinstance(before, list):
                whole[section] = [*before, *content]
            elif section != "include":
                whole[section] = content
    return whole


def _plain(root: Any) -> Plain:
    assert isinstance(root, dict)
    return {section: _filled(content) for section, content in root.items()}


def _filled(content: Any) -> Any:
    """A section whose entities without keys are empty mappings."""
    return {n: {} if v is None else v for n, v in content.items()} if isinstance(content, dict) else content
