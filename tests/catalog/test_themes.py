"""What the catalog promises to cover: each theme is carried by a control, each overlay by its tag."""

from __future__ import annotations

import pytest

from threatmodel.api import Library
from threatmodel.catalog import TAGS, leaves
from threatmodel.catalog.conditions import Leaf

CONTROLS = Library().catalog.controls
THEMES = {
    "security context and isolation of services": "isolate-runtime harden-runtime isolate-vaults",
    "dependency management and patching": "patch scan-builds",
    "input validation and sanitisation": "validate-input",
    "output encoding": "encode-output",
    "runtime monitoring and operational metrics": "monitor show-on-dashboard",
    "alerting": "alert",
    "logging": "log-events write-logs",
    "audits and non-repudiation": "audit-log immutable-storage sign-messages",
    "API-layer authentication": "authenticate-caller authenticate-at-entry",
    "database configuration and access control": "harden-database authorize",
    "confidentiality at rest": "encrypt-at-rest",
    "confidentiality in transit, transport and application layer": "encrypt-in-transit encrypt-payload",
    "integrity": "sign-messages sign-artifacts reject-replays",
    "availability": "redundancy rate-limit handle-failure",
    "per-service identity and access management": "service-identity least-privilege",
    "credential reuse": "separate-credentials",
    "network segmentation": "deny-by-default segment-data",
    "isolation of environments": "separate-environments",
    "container scanning, hardening and isolation": "scan-builds admit-workloads pin-images isolate-runtime",
    "perimeter protection": "controlled-entry-point web-application-firewall restrict-egress",
    "reliance on a single perimeter, and zero trust": "authenticate-every-path authenticate-service",
    "authentication with OAuth, OpenID Connect, certificates and tokens": "authenticate-caller",
    "multi-factor authentication": "mfa",
    "authorization by roles, lists and least privilege": "authorize least-privilege",
    "channels that cannot use HTTPS": "encrypt-payload no-obsolete-protocols",
    "internal and external communication": "encrypt-internal-calls encrypt-external-calls handle-failure",
    "key management services": "manage-keys",
    "secrets": "store-secrets rotate-secrets",
    "audit logs of data access": "audit-log",
    "logs that must not leak": "no-sensitive-logs",
    "differential privacy": "bound-privacy-loss",
    "pseudonymisation": "pseudonymise separate-pseudonyms",
    "minimisation": "minimise-data",
    "supply chain": "sign-artifacts pin-images limit-scripts review-changes",
    "lateral movement": "deny-by-default service-identity",
    "backup and recovery": "backup restore-test",
    "what AI does with our data and in our name": "approve-action no-training-on-data limit-agent",
}
MECHANISMS = {
    "encrypt-at-rest": ("base64", "des", "rc4", "rot13", "ecb"),
    "encrypt-in-transit": ("base64", "ssl", "tls 1.0", "rc4", "permissive"),
    "encrypt-payload": ("base64", "des", "md5"),
    "authenticate-service": ("permissive", "network location", "shared secret"),
    "authenticate-caller": ("permissive", "ip allowlist", "network location", "default password"),
    "mfa": ("password only", "security question"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_is_carried_by_controls(theme: str) -> None:
    assert set(THEMES[theme].split()) <= set(CONTROLS)


@pytest.mark.parametrize("name", MECHANISMS)
def test_what_protects_nothing_counts_as_none(name: str) -> None:
    assert {tuple(text.split()) for text in MECHANISMS[name]} <= set(CONTROLS[name].weak)


@pytest.mark.parametrize("tag", TAGS)
def test_an_overlay_has_controls(tag: str) -> None:
    assert any(tag in control.tags for control in CONTROLS.values())


TRIGGERS = {
    "ai": {"ai-model", "ai-agent", "training-pipeline", "retrieval", "artifact-store"},
    "cloud": {"cloud-account"},
    "microservices": {"microservices"},
    "serverless": {"serverless"},
    "tenancy": {"tenant"},
}


@pytest.mark.parametrize("tag", TRIGGERS)
def test_an_overlay_is_on_only_where_its_kinds_are(tag: str) -> None:
    for control in CONTROLS.values():
        if tag in control.tags:
            words = {word for leaf in leaves(control.when) if isinstance(leaf, Leaf) for word in _words(leaf)}
            assert words & TRIGGERS[tag], control.id


def _words(leaf: Leaf) -> frozenset[str]:
    return leaf.operand if isinstance(leaf.operand, frozenset) else frozenset({str(leaf.operand)})
