"""Law 1: order, comments and white space never change an assessment; renaming only renames."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models, shuffled, yaml
from tests.properties.world import SHIPPED, review, verdicts, without_spans

_MODELS = plain_models(SHIPPED.catalog.controls)


@examples(60)
@given(plain_models(SHIPPED.catalog.controls, crowded=True), st.randoms(use_true_random=False))
def test_listing_things_in_another_order_changes_nothing_but_places(model: Plain, chance: Random) -> None:
    again = shuffled(chance, model)
    assert without_spans(review(again).assess()) == without_spans(review(model).assess())


@examples(40)
@given(_MODELS)
def test_comments_and_white_space_change_nothing_but_places(model: Plain) -> None:
    spaced = review(model, yaml(model, comments=True, indent=4)).assess()
    assert without_spans(spaced) == without_spans(review(model).assess())


@examples(40)
@given(_MODELS)
def test_other_ids_permute_verdicts_and_severities(model: Plain) -> None:
    names = {old: f"n{99 - n}-{old}" for n, old in enumerate(sorted(_ids(model)))}
    before, after = review(model), review(_renamed(model, names))
    assert {_key(k, names): v for k, v in verdicts(before).items()} == verdicts(after)
    found = {_key(f.key, names): f.severity for f in before.assess().findings}
    assert found == {f.key: f.severity for f in after.assess().findings}


_SECTIONS = ("parties", "purposes", "data", "boundaries", "hosts", "actors", "services", "stores")


def _ids(model: Plain) -> set[str]:
    typed = {name for templates in model.get("types", {}).values() for name in templates}
    return {name for section in _SECTIONS for name in model.get(section, {})} | typed


def _renamed(value: Any, names: dict[str, str]) -> Any:
    match value:
        case dict():
            return {names.get(k, k): _renamed(v, names) for k, v in value.items()}
        case list():
            return [_renamed(v, names) for v in value]
        case str():
            return names.get(value, value)
        case _:
            return value


def _key(key: str, names: dict[str, str]) -> str:
    control, _, subject = key.partition("@")
    prefix, colon, name = subject.rpartition(":")
    if prefix in ("data", "party", "purpose"):
        return f"{control}@{prefix}:{names[name]}"
    ends, colon, named = subject.partition(":")
    return f"{control}@{'->'.join(names.get(e, e) for e in ends.split('->'))}{colon}{named}"
