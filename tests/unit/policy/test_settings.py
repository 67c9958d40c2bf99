"""A policy file is read strictly, in YAML and TOML alike, and every mistake has its place."""

from __future__ import annotations

import pytest

from threatmodel.errors import HYGIENE_RULES, InputError
from threatmodel.policy import Settings, parse_settings
from threatmodel.source import parse
from threatmodel.source.toml import parse_table

YAML = """
fail-on: medium
fail-on-unknown: critical
layers: {channel: low, found-threats: never}
boundaries: {data-zone: medium}
frameworks: {gdpr: high}
catalog: security/catalog
baseline: security/baseline.yaml
hygiene: {unused-data: off, empty-flow: on}
costs: {redundancy: 25, low: 2}
plugins: [ndjson, otm]
"""
TOML = """
[project]
name = "fail-on"

[tool.threatmodel]
fail-on = "medium"
fail-on-unknown = "critical"
layers = {channel = "low", found-threats = "never"}
catalog = "security/catalog"
baseline = "security/baseline.yaml"
frameworks.gdpr = "high"
hygiene = {unused-data = "off", empty-flow = "on"}
costs = {redundancy = 25, low = 2}
plugins = ["ndjson", "otm"]

[tool.threatmodel.boundaries]
data-zone = "medium"
"""


def from_toml(text: str) -> Settings:
    document = parse_table(text, "pyproject.toml", ("tool", "threatmodel"))
    assert document is not None
    return parse_settings(document)


def problems(text: str, *, toml: bool = False) -> list[str]:
    with pytest.raises(InputError) as caught:
        from_toml(text) if toml else parse_settings(parse(text, ".threatmodel.yaml"))
    return [f"{d.span} {d.code}: {d.message} | {d.help}" for d in caught.value.diagnostics]


def test_yaml_and_toml_say_the_same() -> None:
    first, second = parse_settings(parse(YAML)), from_toml(TOML)
    assert first._replace(document=None) == second._replace(document=None)
    assert first.fail_on == "medium"
    assert first.fail_on_unknown == "critical"
    assert first.layers == {"channel": "low", "found-threats": "never"}
    assert first.boundaries == {"data-zone": "medium"}
    assert first.frameworks == {"gdpr": "high"}
    assert first.costs == {"redundancy": 25, "low": 2}
    assert first.plugins == ("ndjson", "otm")
    assert (first.catalog, first.baseline) == ("security/catalog", "security/baseline.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "fial-on: high",
            ".threatmodel.yaml:1:1 unknown-key: a policy has no key `fial-on` | did you mean `fail-on`?",
        ),
        (
            "fail-on: hihg",
            ".threatmodel.yaml:1:10 unknown-word: `hihg` is no value of `fail-on` | did you mean `high`?",
        ),
        (
            "layers:\n  chanel: low",
            (
                ".threatmodel.yaml:2:3 unknown-key: a group of layers has no key `chanel`"
                " | did you mean `channel`?"
            ),
        ),
        (
            "fail-on: zzz",
            (
                ".threatmodel.yaml:1:10 unknown-word: `zzz` is no value of `fail-on`"
                " | one of `low`, `medium`, `high`, `critical`, `never`"
            ),
        ),
        (
            "layers: low",
            (
                ".threatmodel.yaml:1:9 wrong-type: a group of layers is a mapping of keys, not the text `low`"
                " | write its keys on indented lines or in `{...}`"
            ),
        ),
        (
            "catalog: [a]",
            (
                ".threatmodel.yaml:1:10 wrong-type: a text is needed here, not a list"
                " | write one value, without brackets"
            ),
        ),
    ],
)
def test_a_mistake_in_yaml_has_a_place_and_a_suggestion(text: str, told: str) -> None:
    assert problems(text) == [told]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tool.threatmodel]\nfail-on = "hihg"', "pyproject.toml:2:1 unknown-word"),
        ('[tool.threatmodel]\n"fial-on" = "high"', "pyproject.toml:2:2 unknown-key"),
        ('[a]\nfail-on = 1\n[tool.threatmodel]\nx = 1\nfail-on = "?"', "pyproject.toml:4:1 unknown-key"),
        ('[tool.threatmodel]\n[tool.threatmodel.layers]\nchanel = "low"', "pyproject.toml:3:1 unknown-key"),
        ('[tool.threatmodel]\nlayers = {chanel = "low"}', "pyproject.toml:2:11 unknown-key"),
        ("[tool.threatmodel]\ncatalog = 1", "pyproject.toml:2:1 wrong-type"),
        ("[tool]\nthreatmodel = {catalog = 1}", "pyproject.toml:2:16 wrong-type"),
    ],
)
def test_a_mistake_in_toml_has_the_place_of_its_key(text: str, place: str) -> None:
    assert problems(text, toml=True)[0].startswith(place)


def test_what_is_no_toml_is_told_with_its_line() -> None:
    assert problems("[tool.threatmodel]\nfail-on = = 1\n", toml=True)[0].startswith(
        "pyproject.toml:2:11 toml-syntax: not valid TOML: "
    )


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'", "tool = 1"])
def test_a_file_without_the_table_says_nothing(text: str) -> None:
    assert parse_table(text, "pyproject.toml", ("tool", "threatmodel")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("costs: {mfa: 0}", "1:14 out-of-range: a cost is a whole number from 1 to 1000000"),
        ("costs: {mfa: true}", "1:14 out-of-range: a cost is a whole number from 1 to 1000000"),
        ("costs: {mfa: cheap}", "1:14 out-of-range: a cost is a whole number from 1 to 1000000"),
        ("costs: 3", "1:8 wrong-type: `costs` takes a mapping, not `3`"),
    ],
)
def test_a_mistake_about_costs_has_its_place(text: str, told: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(f".threatmodel.yaml:{told}")


@pytest.mark.parametrize("word", ["on", "off"])
def test_one_word_stands_for_all_notes_on_a_model(word: str) -> None:
    said = parse_settings(parse(f"hygiene: {word}", ".threatmodel.yaml"))
    assert said.hygiene == dict.fromkeys(HYGIENE_RULES, word)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "hygiene: {unused-date: off}",
            "1:11 unknown-key: a group of notes has no key `unused-date` | did you mean `unused-data`?",
        ),
        ("hygiene: {unused-data: never}", "1:24 unknown-word: `never` is no value of `unused-data`"),
        ("hygiene: often", "1:10 unknown-word: `often` is no value of `hygiene`"),
        ("hygiene: [unused-data]", "1:10 wrong-type: a group of notes is a mapping of keys, not a list"),
    ],
)
def test_a_mistake_about_notes_has_its_place(text: str, told: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(f".threatmodel.yaml:{told}")
