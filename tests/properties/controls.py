"""Generated controls: every subject, every form of `covered_by`, conditions of every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.properties.models import Plain, yaml
from threatmodel.catalog import Control, parse_control
from threatmodel.source import parse

_LEAVES: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "flow": (
        ("crosses_boundary", True),
        ("transport.encrypted", True),
        ("transport.client_authenticated", True),
        ("data.confidentiality", {"at_least": "confidential"}),
        ("data.categories", {"contains": "personal"}),
        ("target.kind", {"one_of": ["queue", "api"]}),
        ("transport.protocol", {"none_of": ["http", "telnet"]}),
    ),
    "service": (
        ("exposed", True),
        ("custom_code", True),
        ("tenancy", "single"),
        ("data.confidentiality", {"at_most": "internal"}),
        ("kind", "api"),
    ),
    "store": (
        ("tenancy", "single"),
        ("criticality", {"at_least": "high"}),
        ("held.categories", {"contains_any": ["health", "credentials"]}),
        ("traits", {"contains": "relay"}),
    ),
    "actor": (("human", True), ("workforce", True)),
    "boundary": (("trust", "trusted"), ("kind", "network"), ("environment", "production")),
    "host": (("tenancy", "single"), ("kind", "virtual-machine")),
    "data": (("data.integrity", {"at_least": "high"}), ("derived", True), ("purposes.declared", True)),
    "party": (("own", True), ("gdpr", "controller"), ("agreements", {"contains": "dpa"})),
    "purpose": (("legal_basis", "contract"), ("large_scale", True)),
    "model": (("has_flows", True), ("own.gdpr", {"contains": "controller"})),
}
_SUBJECTS = (
    ("flow",),
    ("flow",),
    ("flow",),
    ("service",),
    ("store",),
    ("service", "store"),
    ("service", "boundary"),
    ("host",),
    ("actor",),
    ("data",),
    ("party",),
    ("purpose",),
    ("model",),
)


_COIN: st.SearchStrategy[bool] = st.booleans()
_OFTEN: st.SearchStrategy[bool] = st.sampled_from((True, True, False))


@st.composite
def control_sets(draw: st.DrawFn) -> dict[str, Control]:
    """Two to five controls by id; later ones may rest on earlier ones of the same subjects."""
    made: dict[str, Control] = {}
    for n in range(draw(st.integers(2, 4))):
        subjects = draw(st.sampled_from(_SUBJECTS))
        earlier = [c.id for c in made.values() if set(subjects) <= set(c.subjects)]
        control = _control(draw, f"c{n}", subjects, earlier)
        made[control.id] = control
    return made


def _control(draw: st.DrawFn, name: str, subjects: tuple[str, ...], earlier: list[str]) -> Control:
    leaves = [leaf for leaf in _LEAVES[subjects[0]] if all(leaf in _LEAVES[s] for s in subjects)]
    plain: Plain = {
        "id": name,
        "title": "Something holds",
        "layer": "governance",
        "subject": list(subjects),
        "severity": draw(st.sampled_from(("low", "high"))),
        "threats": ["tampering"],
        "gap": "{subject}",
        "fix": "Mend {subject}.",
        "examples": ["none"],
        "mechanisms": {"weak": ["md5", "base64", "tls 1.0", "ssl"], "strong": ["tls 1.3"]},
    }
    if draw(_COIN) and leaves:
        plain["when"] = _condition(draw, leaves)
    if draw(_OFTEN) and leaves:
        plain["expect"] = _expectation(draw, leaves, earlier)
    covered = _covered(draw, subjects)
    if covered:
        plain["covered_by"] = covered
    return parse_control(parse(yaml(plain), f"catalogs/controls/governance/{name}.yaml"))


def _condition(draw: st.DrawFn, leaves: list[tuple[str, Any]]) -> Plain:
    fact, wanted = draw(st.sampled_from(leaves))
    other, also = draw(st.sampled_from(leaves))
    match draw(st.integers(0, 4)):
        case 0:
            return {"any": [{fact: wanted}, {other: also}]}
        case 1:
            return {"not": {fact: wanted}}
        case 2:
            return {"all": [{fact: wanted}, {"not": {other: also}}]}
        case _:
            return {fact: wanted}


def _expectation(draw: st.DrawFn, leaves: list[tuple[str, Any]], earlier: list[str]) -> Plain:
    condition = _condition(draw, leaves)
    if draw(_COIN) and earlier:
        word = draw(st.sampled_from(("claimed", "satisfied")))
        return {"any": [condition, {word: draw(st.sampled_from(earlier))}]}
    return condition


def _covered(draw: st.DrawFn, subjects: tuple[str, ...]) -> list[Plain]:
    found: list[Plain] = []
    if subjects == ("flow",) and draw(st.integers(0, 3)):
        sides = draw(st.sampled_from((["source"], ["target"], ["source", "target"])))
        found.append({"ends": sides})
    if draw(st.booleans()):
        found.append({"host": True})
    if draw(st.booleans()):
        modes = draw(st.lists(st.sampled_from(("inside", "entering", "leaving")), min_size=1, unique=True))
        found.append({"boundary": modes})
    if draw(st.booleans()):
        found.append({"baseline": True})
    return found
