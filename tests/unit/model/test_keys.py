"""Every key of the language is kept as written; what is left out has the documented default."""

from __future__ import annotations

from typing import Any

import pytest

from threatmodel.model import (
    Agreement,
    Evidence,
    Flow,
    RequirementDecision,
    Scenario,
    Statement,
    Threat,
    Waiver,
)
from threatmodel.model.language import DECISIONS, ENTITIES, REQUIREMENTS, WAIVERS, Key

from .build import kinds, model

AROUND = """
actors: {customer: , clerk: }
services: {web: , api: }
stores: {db: }
data: {order: , cart: }
purposes: {sale: , support: }
boundaries: {cloud: , cluster: }
hosts: {node: }
parties: {shop: {own: true}, acme: }
types: {services: {function: }, stores: {table: }}
flows: [{from: web, to: api}, {from: api, to: db}]
"""
COMMON = "title: T, description: D, owner: O, controls: {mfa: passkey}"
COMMON_KEPT: dict[str, Any] = {"title": "T", "description": "D", "owner": "O"}
NODE = """boundary: cluster, party: acme, needs: [order, cart], purposes: sale, out_of_scope: theirs,
    host: node, technology: postgresql, identity: role-1, holds: order, retention: P1Y2M3DT4H,
    tenancy: shared, criticality: high, deployed_as: [a b, c]"""
NODE_KEPT: dict[str, Any] = {
    "boundary": "cluster",
    "party": "acme",
    "needs": ("order", "cart"),
    "purposes": ("sale",),
    "out_of_scope": "theirs",
    "host": "node",
    "technology": "postgresql",
    "identity": "role-1",
    "holds": ("order",),
    "retention": "P1Y2M3DT4H",
    "tenancy": "shared",
    "criticality": "high",
    "deployed_as": ("a b", "c"),
}
WHOLE: dict[str, tuple[str, dict[str, Any]]] = {
    "parties": (
        """own: true, jurisdiction: [DE, EU], gdpr: joint-controller, hipaa: [provider, health-plan],
        agreements: {type: dpa, with: acme},
        contacts: {privacy: a, dpo: b, representative: e, security: c, incident: d}""",
        {
            "own": True,
            "jurisdiction": ("DE", "EU"),
            "gdpr": "joint-controller",
            "hipaa": ("provider", "health-plan"),
            "agreements": (
                Agreement((0, "parties", "whole", "agreements"), "dpa", "acme", None, None, None, None),
            ),
            "contacts": {
                "privacy": "a",
                "dpo": "b",
                "representative": "e",
                "security": "c",
                "incident": "d",
            },
        },
    ),
    "purposes": (
        """legal_basis: contract, condition: health-care, hipaa_use: treatment, automated_decision: false,
        large_scale: true""",
        {
            "legal_basis": "contract",
            "condition": "health-care",
            "hipaa_use": "treatment",
            "automated_decision": False,
            "large_scale": True,
        },
    ),
    "data": (
        """confidentiality: restricted, integrity: low, availability: critical, categories: [personal,
        health], subjects: [customer, clerk], purposes: [sale], retention: indefinite, derived_from: [order],
        transform: differential-privacy, epsilon: 1, delta: 0, epsilon_budget: 2""",
        {
            "confidentiality": "restricted",
            "integrity": "low",
            "availability": "critical",
            "categories": ("personal", "health"),
            "subjects": ("customer", "clerk"),
            "purposes": ("sale",),
            "retention": "indefinite",
            "derived_from": ("order",),
            "transform": "differential-privacy",
            "epsilon": 1.0,
            "delta": 0.0,
            "epsilon_budget": 2.0,
        },
    ),
    "boundaries": (
        """parent: cloud, kind: kubernetes-cluster, trust: third-party, party: acme, provider: acme,
        region: eu-central-1, environment: test""",
        {
            "parent": "cloud",
            "kind": "kubernetes-cluster",
            "trust": "third-party",
            "party": "acme",
            "provider": "acme",
            "region": "eu-central-1",
            "environment": "test",
        },
    ),
    "hosts": (
        "boundary: cloud, kind: database-server, technology: postgresql, party: acme, tenancy: single",
        {
            "boundary": "cloud",
            "kind": "database-server",
            "technology": "postgresql",
            "party": "acme",
            "tenancy": "single",
        },
    ),
    "actors": (
        """boundary: cloud, party: acme, needs: [], purposes: [sale, support], out_of_scope: theirs,
        human: false, jurisdiction: EU""",
        {
            "boundary": "cloud",
            "party": "acme",
            "needs": (),
            "purposes": ("sale", "support"),
            "out_of_scope": "theirs",
            "human": False,
            "jurisdiction": ("EU",),
        },
    ),
    "services": (
        f"{NODE}, type: function, kind: api-gateway, custom_code: true, tls_passthrough: true",
        {
            **NODE_KEPT,
            "type": "function",
            "kind": "api-gateway",
            "custom_code": True,
            "tls_passthrough": True,
        },
    ),
    "stores": (
        f"{NODE}, type: table, kind: relational-database",
        {**NODE_KEPT, "type": "table", "kind": "relational-database"},
    ),
}
NOT_UNKNOWN = {"own": False, "tls_passthrough": False, "controls": {}}


