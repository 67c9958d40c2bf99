"""Every fact at least once true, once false and once unknown, or a word on why it is never that."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from threatmodel.api import Library, Review, parse
from threatmodel.facts import ALL_FACTS, fact
from threatmodel.logic import Choice, Known, Members, Range, truth
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()
DAY = "2026-06-01"

WORLD = """
parties:
  us: {own: true, gdpr: controller, hipaa: none, jurisdiction: DE, contacts: {incident: soc}}
  lab:
    {gdpr: processor, hipaa: provider, jurisdiction: US,
     agreements: [{type: dpa}, {type: scc, until: 2026-01-01}]}
  bank: {gdpr: controller, hipaa: none, jurisdiction: CH, agreements: []}
  idle:
  cloud: {agreements: [{type: dpa, date: 2027-01-01}]}
purposes:
  care:
    {legal_basis: contract, condition: health-care, hipaa_use: treatment, automated_decision: true,
     large_scale: true}
  shop:
    {legal_basis: consent, condition: research, hipaa_use: payment, automated_decision: false,
     large_scale: false}
  open:
data:
  record:
    {confidentiality: restricted, integrity: critical, availability: critical, categories: [personal, health],
     retention: P1Y, purposes: care}
  price:
    {confidentiality: public, integrity: low, availability: low, categories: [], retention: indefinite,
     purposes: [], epsilon_budget: 1}
  blank:
  part: {derived_from: record, transform: selection, categories: [personal, health]}
  noise: {derived_from: price, transform: differential-privacy, epsilon: 1, delta: 0.1}
  password: {categories: [credentials]}
  pin: {categories: [credentials], epsilon_budget: 1}
  digits: {derived_from: pin, transform: differential-privacy, epsilon: 2}
  token: {categories: [credentials]}
  trace: {categories: [logs]}
boundaries:
  wild: {kind: internet}
  home: {kind: network, environment: production, region: eu-central-1}
  lab-net: {party: lab, kind: kubernetes-cluster, environment: test, region: US}
  rented: {provider: cloud, kind: service-mesh}
  silent:
  empty: {kind: network}
  vaults: {parent: home, kind: network}
hosts:
  box: {boundary: home, kind: container-node, technology: kubernetes, tenancy: single}
  vm: {boundary: home, kind: virtual-machine, technology: dynamodb, tenancy: shared}
  shell: {boundary: silent}
actors:
  visitor: {human: true, jurisdiction: DE}
  clerk: {human: false, party: us, boundary: home, jurisdiction: US, needs: [price]}
  robot: {needs: [record]}
services:
  front:
    {boundary: home, kind: api-gateway, technology: kong, tenancy: single, criticality: high, host: box,
     identity: front, custom_code: true, tls_passthrough: true, needs: [price], holds: [record]}
  back:
    {boundary: home, kind: api, technology: dynamodb, tenancy: shared, criticality: low, host: vm,
     identity: shared, custom_code: false, needs: [record, price], holds: [price]}
  mute: {boundary: silent}
  twin: {boundary: home, kind: api, identity: shared}
  apart: {boundary: home, kind: api, technology: spring-boot, identity: apart, custom_code: true}
  lab-app: {boundary: lab-net, kind: api, identity: lab}
  hired: {boundary: rented, kind: api, identity: hired, holds: [trace]}
  logger: {boundary: home, kind: api, identity: logger}
  watcher: {boundary: home, kind: observability-platform, identity: watcher}
stores:
  db:
    {boundary: home, kind: relational-database, identity: db, holds: [record, part, trace, token],
     retention: P1Y, tenancy: single}
  cheap: {boundary: home, kind: cache, identity: cheap, holds: [price], criticality: low, tenancy: shared}
  vague: {boundary: silent, holds: [blank, pin]}
  vault: {boundary: vaults, kind: secret-store, identity: vault, holds: [password]}
  queue: {boundary: home, kind: queue, identity: queue, holds: []}
  dead: {boundary: home, kind: dead-letter-queue, identity: dead, holds: []}
  logs: {boundary: home, kind: log-store, identity: logs, holds: [trace]}
  copies: {boundary: home, kind: backup-store, identity: copies, holds: [record]}
