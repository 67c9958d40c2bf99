"""A baseline names the gaps that are known; new and worsened ones stand out, and what is gone is told."""

from __future__ import annotations

import pytest

from tests.unit.render.written import assessment, gap
from threatmodel.errors import InputError
from threatmodel.policy.baseline import baseline_text, compare, open_gaps, parse_baseline, pruned
from threatmodel.source import parse

MADE = assessment(
    gap(subject="same"),
    gap(subject="worse"),
    gap(subject="better", severity="low"),
    gap(subject="new"),
    gap(subject="waived", disposition="waived"),
    gap(subject="planned", disposition="planned"),
)
BASELINE = {
    "encrypt@same": "high",
    "encrypt@worse": "medium",
    "encrypt@better": "high",
    "encrypt@waived": "high",
    "encrypt@gone": "low",
}


def test_each_open_gap_is_new_worsened_or_known() -> None:
    compared = compare(MADE, BASELINE)
    assert compared.states == {
        "encrypt@same": "known",
        "encrypt@worse": "worsened",
        "encrypt@better": "known",
        "encrypt@new": "new",
    }
    assert compared.gone == ("encrypt@gone",)
    assert compared.known == {"encrypt@same", "encrypt@better"}


def test_a_baseline_holds_open_gaps_only() -> None:
    assert open_gaps(MADE).keys() == {f"encrypt@{s}" for s in ("same", "worse", "better", "new")}


def test_pruning_takes_out_and_lowers_but_adds_and_raises_nothing() -> None:
    assert pruned(MADE, BASELINE) == {
        "encrypt@same": "high",
        "encrypt@worse": "medium",
        "encrypt@better": "low",
    }


@pytest.mark.parametrize(
    "severities",
    [
        {},
        {"a@b": "high"},
        {"c@z->y:n": "low", "a@data:x": "critical", "threat:x": "medium", 'odd"\\ ключ@ü': "low"},
    ],
)
def test_what_is_written_reads_back(severities: dict[str, str]) -> None:
    text = baseline_text(severities)
    assert parse_baseline(parse(text, "baseline.yaml")) == severities
    assert [line for line in text.splitlines() if line.startswith('  "')] == sorted(
        line for line in text.splitlines() if line.startswith('  "')
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("findings: {}", ["missing-key"]),
        ("threatmodel-baseline: 2\nfindings: {}", ["unsupported-version"]),
        ("threatmodel-baseline: true\nfindings: {}", ["unsupported-version"]),
        ("threatmodel-baseline: 1", ["missing-key"]),
        ("threatmodel-baseline: 1\nfindings: [a@b]", ["wrong-type"]),
        ("threatmodel-baseline: 1\nfindings: {a@b: hihg}", ["unknown-word"]),
        ("threatmodel-baseline: 1\nfindigns: {}\nfindings: {}", ["unknown-key"]),
    ],
)
def test_a_wrong_baseline_is_refused(text: str, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_baseline(parse(text, "baseline.yaml"))
    assert [d.code for d in caught.value.diagnostics] == codes
    assert all(d.span for d in caught.value.diagnostics)
