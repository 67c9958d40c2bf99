"""The closed word lists of the model language, and foreign words accepted as aliases of their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

CONFIDENTIALITY: Final = ("public", "internal", "confidential", "restricted")
LEVELS: Final = ("low", "moderate", "high", "critical")
TRUST: Final = ("untrusted", "third-party", "trusted")
STATUSES: Final = ("implemented", "partial", "planned", "absent", "alternative", "not-applicable")
SEVERITIES: Final = ("low", "medium", "high", "critical")
ENVIRONMENTS: Final = ("production", "staging", "test", "development")
TENANCY: Final = ("single", "shared")
FLOW_KINDS: Final = ("business", "administration", "telemetry", "backup", "deployment")
GDPR_ROLES: Final = ("controller", "joint-controller", "processor", "none")
HIPAA_ROLES: Final = (
    "provider",
    "health-plan",
    "group-health-plan",
    "clearinghouse",
    "clearinghouse-in-larger-organization",
    "business-associate",
    "subcontractor",
    "none",
)
AGREEMENTS: Final = (
    "dpa",
    "baa",
    "dua",
    "joint-controller",
    "scc",
    "bcr",
    "adequacy",
    "code-of-conduct",
    "certification",
    "derogation",
    "other",
)
LEGAL_BASES: Final = (
    "consent",
    "contract",
    "legal-obligation",
    "vital-interests",
    "public-task",
    "legitimate-interests",
)
CONDITIONS: Final = (
    "explicit-consent",
    "employment",
    "vital-interests",
    "not-for-profit",
    "made-public",
    "legal-claims",
    "substantial-public-interest",
    "health-care",
    "public-health",
    "research",
)
HIPAA_USES: Final = (
    "treatment",
    "payment",
    "operations",
    "authorization",
    "individual",
    "public-interest",
    "required-by-law",
    "limited-data-set",
)
SPECIAL_CATEGORIES: Final = (
    "health",
    "genetic",
    "biometric",
    "ethnic-origin",
    "political-opinion",
    "belief",
    "union-membership",
    "sex-life",
)
"""The special categories of Article 9(1) of the GDPR."""
_ABOUT_PEOPLE: Final = (
    "personal",
    *SPECIAL_CATEGORIES,
    "criminal",
    "children",
    "contact",
    "location",
    "behaviour",
)
CATEGORIES: Final = (
    *_ABOUT_PEOPLE,
    "payment-card",
    "financial",
    "credentials",
    "keys",
    "communication",
    "device",
    "telemetry",
    "logs",
    "intellectual-property",
)
PERSONAL_CATEGORIES: Final = frozenset(_ABOUT_PEOPLE)
"""Categories of data about people: what is of one of them is `personal`, whether it says so or not."""
TRANSFORMS: Final = (
    "selection",
    "combination",
    "redaction",
    "pseudonymisation",
    "tokenisation",
    "encryption",
    "aggregation",
    "anonymisation",
    "differential-privacy",
)
IMPERSONAL_TRANSFORMS: Final = ("aggregation", "anonymisation", "differential-privacy")
RIGHTS: Final = (
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "withdrawal",
    "emergency-access",
)
STRIDE: Final = (
    "spoofing",
    "tampering",
    "repudiation",
    "information-disclosure",
    "denial-of-service",
    "elevation-of-privilege",
)
LINDDUN: Final = (
    "linking",
    "identifying",
    "non-repudiation",
    "detecting",
    "data-disclosure",
    "unawareness",
    "non-compliance",
)
THREAT_CATEGORIES: Final = (*STRIDE, *LINDDUN)
DECISIONS: Final = (
    "implemented",
    "alternative",
    "not-reasonable-and-appropriate",
    "not-applicable",
    "attested",
    "inherited",
)

CONFIDENTIALITY_ALIASES: Final[Mapping[str, str]] = {"strictly-confidential": "restricted"}
LEVEL_ALIASES: Final[Mapping[str, str]] = {
    "medium": "moderate",
    "archive": "low",
    "operational": "moderate",
    "important": "high",
    "mission-critical": "critical",
}
LEGAL_BASIS_ALIASES: Final[Mapping[str, str]] = {
    **{f"art-6-1-{letter}": basis for letter, basis in zip("abcdef", LEGAL_BASES, strict=True)},
    "Consent": "consent",
    "Contract": "contract",
    "Legal obligations": "legal-obligation",
    "Vital interests": "vital-interests",
    "Public interest": "public-task",
    "Legitimate interests": "legitimate-interests",
}
CONDITION_ALIASES: Final[Mapping[str, str]] = {
    **{f"art-9-2-{letter}": word for letter, word in zip("abcdefghij", CONDITIONS, strict=True)},
    "Explicit consent": "explicit-consent",
    "Consent": "explicit-consent",
    "Employment, social security and social protection": "employment",
    "Vital interests": "vital-interests",
    "Not-for-profit bodies": "not-for-profit",
    "Public by data subject": "made-public",
    "Legal claims": "legal-claims",
    "Legal claims or judicial acts": "legal-claims",
    "Substantial public interest": "substantial-public-interest",
    "Reasons of substantial public interest (with a basis in law)": "substantial-public-interest",
    "Medical": "health-care",
    "Health or social care (with a basis in law)": "health-care",
    "Public health (with a basis in law)": "public-health",
    "Archiving, research, and statistics (with a basis in law)": "research",
}
CATEGORY_ALIASES: Final[Mapping[str, str]] = {
    # CycloneDX
    "PII": "personal",
    "pii": "personal",
    "personally-identifiable-information": "personal",
    "PIFI": "financial",
    "intellectualProperty": "intellectual-property",
    "paymentCard": "payment-card",
    # Fides
    "user": "personal",
    "user.health_and_medical": "health",
    "user.health_and_medical.genetic": "genetic",
    "user.genetic": "genetic",
    "user.biometric": "biometric",
    "user.authorization.biometric": "biometric",
    "user.race": "ethnic-origin",
    "user.demographic.race_ethnicity": "ethnic-origin",
    "user.political_opinion": "political-opinion",
    "user.demographic.political_opinion": "political-opinion",
    "user.religious_belief": "belief",
    "user.demographic.religious_belief": "belief",
    "user.sexual_orientation": "sex-life",
    "user.demographic.sexual_orientation": "sex-life",
    "user.criminal_history": "criminal",
    "user.childrens": "children",
    "user.contact": "contact",
    "user.location": "location",
    "user.behavior": "behaviour",
    "user.payment": "payment-card",
    "user.financial": "financial",
    "user.authorizing": "credentials",
    "user.credentials": "credentials",
    "user.content.private": "communication",
    "user.device": "device",
    "user.telemetry": "telemetry",
    "system.operations": "telemetry",
    # the words of Article 9(1) of the GDPR
    "racial-or-ethnic-origin": "ethnic-origin",
    "political-opinions": "political-opinion",
    "religious-or-philosophical-beliefs": "belief",
    "trade-union-membership": "union-membership",
    "sexual-orientation": "sex-life",
    # American spelling
    "behavior": "behaviour",
}
TRANSFORM_ALIASES: Final[Mapping[str, str]] = {
    "pseudonymization": "pseudonymisation",
    "tokenization": "tokenisation",
    "anonymization": "anonymisation",
}
GDPR_ALIASES: Final[Mapping[str, str]] = {
    "Controller": "controller",
    "Joint Controller": "joint-controller",
    "Processor": "processor",
    "Sub-Processor": "processor",
}

# ISO 3166-1 alpha-2, officially assigned codes.
COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
    YT ZA ZM ZW
    """.split()
)

