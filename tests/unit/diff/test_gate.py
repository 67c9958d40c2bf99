"""What a change lets untrusted ground reach can fail it."""

from __future__ import annotations

import pytest

from tests.unit.diff.test_pairs import LIBRARY
from threatmodel.api import compare, parse
from threatmodel.diff import failing_changes
from threatmodel.source import parse as parse_yaml

MODEL = """
data: {page: {confidentiality: public}, card: {confidentiality: restricted}}
boundaries: {lan: {trust: trusted}}
actors: {user: {}}
services: {api: {boundary: lan}, job: {boundary: lan}, other: {boundary: lan}}
flows:
  - {from: user, to: api, protocol: https, sends: page}
  - {from: job, to: other, sends: page}
"""


@pytest.mark.parametrize(
    ("old", "new", "failed"),
    [
        ("api, protocol: https, sends: page", "api, protocol: https, sends: [page, card]", True),
        ("other, sends: page", "other, sends: [page, card]", False),
        ("user, to: api, protocol: https, sends: page", "user, to: api, protocol: https, sends: []", False),
    ],
)
def test_new_data_count_where_untrusted_ground_reaches_their_element(
    old: str, new: str, failed: bool
) -> None:
    before, after = (
        parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-06-01", fragment=True)
        for text in (MODEL, MODEL.replace(old, new))
    )
    changes = compare(before, after)
    assert any(failing_changes(changes, (), reach="restricted")) is failed
    assert not any(failing_changes(changes, (), reach="never"))
