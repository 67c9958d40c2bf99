"""`threatmodel catalog` on the command line: overlays by tag, and references that are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.test_cli import run
from threatmodel.resources import resource_dir


def test_an_overlay_is_listed_by_its_tag() -> None:
    listed = run("catalog", "list", "--tag", "ai")
    assert listed.status == 0
    assert "approve-action" in listed.out
    assert "[ai]" in listed.out
    assert "encrypt-in-transit" not in listed.out


def test_a_layer_of_an_overlay_can_be_listed() -> None:
    listed = run("catalog", "list", "--tag", "ai", "--layer", "access").out
    assert "limit-agent" in listed
    assert "limit-model-use" not in listed


def test_an_unknown_tag_is_refused_with_the_nearest_one() -> None:
    refused = run("catalog", "list", "--tag", "kubernets")
    assert refused.status == 2
    assert "did you mean `kubernetes`?" in refused.err


def test_lint_refuses_references_that_are_unknown_or_discouraged(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    shutil.copytree(resource_dir("catalogs"), folder)
    control = folder / "controls" / "identity" / "mfa.yaml"
    text = control.read_text(encoding="utf-8")
    control.write_text(text.replace("CWE-308", "CWE-287, CWE-999999"), encoding="utf-8")
    linted = run("catalog", "--folder", str(folder), "lint")
    assert linted.status == 1
    assert "mapping to `CWE-287` is discouraged" in linted.err
    assert "no pinned list has the reference `CWE-999999`" in linted.err
    assert "catalogs/controls/identity/mfa.yaml" in linted.err


def test_a_list_of_the_users_own_adds_references(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    shutil.copytree(resource_dir("catalogs"), folder)
    control = folder / "controls" / "identity" / "mfa.yaml"
    text = control.read_text(encoding="utf-8")
    control.write_text(text.replace("CWE-308", "OUR-1"), encoding="utf-8")
    own = "id: ours\ntitle: Ours\nversion: '1'\nurl: https://example.com\nlicence: ours\nids: [OUR-1]\n"
    (folder / "references" / "ours.yaml").write_text(own, encoding="utf-8")
    assert run("catalog", "--folder", str(folder), "lint").status == 0
