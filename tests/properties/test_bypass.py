"""A flow round the gateway of a sample adds findings with its path, and taking it away leaves no trace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from threatmodel.api import Library, load
from threatmodel.export.assessment import to_json
from threatmodel.render.text.reasons import premise_text
from threatmodel.results import Assessment

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
AS_OF = "2026-11-24"
LIBRARY = Library()


class Bypass(NamedTuple):
    """A sample, what is put into it first, a flow round its gateway, and what that adds by key."""

    sample: str
    given: tuple[tuple[str, str], ...]
    flow: str
    gaps: dict[str, tuple[str, ...]]
    unknown: dict[str, tuple[str, ...]]


SHOP = Bypass(
    "shop",
    (),
    "  - {from: spa, to: order-fn, protocol: https, data: order}\n",
    {},
    {
        "authenticate-every-way@order-fn": ("spa", "order-fn"),
        "authorize-every-way@order-events": ("spa", "order-fn", "order-events"),
        "authorize-every-way@dead-letters": ("spa", "order-fn", "order-events", "mail-queue", "dead-letters"),
        "authorize-every-way@mail-queue": ("spa", "order-fn", "order-events", "mail-queue"),
        "authorize-every-way@pay-queue": ("spa", "order-fn", "order-events", "pay-queue"),
        "authorize-every-way@ship-queue": ("spa", "order-fn", "order-events", "ship-queue"),
        "authorize-every-way@secrets": (
            *("spa", "order-fn", "order-events", "pay-queue", "pay-fn", "secrets"),
        ),
        "limit-every-way@mail-fn": ("spa", "order-fn", "order-events", "mail-queue", "mail-fn"),
        "limit-every-way@pay-fn": ("spa", "order-fn", "order-events", "pay-queue", "pay-fn"),
        "limit-every-way@ship-fn": ("spa", "order-fn", "order-events", "ship-queue", "ship-fn"),
    },
)
CLINIC = Bypass(
    "clinic",
    (),
    "  - {from: patient-de, to: records-de, protocol: https, data: record-de}\n",
    {},
    {
        "authenticate-every-way@records-de": ("patient-de", "records-de"),
        "authenticate-every-way@lab-link-de": ("patient-de", "records-de", "lab-link-de"),
        "authenticate-every-path@secrets-de": ("patient-de", "records-de", "lab-link-de", "secrets-de"),
        # what checks permissions stands before what asks who calls, and the database says nothing of its own
        "authorize-every-way@ehr-de": ("patient-de", "records-de", "ehr-de"),
        "authorize-every-way@secrets-de": ("patient-de", "records-de", "lab-link-de", "secrets-de"),
        "limit-every-way@lab-link-de": ("patient-de", "records-de", "lab-link-de"),
    },
)
BOUTIQUE = Bypass(
    "online-boutique",
    (
        (
            "istio-gateway: {boundary: default,",
            "istio-gateway: {controls: {authenticate-caller: oidc}, boundary: default,",
        ),
        ("to: [istio-gateway, frontend] ", "to: istio-gateway "),
        (
            "cartservice: {type: workload,",
            "cartservice: {controls: {authenticate-caller: absent}, type: workload,",
        ),
    ),
    "  - {from: shopper, to: cartservice, protocol: grpc, data: cart}\n",
    {
        "authenticate-every-way@cartservice": ("shopper", "cartservice"),
        "authorize-every-way@redis-cart": ("shopper", "cartservice", "redis-cart"),
    },
    {},
)


def _denied(case: Bypass, old: str, key: str) -> Bypass:
    """The same, with the element that is reached round the gateway saying that it asks nobody who calls."""
    given = (*case.given, (old, old.replace("controls: {", "controls: {authenticate-caller: absent, ")))
    rest = {name: path for name, path in case.unknown.items() if name != key}
    return case._replace(given=given, gaps={**case.gaps, key: case.unknown[key]}, unknown=rest)


SHOP_DENIED = _denied(
    SHOP,
    "identity: order-role\n    controls: {authorize:",
    "authenticate-every-way@order-fn",
)
CLINIC_DENIED = _denied(
    CLINIC,
    "identity: records-de\n    controls: {authorize:",
    "authenticate-every-way@records-de",
)
EVERY = pytest.mark.parametrize(
    "case",
    [SHOP, SHOP_DENIED, CLINIC, CLINIC_DENIED, BOUTIQUE],
    ids=["shop", "shop denied", "clinic", "clinic denied", "online-boutique"],
)


def _assess(folder: Path, given: tuple[tuple[str, str], ...], flow: str) -> Assessment:
    path = folder / "threatmodel.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in given:
        assert old in text, old
        text = text.replace(old, new)
    head, flows, rest = text.partition("\nflows:\n")
    path.write_text(head + flows + flow + rest, encoding="utf-8")
    return load(path, LIBRARY, AS_OF).assess()


def _copy(sample: str, to: Path) -> Path:
    shutil.copytree(SAMPLES / sample, to)
    return to


@EVERY
def test_a_flow_round_the_gateway_adds_exactly_its_findings(case: Bypass, tmp_path: Path) -> None:
    before = _assess(_copy(case.sample, tmp_path / "a"), case.given, "")
    after = _assess(_copy(case.sample, tmp_path / "b"), case.given, case.flow)
    known = {f.key for f in (*before.findings, *before.bypasses)}
    assert {f.key: f.path for f in after.findings if f.path and f.key not in known} == case.gaps
    assert {f.key: f.path for f in after.bypasses if f.key not in known} == case.unknown
    new = {f.key for f in (*after.findings, *after.bypasses)} - known
    flow = case.flow.split("from: ")[1].split(",")[0]
    others = new - case.gaps.keys() - case.unknown.keys()
    assert all(f"@{flow}->" in key for key in others), "what else is new is asked of the flow itself"
    for finding in (*after.findings, *after.bypasses):
        if finding.key in case.gaps or finding.key in case.unknown:
            told = " ".join(premise_text(p) for p in finding.premises)
            assert " -> ".join(f"`{name}`" for name in finding.path) in told
            assert all(p.span for p in finding.premises[: len(finding.path)])


@EVERY
def test_taking_the_flow_away_gives_the_same_bytes(case: Bypass, tmp_path: Path) -> None:
    folder = _copy(case.sample, tmp_path / "a")
    path = folder / "threatmodel.yaml"
    before = to_json(_assess(folder, case.given, ""))
    text = path.read_text(encoding="utf-8")
    with_flow = to_json(_assess(folder, (), case.flow))
    path.write_text(text, encoding="utf-8")
    assert to_json(_assess(folder, (), "")) == before != with_flow
