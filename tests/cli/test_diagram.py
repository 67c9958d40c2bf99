"""A scenario is drawn as a sequence, and what cannot be drawn is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from threatmodel.cli.commands.diagram import command
from threatmodel.errors import UsageError

MODEL = """
threatmodel: 1
name: Guestbook
actors: {visitor: }
services: {web: }
flows: [{from: visitor, to: web}]
scenarios: {signing: {steps: visitor->web}}
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL)
    return str(path)


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(command, [*arguments, "--as-of", "2026-11-24"], catch_exceptions=True)
    if done.exception:
        raise done.exception
    return done.stdout


def test_a_scenario_is_a_sequence(model: str) -> None:
    assert ElementTree.fromstring(_run(model, "--scenario", "signing")).tag.endswith("svg")
    assert _run(model, "--scenario", "signing", "--format", "mermaid").startswith("sequenceDiagram\n")


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (("--scenario", "sining"), "the model has no scenario `sining`", "did you mean `signing`?"),
        (("--scenario", "x"), "the model has no scenario `x`", "known scenarios: signing"),
        (("--scenario", "signing", "--format", "png"), "a scenario is not drawn as png", "--format svg"),
        (("--scenario", "signing", "--hide", "backup"), "drawn with all its steps", "leave out --hide"),
        (("--dot", "nowhere"), "there is no program `nowhere`", "--format mermaid"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    model: str, arguments: tuple[str, ...], message: str, help: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        _run(model, *arguments)
    assert help in error.value.help


def test_flows_of_a_kind_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    path.write_text("""
threatmodel: 1
name: Guestbook
data: {note: {confidentiality: confidential}}
actors: {visitor: }
services: {web: }
stores: {logs: , copy: }
flows:
  - {from: visitor, to: web}
  - {from: web, to: logs, kind: telemetry}
  - {from: visitor, to: copy, kind: telemetry, protocol: http, data: note}
  - {from: web, to: copy, kind: backup}
""")
    whole, part = (
        _run(str(path), "--format", "dot"),
        _run(str(path), "--format", "dot", "--hide", "telemetry"),
    )
    assert whole.count(" -> ") == 4
    assert part.count(" -> ") == 2
    assert "not drawn" not in whole
    assert "not drawn: 2 telemetry flows with 1 gap" in part
    both = _run(str(path), "--format", "mermaid", "--hide", "telemetry", "--hide", "backup")
    assert "not drawn: 1 backup flow" in both
    svg = ElementTree.fromstring(_run(str(path), "--hide", "telemetry", "--hide", "backup"))
    flows = [g for g in svg.iter("{http://www.w3.org/2000/svg}g") if g.get("id", "").startswith("flow-")]
    assert [g.get("id") for g in flows] == ["flow-2"]
