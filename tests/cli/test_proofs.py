"""`prove` and `verify` as users meet them: a proof holds, an altered one is rejected with what differs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from threatmodel.cli import cli
from threatmodel.errors import InputError, UsageError

MODEL = """\
threatmodel: 1
name: Clinic
data: {record: {confidentiality: restricted, integrity: medium, categories: [personal, health]}}
actors: {patient: }
services:
  gateway: {controls: {authenticate-caller: oidc}}
  app: {}
stores: {ehr: {holds: record, controls: {encrypt-at-rest: aes-256}}}
flows:
  - {from: patient, to: gateway, protocol: http, data: record}
  - {from: gateway, to: app, sends: record}
  - {from: app, to: ehr, data: record}
"""
KEY = "encrypt-in-transit@patient->gateway"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return path


def _run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def _proof(model: Path, key: str = KEY) -> tuple[Path, Any]:
    path = model.parent / "proof.json"
    assert _run("explain", key, model, "--proof", path).exit_code == 0
    return path, json.loads(path.read_text(encoding="utf-8"))


def test_the_proof_of_a_verdict_holds_and_says_what_was_checked(model: Path) -> None:
    path, plain = _proof(model)
    done = _run("verify", path, model)
    assert done.exit_code == 0, done.output
    assert f"{KEY}: gap by rule 4, its `expect` decides" in done.output
    assert "all read from the model again" in done.output
    assert [v["verdict"] for v in plain["verdicts"]] == ["gap"]
    quoted = next(t for f in plain["facts"] if f["fact"] == "transport.encrypted" for t in f["from"])
    assert (quoted["line"], quoted["keys"], quoted["value"]) == (10, ["flows", 0, "protocol"], "http")


def test_the_proof_of_a_whole_model_holds(model: Path) -> None:
    path = model.parent / "all.json"
    assert _run("prove", model, "-o", path).exit_code == 0
    done = _run("verify", path, model)
    assert done.exit_code == 0, done.output


def test_checking_loads_nothing_of_what_decided(model: Path) -> None:
    path, _ = _proof(model)
    program = """
import sys
from threatmodel.cli import cli
cli(sys.argv[1:], standalone_mode=False)
print(*(name for name in sys.modules if name.startswith("threatmodel.evaluate")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "verify", path, model], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("verified: ")
    assert done.stdout.endswith("from the model again\n\n")


def test_a_copy_of_the_model_is_the_same_text_and_a_changed_copy_is_told_by_what_changed(model: Path) -> None:
    path = model.parent / "all.json"
    assert _run("prove", model, "-o", path).exit_code == 0
    copy = model.rename(model.parent / "copy.yaml")
    assert _run("verify", path, copy).exit_code == 0
    copy.write_text(MODEL.replace("protocol: http,", "protocol: https,"), encoding="utf-8")
    done = _run("verify", path, copy)
    assert done.exit_code == 1
    assert "copy.yaml" not in done.output.partition("differences")[2].partition("and ")[0]


def test_a_proof_holds_under_a_catalog_that_overrides_what_is_weak_and_is_rejected_without_it(
    model: Path,
) -> None:
    own = model.parent / "own"
    own.mkdir()
    overrides = "overrides: {encrypt-at-rest: {mechanisms: {weak: [aes-256]}}}"
    (own / "overrides.yaml").write_text(overrides, encoding="utf-8")
    path = model.parent / "proof.json"
    key = "encrypt-at-rest@ehr"
    done = _run("explain", key, model, "--proof", path, "--catalog", own)
    assert done.exit_code == 0, done.output
    assert "gap by rule 2" in _run("verify", path, model, "--catalog", own).output
    assert 'texts: "satisfied"' in _run("verify", path, model).output


def _verdict(plain: Any) -> None:
    plain["verdicts"][0]["verdict"] = "satisfied"


def _control(plain: Any) -> None:
    next(f for f in plain["catalog"] if "encrypt-in-transit" in f["file"])["sha256"] = "0" * 64


def _unasked(plain: Any) -> None:
    plain["facts"].append({**plain["facts"][0], "id": "app->ehr"})


@pytest.mark.parametrize(
    ("alter", "told"),
    [(_verdict, 'proof: "satisfied"'), (_control, "sha256"), (_unasked, "no verdict rests on it")],
)
def test_an_altered_proof_is_rejected_with_what_differs(
    model: Path, alter: Callable[[Any], None], told: str
) -> None:
    path, plain = _proof(model)
    alter(plain)
    path.write_text(json.dumps(plain), encoding="utf-8")
    done = _run("verify", path, model)
    assert done.exit_code == 1
    assert "rejected: " in done.output
    assert told in done.output


def test_a_changed_model_is_told(model: Path) -> None:
    path, _ = _proof(model)
    model.write_text(MODEL.replace("protocol: http,", "protocol: https,"), encoding="utf-8")
    done = _run("verify", path, model)
    assert done.exit_code == 1
    assert "was changed after it was proved" in done.output


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        '{"threatmodel-proof": 1}',
        '{"threatmodel-proof": true}',
        '{"threatmodel-proof": 2, "as_of": NaN}',
        '{"threatmodel-proof": 2, "as_of": 3}',
        '{"threatmodel-proof": 2, "colour": "red"}',
    ],
)
def test_what_is_no_proof_is_refused(model: Path, text: str) -> None:
    path = model.parent / "bad.json"
    path.write_text(text, encoding="utf-8")
    assert isinstance(_run("verify", path, model).exception, InputError)


@pytest.mark.parametrize("table", ["verdicts", "facts", "steps", "paths", "evidence", "model", "catalog"])
def test_a_table_with_an_entry_twice_or_of_what_is_no_entry_is_refused(model: Path, table: str) -> None:
    path, plain = _proof(model, "authenticate-every-way@app")
    assert plain[table]
    wrong: tuple[object, ...] = ([*plain[table], plain[table][0]], ["x"], {})
    for entries in wrong:
        path.write_text(json.dumps({**plain, table: entries}), encoding="utf-8")
        assert isinstance(_run("verify", path, model).exception, InputError)
    path.write_text(json.dumps({**plain, table: [{**plain[table][0], "x": 1}]}), encoding="utf-8")
    assert _run("verify", path, model).exit_code == 1


def test_a_hostile_name_in_a_proof_is_shown_harmless(model: Path) -> None:
    path, plain = _proof(model)
    plain["verdicts"][0]["id"] = "\u001b[31mred\u202e"
    path.write_text(json.dumps(plain), encoding="utf-8")
    done = _run("verify", path, model)
    assert done.exit_code == 1
    assert "\u001b" not in done.output
    assert "\u202e" not in done.output


def test_only_a_result_has_a_proof(model: Path) -> None:
    done = _run("explain", "ehr", model, "--proof", model.parent / "proof.json")
    assert isinstance(done.exception, UsageError)