FOREIGN_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("assets", "data_assets", "payload"), "data"),
    **dict.fromkeys(("classification", "sensitivity"), "confidentiality"),
    **dict.fromkeys(("components", "nodes", "processes", "applications"), "services"),
    **dict.fromkeys(("connections", "dataflows", "data_flows", "edges", "links"), "flows"),
    **dict.fromkeys(("databases", "datastores", "data_stores", "repositories"), "stores"),
    **dict.fromkeys(("destination", "dst", "receiver", "target"), "to"),
    **dict.fromkeys(("expires", "expiry", "valid_until"), "until"),
    **dict.fromkeys(("external_entities", "users", "clients", "people"), "actors"),
    **dict.fromkeys(("imports", "includes"), "include"),
    **dict.fromkeys(("label", "display_name"), "title"),
    **dict.fromkeys(("lawful_basis", "legalbasis"), "legal_basis"),
    **dict.fromkeys(("mitigations", "safeguards", "measures"), "controls"),
    **dict.fromkeys(("operator", "vendor", "organisation", "organization"), "party"),
    **dict.fromkeys(("organisations", "organizations", "vendors", "third_parties"), "parties"),
    **dict.fromkeys(("runtime", "runs_on"), "host"),
    **dict.fromkeys(("sender", "source", "src"), "from"),
    **dict.fromkeys(("stored", "stores"), "holds"),
    **dict.fromkeys(("tech", "product"), "technology"),
    **dict.fromkeys(("trust_boundaries", "trust_zones", "zones"), "boundaries"),
    **dict.fromkeys(("trust_boundary", "trust_zone", "zone"), "boundary"),
    **dict.fromkeys(("use_cases", "sequences"), "scenarios"),
}
"""Keys of other tools, each with ours: only ever suggested, never accepted."""


def gravity(severity: str) -> int:
    """A severity as a number: the graver, the greater."""
    return SEVERITIES.index(severity)


def gravest(severities: Iterable[str]) -> str:
    """The worst of some severities, of which there is one at least."""
    return max(severities, key=gravity)


def ours_for(key: str) -> str | None:
    """Our key for one of another tool, None for any other word."""
    return FOREIGN_KEYS.get(key.lower().replace("-", "_"))
