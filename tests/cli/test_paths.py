"""`paths`, `reach` and `lineage` answer for people and machines, and name what they do not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from threatmodel.cli import cli
from threatmodel.errors import UsageError

MODEL = """\
threatmodel: 1
name: Clinic
data:
  record: {confidentiality: restricted, categories: [personal, health]}
  order: {derived_from: record, transform: selection, categories: [personal, health]}
actors: {patient: }
services:
  gateway: {controls: {authenticate-caller: oidc}}
  app: {identity: app}
stores: {ehr: {holds: record}}
flows:
  - {from: patient, to: gateway, data: record}
  - {from: gateway, to: app, sends: [record, order]}
  - {from: app, to: ehr, data: record}
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return str(path)


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def _json(*arguments: str) -> Any:
    return json.loads(_run(*arguments, "--format", "json"))


def test_paths_show_hops_controls_and_depth(model: str) -> None:
    text = _run("paths", model)
    assert "`patient` -> `gateway` -> `app`: 1 control" in text
    assert "LAYER DEPTH" in text
    plain = _json("paths", model, "--to", "ehr", "-k", "3")
    assert [[hop["to"] for hop in p["hops"]] for p in plain["paths"]] == [["gateway", "app", "ehr"]]
    assert plain["paths"][0]["hops"][0]["controls"] == ["authenticate-caller"]
    assert plain["paths"][0]["hops"][0]["place"]["line"] == 12
    assert [d["element"] for d in plain["depths"]] == ["ehr"]
    assert plain["at_stake"] == [], "only the whole system is ranked"


def test_paths_rank_elements_by_the_data_at_stake(model: str) -> None:
    plain = _json("paths", model)
    assert plain["at_stake"] == [
        {"element": "app", "there": ["order", "record"], "within_reach": []},
        {"element": "gateway", "there": ["order", "record"], "within_reach": []},
        {"element": "ehr", "there": ["record"], "within_reach": []},
    ]
    assert "`ehr` 1: there `record`" in _run("paths", model)


def test_of_many_elements_with_data_at_stake_the_first_ten_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    stores = ", ".join(f"s{n:02}: {{holds: record}}" for n in range(12))
    data = "data: {record: {confidentiality: restricted}}"
    path.write_text(f"threatmodel: 1\nname: m\n{data}\nstores: {{{stores}}}\n", encoding="utf-8")
    text = _run("paths", str(path))
    assert "`s09`" in text
    assert "`s10`" not in text
    assert "… and 2 more elements (--format json)" in text


def test_paths_begin_and_end_where_they_are_told(model: str) -> None:
    plain = _json("paths", model, "--from", "app", "--data", "record")
    assert [(p["from"], p["to"]) for p in plain["paths"]] == [("app", "ehr")]
    assert plain["depths"] == [], "depth is of paths from untrusted ground"
    assert "no path leads there" in _run("paths", model, "--from", "ehr", "--to", "app")


def test_reach_goes_out_and_back(model: str) -> None:
    assert [r["element"] for r in _json("reach", "gateway", model)["reached"]] == ["app", "ehr"]
    back = _json("reach", "ehr", model, "--back")
    assert [(r["element"], r["steps"]) for r in back["reached"]] == [
        ("app", 1),
        ("gateway", 2),
        ("patient", 3),
    ]
    assert "whoever holds `gateway` reaches 2 elements" in _run("reach", "gateway", model)


def test_lineage_follows_what_is_made_of_the_data(model: str) -> None:
    plain = _json("lineage", "record", model)
    assert [t["asset"] for t in plain["trails"]] == ["record", "order"]
    assert plain["trails"][0]["kept"] == ["ehr"]
    assert plain["trails"][1]["moves"] == [{"flow": "gateway->app", "from": "gateway", "to": "app"}]
    text = _run("lineage", "record", model)
    assert "`order` (selection of `record`)" in text