@pytest.mark.parametrize("section", WHOLE)
def test_every_key_is_kept(section: str) -> None:
    text, kept = WHOLE[section]
    assert set(ENTITIES[section].keys) == {*kept, *COMMON_KEPT, "controls"}
    value = getattr(model(_with(section, f"{{{COMMON}, {text}}}")), section)["whole"]
    at = (0, section, "whole")
    assert value._asdict() == {
        "id": "whole",
        "at": at,
        "controls": {"mfa": _implemented("mfa", (*at, "controls", "mfa"), "passkey")},
        **COMMON_KEPT,
        **kept,
    }


@pytest.mark.parametrize("section", WHOLE)
@pytest.mark.parametrize("written", ["", "{}"])
def test_what_is_left_out_is_unknown_apart_from_the_documented_defaults(section: str, written: str) -> None:
    value = getattr(model(_with(section, written)), section)["whole"]
    for key in ENTITIES[section].keys:
        assert getattr(value, key) == NOT_UNKNOWN.get(key), key


def _with(section: str, entity: str) -> str:
    """The surroundings with one more entity in a section."""
    lines = [line for line in AROUND.splitlines() if line]
    start = f"{section}: {{"
    return "\n".join(
        line.replace(start, f"{section}: {{whole: {entity}, ") if line.startswith(start) else line
        for line in lines
    )


def _implemented(control: str, at: tuple[int | str, ...], mechanism: str | None) -> Statement:
    return Statement(control, at, "implemented", mechanism, None, (), None, None, None)


def test_the_top_of_a_model_is_kept() -> None:
    top = model("name: Shop\ndescription: Books\nowner: team\nbaseline: {monitor: prometheus}")
    assert (top.name, top.description, top.owner) == ("Shop", "Books", "team")
    assert top.baseline == {"monitor": _implemented("monitor", (0, "baseline", "monitor"), "prometheus")}
    empty = model("threatmodel: 1")
    assert (empty.name, empty.description, empty.owner, empty.baseline) == ("", None, None, {})
    assert (empty.flows, empty.scenarios, empty.threats, empty.data) == ((), {}, {}, {})


@pytest.mark.parametrize("section", ["purposes", "data", "flows", "types", "scenarios", "threats", "hosts"])
def test_a_section_may_be_empty(section: str) -> None:
    assert model(f"{section}:\nservices: {{web: }}").services


def test_every_key_of_a_flow_is_kept() -> None:
    text = (
        "{from: web, to: db, name: nightly, kind: backup, protocol: [https, ssh], port: [443, 22], "
        "sends: order, returns: [], data: cart, title: T, description: D, controls: {mfa: true}}"
    )
    flow = model(_with_flow(text)).flows[-1]
    at = (0, "flows", 2)
    assert flow == Flow(
        "web->db:nightly",
        at,
        "web",
        "db",
        "nightly",
        "backup",
        ("https", "ssh"),
        (443, 22),
        ("order", "cart"),
        ("cart",),
        "T",
        "D",
        {"mfa": _implemented("mfa", (*at, "controls", "mfa"), None)},
    )
    assert set(ENTITIES["flows"].keys) == {
        *("from", "to", "name", "kind", "protocol", "port", "sends", "returns", "data"),
        *("title", "description", "controls"),
    }


def test_a_flow_that_says_nothing_more_is_unknown() -> None:
    flow = model(_with_flow("{from: web, to: db}")).flows[-1]
    assert flow == Flow(
        "web->db", (0, "flows", 2), "web", "db", None, None, None, None, None, None, None, None, {}
    )


def _with_flow(text: str) -> str:
    return AROUND.replace("{from: api, to: db}]", f"{{from: api, to: db}}, {text}]")


def test_every_key_of_a_scenario_is_kept() -> None:
    text = "s: {title: T, description: D, steps: [web->api, api->db, web->api], rights: [access, erasure]}"
    at = (0, "scenarios", "s")
    steps = ("web->api", "api->db", "web->api")
    whole = Scenario("s", at, "T", "D", steps, ("access", "erasure"))
    assert model(AROUND + f"scenarios: {{{text}}}").scenarios == {"s": whole}
    least = model(AROUND + "scenarios: {s: {steps: web->api}}").scenarios["s"]
    assert least == Scenario("s", at, None, None, ("web->api",), None)


