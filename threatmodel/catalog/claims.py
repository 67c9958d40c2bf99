"""What no framework may say: mappings that public lists get wrong, laws misquoted, claims nothing shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Control
from threatmodel.catalog.frameworks import Framework, Requirement
from threatmodel.errors import Diagnostic
from threatmodel.model import Path

_LAW: Final = r"(?:gdpr|dsgvo|hipaa|the (?:security|privacy) rule|the law|the regulation|article 32|art\. 32)"
_MEASURE: Final = r"(?:\w+[ -]){0,3}(?:encryption|mfa|multi-factor|2fa|segmentation|pseudonymi[sz]ation)"
CLAIMS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\bcompliant\b", re.I), "no design shows that somebody complies"),
    (re.compile(r"\bcertified\b", re.I), "no design is a certificate"),
    (
        re.compile(r"\bpassed\b(?! (?:on|to|through|by|along|over)\b)", re.I),
        "a requirement is no test that is passed",
    ),
    (
        re.compile(r"\d\s?(?:%|per ?cent)[^.;|]{0,40}\b(?:complian|requirements|controls)", re.I),
        "a share of requirements is no measure of anything",
    ),
    (
        re.compile(r"\b(?:compliance|conformity)\s(?:score|level|rate|percentage)\b", re.I),
        "there is no score of compliance",
    ),
    (
        re.compile(rf"\b{_LAW}\W+(?:requires?|mandates?|demands?|prescribes?)\W+{_MEASURE}\b", re.I),
        "the law asks for appropriate measures, and names this one as an example or not at all",
    ),
    (
        re.compile(
            rf"\b{_MEASURE}(?: \w+){{0,2}} (?:is|are) (?:required|mandat\w+) (?:by|under) {_LAW}", re.I
        ),
        "the law asks for appropriate measures, and names this one as an example or not at all",
    ),
    (
        re.compile(r"\bpseudonymi[sz]ed (?:data )?(?:is|are) (?:not|no longer) personal\b", re.I),
        "pseudonymised data are personal data (GDPR, Article 4(5) and recital 26)",
    ),
)
"""Claims that no template, framework or output may make, each with why."""


class _Pair(NamedTuple):
    """A mapping that is wrong: the numbers of rows, which controls, and why."""

    rows: re.Pattern[str]
    controls: Callable[[Control], bool]
    why: str


def claims(text: str) -> Iterator[tuple[str, str]]:
    """The claims in a text that nothing shows, each with why; a broken line counts as a blank."""
    flat = " ".join(text.split())
    for pattern, why in CLAIMS:
        for found in pattern.finditer(flat):
            yield found[0], why


def framework_claims(
    framework: Framework, controls: Mapping[str, Control], official: Sequence[Framework]
) -> Iterator[Diagnostic]:
    """Errors of one framework against the known mistakes; `official` are the laws as shipped.

    Rows are held to the official ones where the numbers are those of 45 CFR 164, or where the source names
    the same regulation: another law may number its articles alike.
    """
    laws = [law for law in official if _same(law, framework)]
    known = {row.id: row for law in laws for row in law.requirements}
    security_rule = {r.id for law in official for r in law.requirements if _SECURITY.match(r.id)}
    for row in framework.requirements:
        yield from _mappings(framework, row, controls)
        yield from _claims(framework, row)
        if row.id in known:
            yield from _misquoted(framework, row, known[row.id])
        elif _SECURITY.match(row.id) and security_rule and row.id not in security_rule:
            message = f"the Security Rule has no `{row.id}`"
            yield _error(framework, (*row.at, "id"), "misquoted-requirement", message)


def control_claims(control: Control) -> Iterator[Diagnostic]:
    """Errors where a text of a control claims what nothing shows; that of an override is told there."""
    for key in ("title", "question", "gap", "fix", "redundant", "rationale"):
        for text, why in claims(getattr(control, key)):
            message = f"`{text}` claims too much"
            if control.changes:
                yield Diagnostic("forbidden-claim", message, control.changes[-1].span, why)
            else:
                yield control.document.diagnostic("forbidden-claim", message, (key,), why)


_SECURITY: Final = re.compile(r"164\.3(?:08|10|12|14|16)\(")
_REGULATIONS: Final = (re.compile(r"45 CFR|\b164\."), re.compile(r"2016/679"))


def _same(law: Framework, framework: Framework) -> bool:
    """Whether two frameworks are of one law: by the sources that they name, or by numbers of 45 CFR 164."""
    rows = framework.requirements[0].id if framework.requirements else ""
    return any(r.search(law.source) and r.search(f"{framework.source} {rows}") for r in _REGULATIONS)


def _layer(*names: str) -> Callable[[Control], bool]:
    return lambda control: control.layer in names


def _id(*names: str) -> Callable[[Control], bool]:
    return lambda control: control.id in names


def _any(control: Control) -> bool:
    return True


_SEGMENTS: Final = "segmentation"
PAIRS: Final = (
    _Pair(
        re.compile(r"164\.308\(a\)\(4\)\(ii\)\(A\)"),
        _layer(
            _SEGMENTS, "channel", "data-at-rest", "recovery", "resilience", "audit", "logging", "monitoring"
        ),
        "it isolates a clearinghouse inside a larger organisation, and nothing else",
    ),
    _Pair(
        re.compile(r"164\.308\(a\)\(5\)\(ii\)\(A\)"),
        lambda c: c.layer != "governance",
        "security reminders speak to people: patching is no reminder, nor is anything that a system does",
    ),
    _Pair(
        re.compile(r"164\.316\(b\)\(2\)\(i\)"),
        lambda c: c.layer in ("logging", "audit", "monitoring", "recovery") or c.id == "limit-retention",
        "six years are for the documentation of policies and procedures, not for logs",
    ),
    _Pair(
        re.compile(r"164\.312\(a\)\(2\)\(iv\)"),
        _layer("channel"),
        "encryption in transit belongs to 164.312(e)(2)(ii)",
    ),
    _Pair(
        re.compile(r"164\.312\(e\)\(2\)\(ii\)"),
        _layer("data-at-rest"),
        "encryption at rest belongs to 164.312(a)(2)(iv)",
    ),
    _Pair(
        re.compile(r"164\.308\(b\)\(4\)"),
        _any,
        "the written contract has been 164.308(b)(3) since 2013",
    ),
    _Pair(re.compile(r"164\.312\(f\)"), _any, "164.312 ends with (e)"),
    _Pair(
        re.compile(r"164\.3\d\d.*"),
        lambda c: c.id == "mfa" or c.layer == _SEGMENTS,
        "the Security Rule in force asks for neither a second factor nor segmentation",
    ),
    _Pair(
        re.compile(r"164\.514\([abc]\).*"),
        _id("pseudonymise", "separate-pseudonyms"),
        "a code derived from the information is no de-identification (164.514(c)(1))",
    ),
    _Pair(
        re.compile(r"164\..*"),
        _id("transfer-mechanism", "data-processing-agreement"),
        "HIPAA has no rule on transfers to other countries, and knows no processors",
    ),
)
"""The mappings that public lists are known to get wrong."""


def _mappings(
    framework: Framework, row: Requirement, controls: Mapping[str, Control]
) -> Iterator[Diagnostic]:
    for name in row.controls:
        for pair in PAIRS:
            if name in controls and pair.rows.fullmatch(row.id) and pair.controls(controls[name]):
                message = f"`{name}` does not support `{row.id}`"
                yield _error(framework, (*row.at, "controls"), "forbidden-mapping", message, pair.why)


def _claims(framework: Framework, row: Requirement) -> Iterator[Diagnostic]:
    for key in ("evidence", "note"):  # a title is quoted, and what cannot be shown may be named
        for text, why in claims(getattr(row, key)):
            yield _error(framework, (*row.at, key), "forbidden-claim", f"`{text}` claims too much", why)


def _misquoted(framework: Framework, row: Requirement, law: Requirement) -> Iterator[Diagnostic]:
    for key in ("title", "designation"):
        said, official = getattr(row, key), getattr(law, key)
        if said.casefold() != official.casefold():
            message = f"the {key} of `{row.id}` is not `{said}`"
            yield _error(framework, (*row.at, key), "misquoted-requirement", message, f"it is `{official}`")


def _error(framework: Framework, at: Path, code: str, message: str, help: str = "") -> Diagnostic:
    return framework.document.diagnostic(code, message, at, help)
