"""A scenario is drawn as a sequence, and what cannot be drawn is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from threatmodel.cli.diagram import command
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
        (("--scenario", "x"), "the model has no scenario `x`", "there are signing"),
        (("--scenario", "signing", "--format", "png"), "a scenario is not drawn as png", "--format svg"),
        (("--dot", "nowhere"), "there is no program `nowhere`", "--format mermaid"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    model: str, arguments: tuple[str, ...], message: str, help: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        _run(model, *arguments)
    assert help in error.value.help