def test_every_key_of_a_threat_is_kept() -> None:
    against = (
        "web",
        "web->api",
        "cloud",
        "node",
        "customer",
        "data:order",
        "party:acme",
        "purpose:sale",
        "model",
    )
    text = f"""
threats:
  t:
    title: T
    description: D
    against: [{", ".join(against)}]
    category: [spoofing, linking]
    severity: critical
    answered_by: [mfa@web->api, patch@api]
"""
    at = (0, "threats", "t")
    categories = ("spoofing", "linking")
    whole = Threat("t", at, "T", "D", against, categories, "critical", ("mfa@web->api", "patch@api"))
    assert model(AROUND + text).threats == {"t": whole}
    least = model(AROUND + "threats: {t: {against: web}}").threats["t"]
    assert least == Threat("t", at, None, None, ("web",), None, "medium", None)
    assert model(AROUND + "threats: {t: {against: web, answered_by: []}}").threats["t"].answered_by == ()


@pytest.mark.parametrize("form", ["{{type: scc, {}}}", "[{{type: scc, {}}}]"])
def test_every_key_of_an_agreement_is_kept(form: str) -> None:
    written = form.format("with: acme, date: 2026-01-10, until: 2027-01-10, ref: r.pdf, assessment: tia.pdf")
    party = model(f"parties: {{shop: {{own: true}}, acme: , x: {{agreements: {written}}}}}").parties["x"]
    assert party.agreements is not None
    (agreement,) = party.agreements
    assert agreement[1:] == ("scc", "acme", "2026-01-10", "2027-01-10", "r.pdf", "tia.pdf")


def test_evidence_is_a_link_or_says_when_it_was_made() -> None:
    text = "[a.md, {link: b.md}, {link: c.md, date: 2026-01-01, until: 2026-01-01}]"
    store = model(f"stores: {{db: {{controls: {{backup: {{evidence: {text}}}}}}}}}").stores["db"]
    assert store.controls["backup"].evidence == (
        Evidence("a.md", None, None),
        Evidence("b.md", None, None),
        Evidence("c.md", "2026-01-01", "2026-01-01"),
    )


ENUMERATIONS = [
    (section, key, word, meaning)
    for section in (*WHOLE, "flows", "threats", "scenarios")
    for key in ENTITIES[section].keys.values()
    if key.type == "enum"
    for word, meaning in {**{v: v for v in key.values}, **key.aliases}.items()
]


@pytest.mark.parametrize(("section", "key", "word", "meaning"), ENUMERATIONS, ids=lambda p: str(p)[:40])
def test_every_word_and_every_alias_of_an_enumeration_is_read(
    section: str, key: Key, word: str, meaning: str
) -> None:
    rest = {"transform": "derived_from: order, "}.get(key.name, "")
    entity = f"{rest}{key.name}: '{word}'"
    match section:
        case "flows":
            value = getattr(model(_with_flow(f"{{from: web, to: db, {entity}}}")).flows[-1], key.name)
        case "threats":
            value = getattr(
                model(f"{AROUND}threats: {{t: {{against: web, {entity}}}}}").threats["t"], key.name
            )
        case "scenarios":
            text = f"{AROUND}scenarios: {{s: {{steps: web->api, {entity}}}}}"
            value = getattr(model(text).scenarios["s"], key.name)
        case _:
            value = getattr(getattr(model(_with(section, f"{{{entity}}}")), section)["whole"], key.name)
    assert value == ((meaning,) if key.many else meaning)


def test_kinds_technologies_and_protocols_are_read_by_alias_in_any_case() -> None:
    text = "services: {a: {kind: LB, technology: Postgres}, b: }\nflows: [{from: a, to: b, protocol: HTTPS}]"
    read = model(text)
    assert read.services["a"].kind == "load-balancer"
    assert read.services["a"].technology == "postgresql"
    assert read.flows[0].protocols == ("https",)


def test_every_kind_fits_the_sections_that_it_names() -> None:
    sections = {"service": "services", "store": "stores", "boundary": "boundaries", "host": "hosts"}
    for kind in kinds().kinds.values():
        for subject in kind.subjects:
            read = model(f"{sections[subject]}: {{x: {{kind: {kind.id}}}}}")
            assert getattr(read, sections[subject])["x"].kind == kind.id


def test_every_key_of_the_decisions_file_has_a_place_in_its_value() -> None:
    assert [k.name for k in DECISIONS.keys] == ["threatmodel-decisions", "waivers", "requirements"]
    assert [k.name for k in WAIVERS.keys] == list(Waiver._fields[1:])
    fields = ("from" if name == "provider" else name for name in RequirementDecision._fields[1:])
    assert sorted(k.name for k in REQUIREMENTS.keys) == sorted(fields)