flows:
  - {from: visitor, to: front, protocol: https, data: record}
  - {from: front, to: back, protocol: http, data: price}
  - {from: front, to: db, protocol: https-mtls, data: record}
  - {from: back, to: db, protocol: postgresql, data: record}
  - {from: mute, to: vague}
  - {from: clerk, to: back, protocol: ssh, data: price}
  - {from: apart, to: cheap, protocol: telnet, data: price}
  - {from: lab-app, to: back, protocol: [https, http], sends: [record]}
  - {from: front, to: hired, protocol: grpc, data: []}
  - {from: back, to: queue, protocol: amqp, sends: price}
  - {from: twin, to: queue, protocol: amqp, returns: price}
  - {from: queue, to: dead, protocol: amqp, data: price}
  - {from: logger, to: logs, kind: telemetry, data: trace}
  - {from: watcher, to: front, kind: telemetry, returns: price}
  - {from: db, to: copies, kind: backup, data: record}
  - {from: robot, to: hired, sends: price}
  - {from: hired, to: robot, sends: record}
scenarios: {forget: {steps: visitor->front, rights: erasure}}
"""


class Row(NamedTuple):
    """A fact of a kind of subject, the comparison, and a subject for each outcome, "" where there is none."""

    fact: str
    kind: str
    operator: str
    operand: str | bool | int | frozenset[str]
    true: str
    false: str
    unknown: str


def row(name: str, kind: str, wanted: str | bool | int, true: str, false: str, unknown: str) -> Row:
    found = fact(kind, name)
    assert found is not None
    operator = {"set": "contains", "ordered": "at_least", "number": "at_least"}.get(found.domain.kind, "is")
    operand = frozenset({str(wanted)}) if operator == "contains" else wanted
    return Row(name, kind, operator, operand, true, false, unknown)


FB, CR = "front->back", "visitor->front"
TABLE = (
    row("crosses_boundary", "flow", True, CR, FB, ""),
    row("crosses_trust", "flow", True, CR, FB, ""),
    row("from_untrusted", "flow", True, CR, FB, ""),
    row("same_host", "flow", True, "", FB, ""),
    row("flow.kind", "flow", "administration", "clerk->back", FB, ""),
    row("transport.protocol", "flow", "http", FB, CR, "lab-app->back"),
    row("transport.encrypted", "flow", True, CR, "lab-app->back", "back->db"),
    row("transport.server_authenticated", "flow", True, CR, FB, "mute->vague"),
    row("transport.client_authenticated", "flow", True, "front->db", "", CR),
    row("transport.obsolete", "flow", True, "apart->cheap", CR, "mute->vague"),
    row("transport.plain", "flow", True, FB, "back->db", "mute->vague"),
    row("source.human", "flow", True, CR, "clerk->back", "robot->hired"),
    row("source.employed", "flow", True, "clerk->back", CR, ""),
    row("source.trust", "flow", "trusted", FB, CR, ""),
    row("source.element", "flow", "actor", CR, FB, ""),
    row("source.kind", "flow", "api-gateway", FB, "back->db", "mute->vague"),
    row("source.traits", "flow", "entry-point", FB, "back->db", "mute->vague"),
    row("source.external", "flow", True, "lab-app->back", FB, ""),
    row("source.custom_code", "flow", True, FB, "back->db", "mute->vague"),
    row("target.trust", "flow", "trusted", CR, "hired->robot", ""),
    row("target.element", "flow", "store", "back->db", CR, ""),
    row("target.kind", "flow", "cache", "apart->cheap", "back->db", "mute->vague"),
    row("target.traits", "flow", "database", "back->db", FB, "mute->vague"),
    row("target.external", "flow", True, "hired->robot", CR, ""),
    row("target.custom_code", "flow", True, CR, FB, "front->hired"),
    row("kind", "service", "api-gateway", "front", "back", "mute"),
    row("kind", "boundary", "network", "home", "wild", "silent"),
    row("kind", "host", "container-node", "box", "vm", "shell"),
    row("traits", "store", "relay", "queue", "db", "vague"),
    row("technology", "service", "kong", "front", "back", "mute"),
    row("technology", "host", "kubernetes", "box", "vm", "shell"),
    row("managed", "service", True, "back", "", "mute"),
    row("tenancy", "service", "single", "front", "back", "mute"),
    row("tenancy", "host", "single", "box", "vm", "shell"),
    row("criticality", "service", "high", "front", "back", "mute"),
    row("hosted", "service", True, "front", "", "mute"),
    row("identity.declared", "service", True, "front", "", "mute"),
    row("identity.shared", "service", True, "back", "", "front"),
    row("custom_code", "service", True, "front", "back", "mute"),
    row("tls_passthrough", "service", True, "front", "back", ""),
    row("human", "actor", True, "visitor", "clerk", "robot"),
    row("workforce", "actor", True, "clerk", "visitor", ""),
    row("trust", "service", "trusted", "front", "lab-app", ""),
    row("trust", "boundary", "trusted", "home", "wild", ""),
    row("trust", "host", "trusted", "box", "", ""),
    row("external", "service", True, "lab-app", "front", ""),
    row("external", "boundary", True, "lab-net", "home", ""),
    row("external", "host", True, "", "box", ""),
    row("environment", "service", "production", "front", "lab-app", "mute"),
    row("region", "boundary", "eu-central-1", "home", "lab-net", "silent"),
    row("on_provider", "service", True, "hired", "front", ""),
    row("exposed", "service", True, "front", "back", ""),
    row("reachable_from_untrusted", "service", True, "back", "apart", ""),
    row("reachable_from_outside", "service", True, "back", "apart", ""),
    row("called_from_outside", "service", True, "back", "apart", ""),
    row("device_secrets", "store", True, "vault", "cheap", ""),
    row("device_secrets", "service", True, "", "", "mute"),
    row("shared_by_tenants", "store", True, "cheap", "db", "vague"),
    row("exposure_hops", "service", 2, "back", "front", ""),
    row("called", "service", True, "front", "apart", ""),
    row("entered_from_untrusted", "boundary", True, "home", "silent", ""),
    row("has_elements", "boundary", True, "home", "empty", ""),
    row("has_elements", "host", True, "box", "shell", ""),
    row("data.confidentiality", "flow", "restricted", CR, FB, "mute->vague"),
    row("data.confidentiality", "data", "restricted", "part", "price", "blank"),
    row("data.confidentiality", "purpose", "restricted", "care", "", "open"),
    row("data.confidentiality", "party", "restricted", "lab", "idle", ""),
    row("data.integrity", "flow", "critical", CR, FB, "mute->vague"),
    row("data.availability", "service", "critical", "front", "apart", "mute"),
    row("held.confidentiality", "store", "restricted", "db", "cheap", "vague"),
    row("held.integrity", "store", "critical", "db", "cheap", "vague"),
    row("held.availability", "store", "critical", "db", "cheap", "vague"),
    row("data.categories", "flow", "health", CR, FB, "mute->vague"),
    row("held.categories", "store", "health", "db", "cheap", "vague"),
    row("data.health", "data", True, "record", "price", "blank"),
    row("data.phi", "flow", True, "lab-app->back", FB, "hired->robot"),
    row("data.phi", "data", True, "record", "price", ""),
    row("carries_data", "flow", True, FB, "front->hired", "mute->vague"),
    row("holds_data", "store", True, "db", "queue", ""),
    row("holds_data", "service", True, "front", "", "mute"),
    row("retention.limited", "store", True, "db", "cheap", "vague"),
    row("retention.limited", "data", True, "part", "noise", "blank"),
    row("derived", "data", True, "part", "record", ""),
    row("transform", "data", "selection", "part", "noise", ""),
    row("stored", "data", True, "record", "", "noise"),
    row("leaves_system", "data", True, "record", "", ""),
    row("purposes.declared", "data", True, "part", "noise", "blank"),
    row("own", "party", True, "us", "lab", ""),
    row("gdpr", "party", "controller", "us", "lab", "idle"),
    row("hipaa", "party", "provider", "lab", "bank", "idle"),
    row("jurisdiction", "party", "DE", "us", "lab", "idle"),
    row("jurisdiction", "actor", "DE", "visitor", "clerk", "robot"),
    row("agreements", "party", "dpa", "lab", "bank", "idle"),
    row("receives_data", "party", True, "lab", "idle", ""),
    row("legal_basis", "purpose", "contract", "care", "shop", "open"),
    row("condition", "purpose", "health-care", "care", "shop", "open"),
    row("hipaa_use", "purpose", "treatment", "care", "shop", "open"),
    row("automated_decision", "purpose", True, "care", "shop", "open"),
    row("large_scale", "purpose", True, "care", "shop", "open"),
    row("own.gdpr", "model", "controller", "model", "", ""),
    row("own.hipaa", "model", "provider", "", "model", ""),
    row("rights", "model", "erasure", "model", "", ""),
    row("contacts", "party", "incident", "us", "", "lab"),
    row("has_flows", "model", True, "model", "", ""),
    row("vendor_run", "service", True, "back", "", "mute"),
    row("telemetry.to", "service", "log-store", "logger", "", "front"),
    row("backed_up", "store", True, "db", "", "cheap"),
    row("beyond_needs", "service", True, "front", "back", "mute"),
    row("beyond_needs", "actor", True, "", "clerk", "visitor"),
    row("handles_data", "actor", True, "clerk", "visitor", ""),
    row("in_secret_store", "data", True, "password", "token", "pin"),
    row("jurisdiction.protection", "party", "other", "lab", "us", "idle"),
    row("epsilon.declared", "data", True, "noise", "", "record"),
    row("epsilon.released", "data", True, "price", "record", ""),
    row("epsilon.within_budget", "data", True, "price", "pin", "blank"),
    row("containerised", "service", True, "front", "back", "mute"),
    row("faces_outside", "service", True, "front", "twin", ""),
    row("calls_out", "boundary", True, "rented", "home", ""),
    row("holds_elements", "boundary", True, "home", "empty", ""),
    row("crosses_environment", "flow", True, "lab-app->back", FB, CR),
    row("boundary_kinds", "service", "network", "front", "hired", ""),
    row("entry_point", "service", True, "front", "back", ""),
    row("entry_points", "model", 1, "model", "", ""),
    row("keeps_logs", "store", True, "logs", "cheap", ""),
    row("at_broker", "service", True, "twin", "apart", "mute"),
    row("logs_directly", "service", True, "logger", "apart", "mute"),
    row("at_dashboard", "service", True, "watcher", "", ""),
    row("at_dead_letters", "store", True, "queue", "", "db"),
    row("stands_apart", "store", True, "vault", "", "db"),
    row("apart_from_writers", "service", True, "hired", "", "back"),
    row("given_to_several", "data", True, "trace", "", "password"),
)
"""What the world above says. An empty subject: see `ELSEWHERE` and `NEVER`."""

SISTERS = """
parties: {{a: {{own: true, {}}}, b: {{own: true, gdpr: controller}}}}
data: {{x: {{categories: personal}}}}
services: {{s: {{party: b}}, t: {{party: a}}}}
flows: [{{from: s, to: t{}}}]
"""
FILLED = """
data: {x: }
actors: {u: }
services: {s: }
stores: {d: }
flows: [{from: u, to: s}, {from: s, to: d%s}]
"""
CALLED = "actors: {u: %s}\nservices: {s: }\nflows: [{from: u, to: s}]"
FLOW_TO_A = "{from: s, to: u, sends: x}"
CHAIN = """
parties: {{a: {{{}}}, b: , us: {{own: true}}}}
purposes: {{work: {{hipaa_use: operations}}, law: {{hipaa_use: required-by-law}}}}
data: {{x: {{categories: health}}}}
services: {{s: , t: {{party: b}}, u: {{party: a, purposes: {}}}}}
flows: [{{from: s, to: t, sends: x}}, {}]
"""
DISCLOSED = """
parties: {{us: {{own: true, hipaa: provider}}, them: {{{}}}}}
purposes: {{p: {{hipaa_use: {}}}}}
data: {{x: {{categories: health, purposes: p}}, y: {{categories: []}}}}
services: {{a: {{party: them}}, s: }}
flows: [{{from: s, to: a, {}}}]
"""
SHARED = """
parties: {{us: {{own: true, gdpr: {}}}, them: {{{}}}}}
data: {{x: {{categories: {}}}}}
services: {{a: {{party: them}}, s: }}
flows: [{{from: s, to: a, sends: x}}]
"""
ELSEWHERE = (
    ("faces_people", "service", True, True, CALLED % "{human: true}"),
    ("faces_people", "service", True, None, CALLED % ""),
    ("faces_people", "service", True, False, CALLED % "{human: false}"),
    ("inspects_requests", "service", True, True, "services: {s: {kind: waf}}"),
    ("inspects_requests", "service", True, None, "services: {s: {kind: firewall}}"),
    ("filled_from_outside", "store", True, True, FILLED % ", sends: x"),
    ("filled_from_outside", "store", True, False, FILLED % ", returns: x"),
    ("filled_from_outside", "store", True, None, FILLED % ""),
    (
        "sends_secrets",
        "flow",
        True,
        True,
        (
            "data: {q: {categories: []}, k: {categories: keys}, b: {categories: [logs, keys]}}\n"
            "services: {s: , t: }\nflows: [{from: s, to: t, sends: [q, b]}]\n"
        ),
    ),
    (
        "sends_secrets",
        "flow",
        True,
        False,
        (
            "data: {q: {categories: []}, k: {categories: keys}, b: {categories: [logs, keys]}}\n"
            "services: {s: , t: }\nflows: [{from: s, to: t, sends: q}]\n"
        ),
    ),
    (
        "sends_secrets",
        "flow",
        True,
        None,
        (
            "data: {q: {categories: []}, k: {categories: keys}, b: {categories: [logs, keys]}}\n"
            "services: {s: , t: }\nflows: [{from: s, to: t, sends: [q, k]}]\n"
        ),
    ),
    *(
        ("partners.gdpr", "model", "joint-controller", expected, SHARED.format(ours, theirs, about))
        for ours, theirs, about, expected in (
            ("controller", "gdpr: joint-controller", "personal", True),
            ("controller", "gdpr: joint-controller", "[]", False),
            ("processor", "gdpr: joint-controller", "personal", False),
            ("controller", "gdpr: processor", "personal", False),
            ("controller", "", "personal", None),
        )
    ),
    *(
        ("minimum_necessary", "service", True, expected, DISCLOSED.format(role, use, sent))
        for role, use, sent, expected in (
            ("hipaa: none", "operations", "sends: x", True),
            ("hipaa: provider", "operations", "sends: x", True),
            ("hipaa: provider", "treatment", "sends: x", False),
            ("hipaa: health-plan", "treatment", "sends: x", True),
            ("", "treatment", "sends: x", None),  # to a provider?
            ("hipaa: none", "individual", "sends: x", False),
            ("hipaa: none", "authorization", "sends: x", False),
            ("hipaa: none", "required-by-law", "sends: x", False),
            ("hipaa: none", "operations", "sends: y", False),
            ("hipaa: none", "operations", "returns: x", False),  # from them to us
        )
    ),
    *(
        (name, "party", True, expected, CHAIN.format("", "work", flow))
        for name in ("direct.health", "direct.personal")
        for flow, expected in (
            ("{from: s, to: u, sends: x}", True),
            ("{from: s, to: u}", None),
            ("{from: t, to: u, sends: x}", False),
        )
    ),
    *(
        ("hipaa.associate", "party", True, expected, CHAIN.format(f"hipaa: {role}", use, FLOW_TO_A))
        for role, use, expected in (
            ("subcontractor", "work", True),
            ("none", "work", None),
            ("none", "law", False),
            ("provider", "work", False),
        )
    ),
    *(
        ("sister.hipaa", "party", "provider", expected, SISTERS.format("", f", sends: {sent}").replace(*to))
        for sent, to, expected in (
            ("x", ("gdpr: controller", "hipaa: provider"), True),
            ("x", ("gdpr: controller", "hipaa: none"), False),
            ("x", ("", ""), None),
        )
    ),
    (
        "same_host",
        "flow",
        True,
        True,
        "hosts: {h: }\nservices: {a: {host: h}, b: {host: h}}\nflows: [{from: a, to: b}]",
    ),
    (
        "transport.client_authenticated",
        "flow",
        True,
        False,
        "services: {a: , b: }\nflows: [{from: a, to: b, protocol: tftp}]",
    ),
    ("managed", "store", True, False, "stores: {a: {technology: sqlite}}"),
    ("identity.shared", "service", True, False, "services: {a: {identity: x}, b: {identity: y}}"),
    ("leaves_system", "data", True, False, "data: {x: }\nservices: {a: }"),
    (
        "leaves_system",
        "data",
        True,
        None,
        "parties: {p: }\ndata: {x: }\nservices: {a: , b: {party: p}}\nflows: [{from: a, to: b}]",
    ),
    (
        "receives_data",
        "party",
        True,
        None,
        "parties: {p: }\nservices: {a: , b: {party: p}}\nflows: [{from: a, to: b}]",
    ),
    (
        "data.confidentiality",
        "purpose",
        "internal",
        False,
        "purposes: {p: }\ndata: {x: {purposes: p, confidentiality: public}}",
    ),
    ("own.gdpr", "model", "controller", False, "parties: {us: {own: true, gdpr: none}}"),
    ("own.gdpr", "model", "controller", None, "parties: {us: {own: true}}"),
    *(
        ("sister.gdpr", "party", "controller", expected, SISTERS.format("", flow))
        for expected, flow in ((True, ", sends: x"), (False, ", sends: []"), (None, ""))
    ),
    *(
        ("sister.agreements", "party", "scc", expected, SISTERS.format(agreements, ", sends: x"))
        for expected, agreements in (
            (True, "agreements: {type: scc, with: b}"),
            (False, "agreements: []"),
            (None, ""),
        )
    ),
    ("own.hipaa", "model", "provider", True, "parties: {us: {own: true, hipaa: provider}}"),
    (
        "own.hipaa",
        "model",
        "provider",
        None,
        "parties: {us: {own: true, hipaa: health-plan}, we: {own: true}}",
    ),
    ("has_flows", "model", True, False, "services: {a: }"),
    ("rights", "model", "access", None, "services: {a: }"),
    (
        "reachable_from_untrusted",
        "service",
        True,
        None,
        "actors: {u: }\nservices: {a: }\nstores: {d: }\nflows: [{from: [u, a], to: d}]",
    ),
    (
        "reachable_from_outside",
        "service",
        True,
        None,
        "services: {a: }\nparties: {p: }\nstores: {d: , x: {party: p}}\nflows: [{from: [x, a], to: d}]",
    ),
    (
        "exposure_hops",
        "service",
        1,
        None,
        "actors: {u: }\nservices: {a: }\nstores: {d: }\nflows: [{from: [u, a], to: d}]",
    ),
    ("holds_data", "store", True, None, "stores: {d: }"),
    (
        "faces_outside",
        "service",
        True,
        None,
        "actors: {u: }\nservices: {a: , z: }\nflows: [{from: u, to: z}, {from: z, to: a}]",
    ),
    ("entry_points", "model", 1, False, "services: {a: }"),
    ("single_authorization", "model", True, True, "services: {a: {kind: identity-provider}}"),
    (
        "single_authorization",
        "model",
        True,
        False,
        "services: {a: {kind: identity-provider}, b: {kind: domain-controller}}",
    ),
    ("single_authorization", "model", True, None, "services: {a: }"),
    ("single_authentication", "model", True, True, "services: {a: {kind: identity-provider}}"),
    (
        "single_authentication",
        "model",
        True,
        False,
        "services: {a: {kind: identity-provider}, b: {kind: domain-controller}}",
    ),
    ("single_authentication", "model", True, None, "services: {a: }"),
    ("single_log_store", "model", True, True, "stores: {a: {kind: log-store}}"),
    ("single_log_store", "model", True, False, "stores: {a: {kind: log-store}, b: {kind: siem}}"),
    ("single_log_store", "model", True, None, "stores: {a: {kind: log-store}, b: }"),
    ("single_registry", "model", True, True, "services: {a: {kind: service-registry}}"),
    (
        "single_registry",
        "model",
        True,
        False,
        "services: {a: {kind: service-registry}, b: {kind: service-registry}}",
    ),
    ("single_registry", "model", True, None, "services: {a: }"),
    ("single_secret_store", "model", True, True, "stores: {a: {kind: secret-store}}"),
    (
        "single_secret_store",
        "model",
        True,
        False,
        "stores: {a: {kind: secret-store}, b: {kind: secret-store}}",
    ),
    ("single_secret_store", "model", True, None, "stores: {a: }"),
    ("has_broker", "model", True, True, "stores: {a: {kind: queue}}"),
    ("has_broker", "model", True, None, "stores: {a: {kind: cache}}"),
    ("has_dashboard", "model", True, True, "services: {a: {kind: observability-platform}}"),
    ("has_dashboard", "model", True, None, "services: {a: {kind: api}}"),
    (
        "at_dashboard",
        "service",
        True,
        False,
        "services: {a: {kind: api}, b: {kind: api}}\nflows: [{from: a, to: b}]",
    ),
    ("at_dashboard", "service", True, None, "services: {a: {kind: api}, b: }\nflows: [{from: a, to: b}]"),
    ("given_to_several", "data", True, False, "data: {x: }\nservices: {a: {kind: api, holds: x}}"),
    ("external", "host", True, True, "parties: {p: }\nhosts: {h: {party: p}}"),
    ("trust", "host", "trusted", False, "parties: {p: }\nhosts: {h: {party: p}}"),
    (
        "beyond_needs",
        "actor",
        True,
        True,
        "data: {x: }\nactors: {a: {needs: []}}\nservices: {s: }\nflows: [{from: s, to: a, sends: x}]",
    ),
    ("contacts", "model", "dpo", None, "parties: {us: {own: true}}"),
)
"""The first subject of a model of its own, where the world has none."""

_DRAWN = "closed: it is as drawn"
_SHOWN = "its absence shows nothing"
NEVER: dict[tuple[str, bool | None], str] = {
    **{
        (name, None): _DRAWN
        for name in (
            "crosses_boundary crosses_trust from_untrusted flow.kind source.trust source.element "
            "source.external source.employed same_host target.trust target.element target.external "
            "workforce trust external on_provider exposed called called_from_outside entered_from_untrusted "
            "has_elements derived transform own has_flows handles_data "
            "epsilon.released calls_out holds_elements boundary_kinds entry_point entry_points"
        ).split()
    },
    **{
        (name, False): _SHOWN
        for name in (
            "hosted identity.declared stored rights contacts vendor_run telemetry.to backed_up "
            "epsilon.declared has_broker has_dashboard at_dead_letters stands_apart "
            "apart_from_writers inspects_requests"
        ).split()
    },
    ("tls_passthrough", None): "absent is false",
    ("keeps_logs", None): "absent is false",
}


@cache
def world() -> Review:
    return parse(parse_yaml(WORLD, "world.yaml"), LIBRARY, DAY, fragment=True)


def outcome(
    review: Review, name: str, kind: str, operator: str, operand: object, subject: str
) -> bool | None:
    found = fact(kind, name)
    assert found is not None
    i = review.graph.order[kind][subject]
    return truth(found.domain, operator, operand, found.value(review.graph, review.graph.every(kind)[i]))


CASES = [
    (r, subject, expected)
    for r in TABLE
    for subject, expected in ((r.true, True), (r.false, False), (r.unknown, None))
    if subject
]


@pytest.mark.parametrize(
    ("asked", "subject", "expected"), CASES, ids=[f"{r.fact}-{r.kind}-{s}-{e}" for r, s, e in CASES]
)
def test_a_fact_holds_for_the_subject_or_not_or_nobody_knows(
    asked: Row, subject: str, expected: bool | None
) -> None:
    assert outcome(world(), asked.fact, asked.kind, asked.operator, asked.operand, subject) is expected


@pytest.mark.parametrize(("name", "kind", "wanted", "expected", "text"), ELSEWHERE)
def test_a_fact_holds_in_a_world_of_its_own(
    name: str, kind: str, wanted: str | bool | int, expected: bool | None, text: str
) -> None:
    review = parse(parse_yaml(text, "m.yaml"), LIBRARY, DAY, fragment=True)
    asked = row(name, kind, wanted, "", "", "")
    subject = review.graph.subjects[kind][0]
    assert outcome(review, name, kind, asked.operator, asked.operand, subject) is expected


def test_every_fact_has_a_case_for_true_false_and_unknown() -> None:
    shown = {(r.fact, expected) for r, _, expected in CASES}
    shown |= {(name, expected) for name, _, _, expected, _ in ELSEWHERE}
    wanted = {(f.name, outcome) for f in ALL_FACTS for outcome in (True, False, None)}
    assert wanted - shown - set(NEVER) == set()
    assert shown & set(NEVER) == set()
    assert set(NEVER) <= wanted


@pytest.mark.parametrize("name", sorted({f.name for f in ALL_FACTS}))
def test_a_fact_answers_in_its_domain_for_each_kind_and_points_into_the_model(name: str) -> None:
    review = world()
    for found in (f for f in ALL_FACTS if f.name == name):
        for kind in found.subjects:
            column = found.column(review.graph, kind)
            assert len(column.codes) == len(review.graph.subjects[kind])
            for i, subject in enumerate(review.graph.subjects[kind]):
                value = found.value(review.graph, review.graph.every(kind)[i])
                assert column.table[column.codes[i]] == value, f"{kind} {subject}"
                match value:
                    case Known(word):
                        fits = word is None or found.domain.kind != "boolean" or isinstance(word, bool)
                    case Range():
                        fits = found.domain.kind == "ordered"
                    case Members():
                        fits = found.domain.kind == "set"
                    case Choice(options):
                        fits = found.domain.kind == "enum" and len(options) > 1
                    case _:
                        fits = True
                assert fits, f"{kind} {subject}: {value}"
                for path, key in found.places(review.graph, review.graph.every(kind)[i]):
                    assert review.model.span(path, key).file == "world.yaml"


@pytest.mark.parametrize(
    ("data", "personal"),
    [
        ("a: {categories: health}", True),
        ("a: {categories: belief}", True),
        ("a: {categories: sexual-orientation}", True),
        ("a: {categories: location}", True),
        ("a: {categories: [logs, financial]}", False),
        ("b: {categories: health}, a: {derived_from: b, transform: aggregation, categories: health}", False),
        ("b: {categories: health}, a: {derived_from: b, transform: aggregation}", True),
    ],
)
def test_what_is_about_people_is_personal_whether_it_says_so_or_not(data: str, personal: bool) -> None:
    review = parse(parse_yaml(f"data: {{{data}}}", "m.yaml"), LIBRARY, DAY, fragment=True)
    found = review.graph.assets["a"].categories
    assert ("personal" in found.certain) is personal
    assert found.certain == found.possible
