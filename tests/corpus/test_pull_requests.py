"""Ten pull requests on the shop: each patch gives the comment beside it and its exit status."""

from __future__ import annotations

import json
import shutil

import jsonschema
import pytest

from tests.corpus.comments import FOLDER, STATUS, comment
from threatmodel.export.schemas import contract, json_schema

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")


def test_the_list_is_the_folder() -> None:
    assert sorted(STATUS) == sorted(p.name for p in FOLDER.iterdir() if p.is_dir())


@pytest.mark.parametrize("name", STATUS)
def test_a_pull_request_gets_its_comment(name: str) -> None:
    text, status = comment(name)

    assert text == (FOLDER / name / "comment.md").read_text(encoding="utf-8"), "run `python -m tools.update`"
    assert status == STATUS[name]


@pytest.mark.parametrize("name", STATUS)
def test_its_changes_as_json_follow_the_published_schema(name: str) -> None:
    plain = json.loads(comment(name, "json")[0])
    contract("changes").model_validate(plain)
    assert list(jsonschema.Draft202012Validator(json_schema("changes")).iter_errors(plain)) == []
