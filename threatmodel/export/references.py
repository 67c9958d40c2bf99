"""The references of controls by the catalogs that define them: CWE, CAPEC, ATT&CK, D3FEND and others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple


class Taxonomy(NamedTuple):
    """A public catalog of weaknesses, attacks or safeguards, and how its ids look; `url` holds `{}`."""

    name: str
    organization: str
    title: str
    pattern: str
    url: str


TAXONOMIES: Final = (
    Taxonomy(
        "CWE",
        "MITRE",
        "Common Weakness Enumeration",
        r"CWE-(\d+)",
        "https://cwe.mitre.org/data/definitions/{}.html",
    ),
    Taxonomy(
        "CAPEC",
        "MITRE",
        "Common Attack Pattern Enumeration and Classification",
        r"CAPEC-(\d+)",
        "https://capec.mitre.org/data/definitions/{}.html",
    ),
    Taxonomy(
        "ATT&CK",
        "MITRE",
        "Adversarial tactics and techniques",
        r"(T\d{4}(?:\.\d{3})?)",
        "https://attack.mitre.org/techniques/{}/",
    ),
    Taxonomy("D3FEND", "MITRE", "Countermeasures", r"(D3-[A-Z0-9]+)", "https://d3fend.mitre.org/"),
    Taxonomy(
        "NIST SP 800-53",
        "NIST",
        "Security and privacy controls",
        r"([A-Z]{2}-\d+(?:\(\d+\))*)",
        "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    ),
    Taxonomy(
        "OWASP LLM",
        "OWASP",
        "Top ten risks of large language models",
        r"LLM(\d{2}):\d{4}",
        "https://genai.owasp.org/llm-top-10/",
    ),
)


def taxonomy(reference: str) -> Taxonomy | None:
    """The catalog that defines a reference, None for one that none of them does."""
    return next((t for t in TAXONOMIES if re.fullmatch(t.pattern, reference)), None)


def link(reference: str) -> str | None:
    """Where a reference is explained, None when that is not known."""
    found = taxonomy(reference)
    if found is None:
        return None
    match = re.fullmatch(found.pattern, reference)
    return found.url.format(match[1].replace(".", "/")) if match else None


def weakness(references: Iterable[str]) -> int | None:
    """The number of the first CWE among references."""
    matches = (re.fullmatch(TAXONOMIES[0].pattern, r) for r in references)
    return next((int(m[1]) for m in matches if m), None)