def test_lineage_says_how_far_protection_carries(model: str) -> None:
    plain = _json("lineage", "record", model)
    kept = plain["trails"][0]["protection"][0]
    assert (kept["aspect"], kept["end_to_end"], kept["hops"]) == ("confidentiality", None, 5)
    assert kept["unsaid_at"] == ["app", "gateway"]
    text = " ".join(_run("lineage", "record", model).split())
    assert "unless the sender encrypts them, it ends at `app`, `gateway`" in text


def test_lineage_names_where_protection_is_broken_and_who_needs_the_data(tmp_path: Path) -> None:
    open_ = "to: gateway, protocol: http, data: record, controls: {encrypt-payload: false}"
    text = MODEL.replace("to: gateway, data: record", open_).replace("app: {", "app: {needs: record, ")
    path = tmp_path / "threatmodel.yaml"
    path.write_text(text, encoding="utf-8")
    told = " ".join(_run("lineage", "record", str(path)).split())
    assert "confidentiality holds on 0 of 5 hops; not on `patient->gateway`" in told
    assert "end to end is broken; it ends at `gateway`; rightly open at `app`" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("paths", "--to", "erh"), "no element `erh`"),
        (("paths", "--data", "recrd"), "no data asset `recrd`"),
        (("reach", "apq"), "no element `apq`"),
        (("lineage", "odrer"), "no data asset `odrer`"),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest(
    model: str, arguments: tuple[str, ...], told: str
) -> None:
    result = CliRunner().invoke(cli, [*arguments, model])
    assert isinstance(result.exception, UsageError)
    assert told in str(result.exception)
    assert "did you mean" in result.exception.help


def test_hostile_names_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL.replace("{holds: record}", '{holds: record, title: "\\e[31m"}'), encoding="utf-8")
    assert "\x1b" not in _run("paths", str(path)) + _run("reach", "app", str(path)) + _run(
        "lineage", "record", str(path)
    )


def test_an_element_in_the_place_of_the_model_is_told_how_it_is_named(model: str) -> None:
    error = CliRunner().invoke(cli, ["paths", "ehr"]).exception
    assert isinstance(error, UsageError)
    assert str(error) == "there is no file `ehr`"
    assert error.help == "an element is named by `--to ehr`"


@pytest.mark.parametrize(
    ("budget", "epsilon", "told", "verdict"),
    [
        (
            ", epsilon_budget: 2",
            "epsilon: 1.5",
            "2 releases made of it spend epsilon 2.5 of a budget of 2",
            "gap",
        ),
        (
            ", epsilon_budget: 4",
            "epsilon: 1.5",
            "2 releases made of it spend epsilon 2.5 of a budget of 4",
            "satisfied",
        ),
        (
            ", epsilon_budget: 4",
            "delta: 0.1",
            "1 release made of it spend epsilon 1 of a budget of 4; nobody says what",
            "unknown",
        ),
        ("", "epsilon: 1.5", "spend epsilon 2.5; nobody says how much they may", "unknown"),
    ],
)
def test_privacy_spent_by_releases_is_added_up_against_its_budget(
    budget: str, epsilon: str, told: str, verdict: str, tmp_path: Path
) -> None:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(
        f"""\
threatmodel: 1
name: Counts
data:
  visits: {{categories: personal{budget}}}
  long: {{derived_from: visits, transform: selection, categories: personal}}
  counts: {{derived_from: long, transform: differential-privacy, {epsilon}}}
  again: {{derived_from: counts, transform: differential-privacy, epsilon: 9}}
  charts: {{derived_from: visits, transform: differential-privacy, epsilon: 1}}
""",
        encoding="utf-8",
    )
    assert told in " ".join(_run("lineage", "visits", str(path)).split())
    plain = _json("lineage", "visits", str(path))["trails"][0]["privacy"]
    assert plain["releases"] == ["charts", "counts"]
    assert f"keep-privacy-budget@data:visits: {verdict}" in _run(
        "explain", "keep-privacy-budget@data:visits", str(path)
    )
