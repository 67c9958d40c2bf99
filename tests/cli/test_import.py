"""`threatmodel import` as its users meet it: the model on stdout, what was lost on stderr."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_cli import run

SHOP = {
    "services": [{"name": "gate \x1b[31m", "stereotypes": ["gateway", "entrypoint", "csrf_disabled"]}],
    "external_entities": [{"name": "customer", "stereotypes": ["user_stereotype"]}],
    "information_flows": [
        {"sender": "customer", "receiver": "gate \x1b[31m", "stereotypes": ["restful_http"]}
    ],
}


def test_the_model_goes_to_stdout_and_the_report_to_stderr() -> None:
    done = run("import", "code2dfd", "-", stdin=json.dumps(SHOP))
    assert done.status == 0
    assert done.out.startswith("# Imported from a Code2DFD diagram")
    assert "kept: services: 1\n" in done.err
    assert "dropped: `csrf_disabled`: protection against forged requests: services[0]\n" in done.err
    assert "\x1b" not in done.out + done.err


def test_an_imported_model_can_be_checked(tmp_path: Path) -> None:
    source, model = tmp_path / "dfds.json", tmp_path / "shop.yaml"
    source.write_text(json.dumps({"shop": SHOP, "bank": {"services": []}}))
    done = run("import", "code2dfd", str(source), "--name", "shop", "-o", str(model))
    assert (done.status, done.out) == (0, "")
    checked = run("check", str(model), "--format", "json")
    assert checked.status in (0, 1)
    assert json.loads(checked.out)["name"] == "shop"


def test_a_file_of_several_diagrams_asks_for_a_name(tmp_path: Path) -> None:
    source = tmp_path / "dfds.json"
    source.write_text(json.dumps({"shop": SHOP, "bank": SHOP}))
    done = run("import", "code2dfd", str(source))
    assert done.status == 2
    assert "choose one with --name: `shop`, `bank`" in done.err


def test_what_is_no_diagram_is_refused_at_its_place(tmp_path: Path) -> None:
    source = tmp_path / "dfds.json"
    source.write_text('{"services": [}')
    done = run("import", "code2dfd", str(source))
    assert done.status == 2
    assert "dfds.json:1:15" in done.err
    assert run("import", "code2dfd", str(tmp_path / "none.json")).status == 2


def test_the_help_tells_of_each_format() -> None:
    assert "code2dfd" in run("import", "--help").out
    assert "stdin" in run("import", "code2dfd", "--help").out
