"""Path obligations and coverage from upstream are decided as by walking every simple path of the model."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given

from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.oracle import Oracle
from threatmodel.api import Library, parse
from threatmodel.catalog import Catalog, Control, parse_control
from threatmodel.results import Verdict
from threatmodel.source import parse as parse_yaml

SHIPPED = Library()
_PARTS = {
    "know": (
        "flow",
        "expect: {transport.client_authenticated: true}\ncovered_by: [{ends: [target]}, {baseline: true}]",
    ),
    "allow": ("[service, store]", "covered_by: [{host: true}, {boundary: inside}]"),
    "check": ("service", "expect: {any: [{custom_code: false}, {claimed: allow}]}"),
    "limit": ("service", "covered_by: [{upstream: true}, {boundary: inside}, {baseline: true}]"),
    "sealed": ("flow", "expect: {transport.encrypted: true}\ncovered_by: [{upstream: true}]"),
    "known-ways": ("[service, store]", "expect: {every_path_passes: know}\ncovered_by: [{boundary: inside}]"),
    "allowed-ways": (
        "store",
        "when: {held.confidentiality: {at_least: internal}}\nexpect: {every_path_passes: [know, allow]}",
    ),
    "kind-ways": (
        "[service, store]",
        "expect: {every_path_passes: {controls: [know, allow], flows: [business, telemetry]}}",
    ),
    "kind-flows": ("flow", "expect: {every_path_passes: {controls: know, flows: business}}"),
    "partner-ways": (
        "[service, store]",
        "expect: {every_path_passes: {controls: [know, allow], from: third-party}}",
    ),
    "partner-flows": ("flow", "expect: {every_path_passes: {controls: know, from: third-party}}"),
    "people-ways": ("[service, store]", "expect: {every_path_passes: {controls: know, from: people}}"),
    "people-flows": (
        "flow",
        "expect: {every_path_passes: {controls: [limit, know], from: people, flows: business}}",
    ),
    "whole-ways": ("store", "expect: {every_path_passes: [know, check, allow]}"),
    "flow-ways": ("flow", "expect: {any: [{transport.encrypted: true}, {every_path_passes: [limit, know]}]}"),
}


def _controls() -> dict[str, Control]:
    found = {}
    for name, (subject, rest) in _PARTS.items():
        text = (
            f"id: {name}\ntitle: T\nlayer: identity\nsubject: {subject}\nseverity: low\nthreats: spoofing\n"
            f"gap: G\nfix: F.\nexamples: [none]\nmechanisms: {{weak: [md5, base64, ssl]}}\n{rest}\n"
        )
        found[name] = parse_control(parse_yaml(text, f"catalogs/controls/identity/{name}.yaml"))
    return found


CONTROLS = _controls()
LIBRARY = Library()
LIBRARY.__dict__.update(kinds=SHIPPED.kinds, catalog=Catalog(CONTROLS))


def _compare(text: str, seen: dict[tuple[str, str], int]) -> None:
    engine = parse(parse_yaml(text, "model.yaml"), LIBRARY, AS_OF).engine
    oracle = Oracle(engine.graph, CONTROLS)
    for control in CONTROLS.values():
        for kind in control.subjects:
            decided = engine.decide(control, kind)
            for i, name in enumerate(engine.graph.subjects[kind]):
                expected = oracle.verdict(control, kind, name)
                assert decided.verdict(i).word == expected, f"{control.id}@{name}\n{text}"
                seen[control.id, expected] = seen.get((control.id, expected), 0) + 1


@examples(150)
@given(plain_models(CONTROLS, crowded=True))
def test_generated_models_are_decided_as_by_walking(model: Plain) -> None:
    _compare(yaml(model), {})


def _statement(chance: random.Random, names: tuple[str, ...]) -> str:
    words = ("tls", "md5", "true", "false", "planned", "{status: alternative, reason: r}")
    said = [f"{name}: {chance.choice(words)}" for name in names if chance.random() < 0.3]
    return f"{{{', '.join(said)}}}"


def small_model(seed: int) -> str:
    """A model of up to nine elements with many paths, cycles and relays among them."""
    chance = random.Random(seed)
    lines = ["threatmodel: 1", "name: m", "data: {d: {confidentiality: restricted}, e: {}}"]
    zone = _statement(chance, ("allow", "limit"))
    lines.append(f"boundaries: {{zone: {{controls: {zone}}}, net: {{kind: internet}}}}")
    lines.append(f"baseline: {_statement(chance, ('know', 'limit'))}")
    names = ["user", "clerk"]
    lines.insert(2, "parties: {mill: }")
    clerk = chance.choice(
        ("", "{human: true, boundary: zone}", "{boundary: zone}", "{human: false, boundary: zone}")
    )
    user = "" if chance.random() < 0.9 else "{boundary: zone}"
    lines.append(f"actors: {{user: {user}, clerk: {clerk}}}")
    lines.append("services:")
    for n in range(chance.randint(1, 5)):
        names.append(f"s{n}")
        parts = [f"controls: {_statement(chance, ('know', 'allow', 'check', 'limit', 'known-ways'))}"]
        parts += [
            chance.choice(("kind: event-bus", "custom_code: true", "custom_code: false", "boundary: zone"))
        ]
        if "zone" not in parts[-1]:
            parts += chance.choices((["boundary: net"], ["party: mill"], []), (1, 2, 7))[0]
        lines.append(f"  s{n}: {{{', '.join(parts)}}}")
    lines.append("stores:")
    for n in range(chance.randint(1, 3)):
        names.append(f"d{n}")
        kind = chance.choice(("kind: queue", "kind: relational-database", "boundary: zone"))
        held = chance.choice(("holds: d", "holds: e", "holds: []"))
        stated = _statement(chance, ("know", "allow", "allowed-ways"))
        lines.append(f"  d{n}: {{{kind}, {held}, controls: {stated}}}")
    lines.append("flows:")
    pairs = {(chance.choice(names), chance.choice(names)) for _ in range(chance.randint(2, 14))}
    for source, target in sorted((a, b) for a, b in pairs if a != b and b != "user"):
        parts = [f"from: {source}, to: {target}, controls: {_statement(chance, ('know', 'sealed'))}"]
        parts += [
            chance.choice(
                (
                    "protocol: https",
                    "protocol: https-mtls",
                    "protocol: http",
                    "sends: d",
                    "data: d",
                    "kind: backup",
                    "kind: telemetry",
                )
            )
        ]
        lines.append(f"  - {{{', '.join(parts)}}}")
    return "\n".join(lines if lines[-1] != "flows:" else lines[:-1]) + "\n"


@pytest.mark.parametrize("block", range(4))
def test_random_models_are_decided_as_by_walking(block: int) -> None:
    seen: dict[tuple[str, str], int] = {}
    for seed in range(block * 300, block * 300 + 300):
        _compare(small_model(seed), seen)
    for control in (
        *("limit", "known-ways", "allowed-ways", "flow-ways", "kind-ways", "kind-flows"),
        *("partner-ways", "partner-flows", "people-ways", "people-flows"),
    ):
        verdicts = {verdict for name, verdict in seen if name == control}
        assert verdicts >= {"satisfied", "gap", "unknown"}, (control, verdicts)
    assert seen["whole-ways", "gap"]
    assert seen["whole-ways", "unknown"]


def _gaps(text: str) -> set[str]:
    engine = parse(parse_yaml(text, "model.yaml"), LIBRARY, AS_OF).engine
    return {
        f"{control.id}@{name}"
        for control in CONTROLS.values()
        for kind in control.subjects
        for i, name in enumerate(engine.graph.subjects[kind])
        if engine.decide(control, kind).verdict(i) is Verdict.GAP
    }


def test_putting_a_control_in_place_never_adds_a_gap_and_taking_it_away_removes_none() -> None:
    closed = 0
    for seed in range(250):
        text = small_model(seed)
        lacking = [m for word in ("false", "planned", "md5") for m in re.finditer(rf"(?<=: ){word}\b", text)]
        stated = [m for m in lacking if not re.search("(custom_code|human): $", text[: m.start()])]
        for m in stated[:3]:
            mended = f"{text[: m.start()]}tls{text[m.end() :]}"
            assert _gaps(mended) <= _gaps(text), (seed, m.start())
            closed += len(_gaps(text)) - len(_gaps(mended))
    assert closed > 50
