"""The first screen stays short: one statement settles many results, and gaps and questions come in groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.noise import DAY, SAMPLES, noise
from threatmodel.api import Library, Review, load

LIBRARY = Library()


PARTIAL_MESH = "status: partial\n        mechanism: Istio mutual TLS as far"
FRONTEND = "technology: go, identity: frontend"


@pytest.mark.parametrize(
    ("said", "rather", "gaps", "unknown"),
    [
        (PARTIAL_MESH, "mechanism: Istio mutual TLS as far", 16, 0),
        (FRONTEND, FRONTEND + ", controls: {authenticate-caller: oidc}", 0, 7),
    ],
)
def test_one_statement_settles_many_results(
    tmp_path: Path, said: str, rather: str, gaps: int, unknown: int
) -> None:
    text = (SAMPLES / "online-boutique" / "threatmodel.yaml").read_text(encoding="utf-8")
    assert text.count(said) == 1
    path = tmp_path / "threatmodel.yaml"
    path.write_text(text, encoding="utf-8")
    before = load(path, LIBRARY, DAY)
    path.write_text(text.replace(said, rather), encoding="utf-8")
    after = load(path, LIBRARY, DAY)
    assert noise(before).gaps - noise(after).gaps == gaps
    assert unknowns(before) - unknowns(after) == unknown
    assert noise(after).groups_per_element <= noise(before).groups_per_element


def unknowns(review: Review) -> int:
    return sum(len(q.settles) for q in review.assess(frameworks=False).questions)
