"""The model language as one table: every key with its type, values, default, meaning and an example.

The loader reads by it, the JSON Schema and the reference pages are generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.model import words as w

KeyType = Literal[
    "agreement",
    "boolean",
    "contacts",
    "controls",
    "date",
    "duration",
    "enum",
    "epsilon",
    "evidence",
    "file",
    "flow",
    "flows",
    "integer",
    "jurisdiction",
    "kind",
    "name",
    "port",
    "delta",
    "protocol",
    "reference",
    "requirement",
    "result",
    "section",
    "subject",
    "technology",
    "text",
    "type",
    "types",
    "waiver",
    "word",
]
Example: TypeAlias = "str | int | float | bool | list[str] | dict[str, str] | list[dict[str, str]]"
Default: TypeAlias = "str | bool | tuple[()] | dict[str, str] | None"

REQUIRED: Final = "required"
ELEMENTS: Final = ("actors", "services", "stores")
SHARED_NAMES: Final = ("boundaries", "hosts", *ELEMENTS)


class Key(NamedTuple):
    """One key of the language.

    `many`: one value or a list of them. `values` are the words of an enumeration, `aliases` foreign words
    for them. `refers` are the sections whose ids are allowed. `absent` says what leaving it out means.
    """

    name: str
    type: KeyType
    absent: str
    meaning: str
    example: Example
    many: bool = False
    values: tuple[str, ...] = ()
    aliases: Mapping[str, str] = {}
    refers: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether leaving the key out is an error."""
        return self.absent == REQUIRED

    @property
    def default(self) -> Default:
        """The value of a key that is left out: None is unknown."""
        match self.type:
            case "controls":
                return {}
            case "evidence":
                return ()
            case "boolean" if self.absent == "false":
                return False
            case "enum" if self.absent in self.values:
                return self.absent
            case _:
                return None

    @property
    def kind_of_value(self) -> str:
        """The type in words, as the reference prints it."""
        match self.type:
            case "enum":
                noun = " | ".join(self.values)
            case "reference" | "type":
                noun = f"id of {'/'.join(self.refers) or 'types'}"
            case "controls":
                noun = "control id -> statement"
            case _:
                noun = TYPE_WORDS.get(self.type, self.type)
        return f"one or many {noun}" if self.many else noun


TYPE_WORDS: Final[Mapping[str, str]] = {
    "agreement": "mapping",
    "contacts": "mapping",
    "duration": "ISO 8601 duration or `indefinite`",
    "epsilon": "number above 0",
    "delta": "number from 0 to below 1",
    "evidence": "link or mapping",
    "file": "path",
    "flow": "flow id",
    "flows": "list of flows",
    "jurisdiction": "ISO 3166 code or `EU`",
    "kind": "word of the kinds catalog",
    "name": "word",
    "port": "integer from 1 to 65535",
    "protocol": "word of the protocols catalog",
    "requirement": "mapping",
    "result": "result key",
    "subject": "subject id",
    "technology": "word of the technologies catalog",
    "types": "mapping",
    "waiver": "mapping",
}


class Group(NamedTuple):
    """A table of the reference: keys that are described together; `title` is a phrase for messages."""

    heading: str
    keys: tuple[Key, ...]


class Entity(NamedTuple):
    """A mapping that a file may hold; `noun` names one of it in messages."""

    noun: str
    keys: Mapping[str, Key]


def _entity(noun: str, *groups: Group) -> Entity:
    return Entity(noun, {key.name: key for group in groups for key in group.keys})


def _enum(
    name: str,
    values: tuple[str, ...],
    absent: str,
    meaning: str,
    *,
    many: bool = False,
    aliases: Mapping[str, str] | None = None,
    example: str | None = None,
) -> Key:
    first = example or values[0]
    return Key(name, "enum", absent, meaning, first, many, values, aliases or {})


def _ref(name: str, sections: tuple[str, ...], absent: str, meaning: str, example: str, many: bool) -> Key:
    return Key(name, "reference", absent, meaning, example, many, refers=sections)


def _one(name: str, section: str, absent: str, meaning: str, example: str) -> Key:
    return _ref(name, (section,), absent, meaning, example, False)


def _several(name: str, section: str, absent: str, meaning: str, example: str) -> Key:
    return _ref(name, (section,), absent, meaning, example, True)


_TITLE = Key("title", "text", "the id", "Name for people; no other meaning.", "Order service")
_DESCRIPTION = Key(
    "description", "text", "none", "Plain text or CommonMark; never read by a control.", "Takes orders."
)
_CONTROLS = Key(
    "controls",
    "controls",
    "unknown",
    "What is claimed of controls here: control id -> statement.",
    {"encrypt-at-rest": "aes-256"},
)
_KIND = Key("kind", "kind", "unknown", "What it is: a word of the kinds catalog.", "relational-database")
_TECHNOLOGY = Key(
    "technology", "technology", "unknown", "Product or service; aliases are accepted.", "postgresql"
)
_HOST_KIND = _KIND._replace(
    meaning="virtual-machine, container-node, function-runtime, database-server, message-broker ...",
    example="database-server",
)
_JURISDICTION = Key(
    "jurisdiction",
    "jurisdiction",
    "unknown",
    "Law it is subject to: ISO 3166 code, or EU for the Union.",
    "DE",
    many=True,
)

ROOT: Final = Group(
    "root",
    (
        Key("threatmodel", "integer", REQUIRED, "Format version: 1.", 1),
        Key("name", "text", "required in the root file", "Name of the system.", "Web shop"),
        Key("description", "text", "none", "What the system is for.", "Sells books in Europe."),
        Key("owner", "text", "unknown", "Default owner.", "team-shop"),
        Key(
            "include",
            "file",
            "none",
            "Files merged section by section; a key in two files is an error; under the project root.",
            "shared/parties.yaml",
            many=True,
        ),
        Key("parties", "section", "one own party", "Organisations.", {}),
        Key("purposes", "section", "none", "Processing activities.", {}),
        Key("data", "section", "none", "Data assets.", {}),
        Key("boundaries", "section", "none", "Trust boundaries.", {}),
        Key("hosts", "section", "none", "Shared runtimes.", {}),
        Key("actors", "section", "none", "External entities.", {}),
        Key("services", "section", "none", "Processes.", {}),
        Key(
            "stores",
            "section",
            "none",
            "All that keeps data: databases, buckets, caches, queues, topics, logs, indexes, backups.",
            {},
        ),
        Key("flows", "flows", "none", "Data flows: a list.", []),
        Key("types", "types", "none", "Templates of services and stores.", {}),
        Key("baseline", "controls", "none", "Statements for everything that own parties operate.", {}),
        Key("scenarios", "section", "none", "Ordered flows.", {}),
        Key("threats", "section", "none", "Threats that people found, beside the derived ones.", {}),
    ),
)
COMMON: Final = Group(
    "every entity",
    (
        _TITLE,
        _DESCRIPTION,
        Key(
            "owner",
            "text",
            "the enclosing boundary's, else the model's",
            "Team or person that can answer questions about it.",
            "team-shop",
        ),
        _CONTROLS,
    ),
)
PARTIES: Final = Group(
    "parties.*",
    (
        Key(
            "own",
            "boolean",
            "false",
            "True for an organisation whose system this is. Without any, one unnamed own party is implied.",
            True,
        ),
        _JURISDICTION,
        _enum(
            "gdpr",
            w.GDPR_ROLES,
            "unknown; of all own parties: GDPR rows are not-modelled",
            "Role under the GDPR towards this system's data; `none` = declared not to apply. "
            "Establishment = jurisdiction.",
            aliases=w.GDPR_ALIASES,
        ),
        _enum(
            "hipaa",
            w.HIPAA_ROLES,
            "unknown; of all own parties: HIPAA rows are not-modelled",
            "Entity types; `none` = declared not to apply. Health data are PHI where such a party operates, "
            "hosts or receives them.",
            many=True,
            example="business-associate",
        ),
        Key(
            "agreements",
            "agreement",
            "unknown (`[]` = none)",
            "Contracts and transfer mechanisms with this party.",
            [{"type": "dpa", "date": "2026-01-10"}],
            many=True,
        ),
        Key(
            "contacts",
            "contacts",
            "unknown",
            "Who is told: privacy, dpo, representative, security, incident.",
            {"dpo": "dpo@shop.example"},
        ),
    ),
)
CONTACTS: Final = Group(
    "parties.*.contacts",
    (
        Key("privacy", "text", "unknown", "Art. 30(1)(a) contact.", "privacy@shop.example"),
        Key("dpo", "text", "unknown", "Art. 37 data protection officer.", "dpo@shop.example"),
        Key("representative", "text", "unknown", "Art. 27 representative in the Union.", "rep@law.example"),
        Key("security", "text", "unknown", "164.308(a)(2) security official.", "ciso@shop.example"),
        Key("incident", "text", "unknown", "Where alerts and breach notices go.", "#sec-oncall"),
    ),
)
AGREEMENT: Final = Group(
    "parties.*.agreements[]",
    (
        _enum("type", w.AGREEMENTS, REQUIRED, "Contract or transfer mechanism."),
        _one(
            "with",
            "parties",
            "the own party (required when there are several)",
            "Counterpart; a subcontractor's BAA names the business associate.",
            "shop",
        ),
        Key("date", "date", "unknown", "In force since.", "2026-01-10"),
        Key("until", "date", "no end", "Counted as absent after it (--as-of).", "2028-01-10"),
        Key("ref", "text", "none", "Document, decision or URL.", "legal/dpa.pdf"),
        Key("assessment", "text", "unknown", "Transfer impact assessment.", "legal/tia.pdf"),
    ),
)
PURPOSES: Final = Group(
    "purposes.*",
    (
        _enum(
            "legal_basis",
            w.LEGAL_BASES,
            "unknown",
            "Art. 6(1)(a)-(f). `art-6-1-b` and Fides' labels are aliases.",
            aliases=w.LEGAL_BASIS_ALIASES,
            example="contract",
        ),
        _enum(
            "condition",
            w.CONDITIONS,
            "unknown",
            "Art. 9(2)(a)-(j); asked only where special categories are used for it.",
            aliases=w.CONDITION_ALIASES,
            example="health-care",
        ),
        _enum(
            "hipaa_use",
            w.HIPAA_USES,
            "unknown",
            "Permitted use; decides accounting of disclosures (164.528).",
        ),
        Key("automated_decision", "boolean", "unknown", "Art. 22 and DPIA trigger.", False),
        Key("large_scale", "boolean", "unknown", "Art. 35(3), 37(1) trigger.", True),
    ),
)
DATA: Final = Group(
    "data.*",
    (
        _enum(
            "confidentiality",
            w.CONFIDENTIALITY,
            "unknown; derived: the highest of the sources",
            "Ordered. CycloneDX classification.",
            aliases=w.CONFIDENTIALITY_ALIASES,
            example="confidential",
        ),
        _enum(
            "integrity",
            w.LEVELS,
            "unknown; derived: highest",
            "Ordered.",
            aliases=w.LEVEL_ALIASES,
            example="high",
        ),
        _enum(
            "availability",
            w.LEVELS,
            "unknown; derived: highest",
            "Ordered.",
            aliases=w.LEVEL_ALIASES,
            example="high",
        ),
        _enum(
            "categories",
            w.CATEGORIES,
            "unknown (`[]` = none); derived: union",
            "What the data are; CycloneDX and Fides names are aliases.",
            many=True,
            aliases=w.CATEGORY_ALIASES,
        ),
        _several(
            "subjects",
            "actors",
            "unknown; derived: union",
            "Whom the data are about. An actor without flows is allowed.",
            "customer",
        ),
        _several("purposes", "purposes", "unknown; derived: union", "What the data may be used for.", "sale"),
        Key(
            "retention",
            "duration",
            "unknown; derived: longest",
            "How long at most: ISO 8601 duration, or `indefinite`.",
            "P10Y",
        ),
        _several(
            "derived_from",
            "data",
            "collected as such",
            "Sources of which this is a part or a transformed form.",
            "order",
        ),
        _enum(
            "transform",
            w.TRANSFORMS,
            "required with derived_from",
            "How. Only aggregation, anonymisation and differential-privacy may leave out `personal`; the "
            "others doing so is an error.",
            aliases=w.TRANSFORM_ALIASES,
        ),
        Key("epsilon", "epsilon", "unknown", "With differential-privacy: spent per release.", 0.5),
        Key("delta", "delta", "unknown", "With differential-privacy.", 0.00001),
        Key(
            "epsilon_budget",
            "epsilon",
            "unknown",
            "What all releases with differential privacy that are made of it may spend together.",
            3.0,
        ),
    ),
)
BOUNDARIES: Final = Group(
    "boundaries.*",
    (
        _one("parent", "boundaries", "outermost", "Enclosing boundary.", "cluster"),
        _KIND._replace(
            meaning="internet, client-device, office, data-center, cloud-account, network, "
            "kubernetes-cluster, kubernetes-namespace, service-mesh, partner ...",
            example="kubernetes-cluster",
        ),
        _enum(
            "trust",
            w.TRUST,
            "the parent's; else the kind's (internet, client-device, guest-network, home-office: untrusted; "
            "partner, saas: third-party); else another party's ground: third-party; else trusted, listed as "
            "an assumption",
            "Ordered.",
        ),
        _one("party", "parties", "the parent's, else ours", "Who operates what stands in it.", "shop"),
        _one(
            "provider",
            "parties",
            "the parent's, else none",
            "Whose machines it stands on: a recipient of the data there.",
            "aws",
        ),
        Key(
            "region",
            "word",
            "the parent's, else unknown",
            "Cloud region or ISO 3166 country.",
            "eu-central-1",
        ),
        _enum(
            "environment",
            w.ENVIRONMENTS,
            "the parent's, else unknown",
            "Isolation of environments; personal data in test.",
        ),
    ),
)
HOSTS: Final = Group(
    "hosts.*",
    (
        _one(
            "boundary",
            "boundaries",
            "its operator's ground; outside for a device of people",
            "Where it stands.",
            "cluster",
        ),
        _HOST_KIND,
        _TECHNOLOGY,
        _one("party", "parties", "the boundary's, else ours", "Who operates it.", "aws"),
        _enum("tenancy", w.TENANCY, "unknown", "Shared with other organisations?"),
    ),
)
_PLACED: Final = (
    _several(
        "needs",
        "data",
        "unknown",
        "All data it needs; what it is sent besides is a finding (minimum necessary).",
        "order",
    ),
    _several(
        "purposes",
        "purposes",
        "unknown",
        "What it works for; data reaching it must allow one of them.",
        "sale",
    ),
    Key(
        "out_of_scope",
        "text",
        "in scope",
        "Reason; nothing is asked of it, flows to in-scope elements still are.",
        "run by another team, assessed there",
    ),
)
ACTORS: Final = Group(
    "actors.*",
    (
        _one(
            "boundary",
            "boundaries",
            "outside every boundary (untrusted)",
            "Where it acts from.",
            "internet",
        ),
        _one("party", "parties", "none", "Its employer: own party = workforce.", "shop"),
        *_PLACED,
        Key("human", "boolean", "unknown", "A person or group of people.", True),
        _JURISDICTION._replace(meaning="Where data subjects are (Art. 3(2)).", example="EU"),
    ),
)
NODES: Final = Group(
    "services.* and stores.*",
    (
        _one(
            "boundary",
            "boundaries",
            "the host's; else outside (untrusted) for what is in people's hands by its kind; else ours:"
            " the system (trusted), another party's: its own ground (third-party)",
            "Innermost boundary it stands in.",
            "cluster",
        ),
        _one("party", "parties", "the boundary's, else ours", "Who operates it.", "stripe"),
        *_PLACED,
        _one(
            "host",
            "hosts",
            "unknown",
            "Runtime it shares with others: inheritance, shared fate, default boundary.",
            "lambda",
        ),
        Key("type", "type", "none", "Template in `types`.", "function"),
        _KIND,
        _TECHNOLOGY,
        Key(
            "identity",
            "word",
            "unknown",
            "Workload identity or service account it runs as; the same word on two elements = shared.",
            "order-role",
        ),
        _several("holds", "data", "unknown (`[]` = none; of a store: asked)", "Data at rest in it.", "order"),
        Key("retention", "duration", "the data's", "How long it keeps what it holds.", "P90D"),
        _enum("tenancy", w.TENANCY, "unknown", "Shared with other customers or organisations?"),
        _enum(
            "criticality",
            w.LEVELS,
            "unknown",
            "How much depends on it: 164.308(a)(7)(ii)(E).",
            aliases=w.LEVEL_ALIASES,
            example="high",
        ),
        Key("deployed_as", "text", "the id", "Names in manifests, for import and drift.", "cart", many=True),
    ),
)
SERVICES: Final = Group(
    "services.* only",
    (
        Key(
            "custom_code",
            "boolean",
            "unknown",
            "We write it: input handling, dependency and build controls.",
            True,
        ),
        Key(
            "tls_passthrough",
            "boolean",
            "false",
            "Forwards TLS without ending it; every other end of a TLS flow ends it.",
            True,
        ),
    ),
)
FLOWS: Final = Group(
    "flows[]",
    (
        _ref("from", ELEMENTS, REQUIRED, "Who opens the connection.", "web", True),
        _ref(
            "to",
            ELEMENTS,
            REQUIRED,
            "Who accepts it. Lists make one flow per pair, x->x left out.",
            "db",
            True,
        ),
        Key(
            "name", "name", "none", "Tells flows between the same ends apart: id `from->to:name`.", "webhook"
        ),
        _enum(
            "kind",
            w.FLOW_KINDS,
            "the protocol's (ssh: administration), else business",
            "Administration asks for its own way in; views hide telemetry; backup feeds recovery; deployment "
            "feeds supply chain.",
        ),
        Key(
            "protocol",
            "protocol",
            "unknown",
            "What it may use; the weakest decides.",
            "https",
            many=True,
        ),
        Key("port", "port", "the protocol's default", "Target port.", 5432, many=True),
        _several(
            "sends",
            "data",
            "unknown; nothing, once `returns` or `data` is stated",
            "Moves with the connection, from -> to.",
            "order",
        ),
        _several(
            "returns",
            "data",
            "unknown; nothing, once `sends` or `data` is stated",
            "Moves back, to -> from.",
            "product",
        ),
        _several(
            "data",
            "data",
            "unknown; nothing, once `sends` or `returns` is stated",
            "Moves both ways: added to `sends` and `returns`. `[]`: carries none of the declared data.",
            "cart",
        ),
        _TITLE,
        _DESCRIPTION,
        _CONTROLS,
    ),
)
STATEMENT: Final = Group(
    "controls.* (statement, long form)",
    (
        _enum(
            "status",
            w.STATUSES,
            "implemented",
            "Satisfied: implemented, alternative. Gap: partial, planned, absent. Out: not-applicable.",
        ),
        Key(
            "mechanism",
            "text",
            "unnamed",
            "How; compared with the control's weak mechanisms word by word.",
            "aes-256",
        ),
        _ref(
            "by",
            (*ELEMENTS, "hosts"),
            "unknown",
            "Element it rests on: key store, identity provider, firewall, mesh.",
            "kms",
            True,
        ),
        Key("evidence", "evidence", "none", "Link, or {link, date, until}.", "infra/main.tf", many=True),
        Key("reason", "text", "required for partial, alternative, not-applicable", "Why.", "vendor limit"),
        Key("owner", "text", "the element's", "Who carries it out.", "team-shop"),
        Key("due", "date", "unknown", "For planned and partial.", "2027-01-31"),
    ),
)
EVIDENCE: Final = Group(
    "evidence, long form",
    (
        Key("link", "text", REQUIRED, "Path or URL.", "runs/restore.md"),
        Key("date", "date", "unknown", "Made on.", "2026-09-02"),
        Key("until", "date", "no end", "Counts for nothing after it.", "2027-09-02"),
    ),
)
TYPES: Final = Group(
    "types",
    (
        Key("services", "section", "none", "Templates of services.", {}),
        Key("stores", "section", "none", "Templates of stores.", {}),
    ),
)
SCENARIOS: Final = Group(
    "scenarios.*",
    (
        _TITLE,
        _DESCRIPTION,
        Key(
            "steps",
            "flow",
            REQUIRED,
            "Flow ids in order; drawn as a sequence.",
            ["web->api", "api->db"],
            many=True,
        ),
        _enum(
            "rights",
            w.RIGHTS,
            "none",
            "Rights this procedure carries out, on the elements its steps touch.",
            many=True,
        ),
    ),
)
THREATS: Final = Group(
    "threats.*",
    (
        _TITLE,
        _DESCRIPTION,
        Key(
            "against",
            "subject",
            REQUIRED,
            "Ids of elements, flows, boundaries, `data:x`, `party:x`.",
            "web->api",
            many=True,
        ),
        _enum("category", w.THREAT_CATEGORIES, "unknown", "STRIDE or LINDDUN.", many=True),
        _enum("severity", w.SEVERITIES, "medium", "How grave it is."),
        Key(
            "answered_by",
            "result",
            "unknown (`[]` = nothing: a gap)",
            "Results that together answer it, `control@subject`: satisfied when all are, a gap when one is, "
            "else unknown.",
            "reject-replays@api",
            many=True,
        ),
    ),
)
DECISIONS: Final = Group(
    "decisions.yaml",
    (
        Key("threatmodel-decisions", "integer", REQUIRED, "Format version: 1.", 1),
        Key("waivers", "waiver", "none", "Findings to live with.", [], many=True),
        Key("requirements", "requirement", "none", "Decisions on requirements.", [], many=True),
    ),
)
WAIVERS: Final = Group(
    "waivers[]",
    (
        Key("finding", "text", REQUIRED, "Key or pattern with `*`: `control@subject`.", "mfa@support->*"),
        Key("reason", "text", REQUIRED, "Why it is acceptable.", "why it is acceptable until then"),
        Key("owner", "text", REQUIRED, "Who decided.", "ciso"),
        Key("until", "date", REQUIRED, "Counts for nothing after it.", "2027-03-31"),
        Key(
            "compensated_by",
            "result",
            "none",
            "Key of a result that must be satisfied.",
            "rate-limit@api",
        ),
    ),
)
REQUIREMENTS: Final = Group(
    "requirements[]",
    (
        Key("framework", "text", REQUIRED, "Id of the framework.", "hipaa"),
        Key("requirement", "text", REQUIRED, "Number or pattern in the framework.", "164.312(a)(2)(iii)"),
        _ref("scope", (*ELEMENTS, "boundaries"), "the model", "What it is decided for.", "web", True),
        _enum(
            "decision",
            w.DECISIONS,
            REQUIRED,
            "The first three: addressable specifications (164.306(d)(3)).",
        ),
        _one(
            "from",
            "parties",
            "required with inherited",
            "The party, not ours, whose declared responsibility it is.",
            "aws",
        ),
        Key("reason", "text", REQUIRED, "Why.", "why it was decided so"),
        Key("alternative", "text", "required with alternative", "The equivalent measure.", "idle lock"),
        Key(
            "evidence",
            "evidence",
            "none; required with inherited",
            "Link, or {link, date, until}.",
            "policy.pdf",
            many=True,
        ),
        Key("owner", "text", REQUIRED, "Who decided.", "privacy-office"),
        Key("date", "date", REQUIRED, "Decided on.", "2026-05-01"),
        Key("review", "date", "none", "Counts for nothing after it.", "2027-05-01"),
    ),
)

GROUPS: Final = (
    ROOT,
    COMMON,
    PARTIES,
    CONTACTS,
    AGREEMENT,
    PURPOSES,
    DATA,
    BOUNDARIES,
    HOSTS,
    ACTORS,
    NODES,
    SERVICES,
    FLOWS,
    STATEMENT,
    EVIDENCE,
    TYPES,
    SCENARIOS,
    THREATS,
    DECISIONS,
    WAIVERS,
    REQUIREMENTS,
)
"""Every table of the reference, in its order."""

ENTITIES: Final[Mapping[str, Entity]] = {
    "root": _entity("model", ROOT),
    "parties": _entity("party", COMMON, PARTIES),
    "purposes": _entity("purpose", COMMON, PURPOSES),
    "data": _entity("data asset", COMMON, DATA),
    "boundaries": _entity("boundary", COMMON, BOUNDARIES),
    "hosts": _entity("host", COMMON, HOSTS),
    "actors": _entity("actor", COMMON, ACTORS),
    "services": _entity("service", COMMON, NODES, SERVICES),
    "stores": _entity("store", COMMON, NODES),
    "flows": _entity("flow", FLOWS),
    "scenarios": _entity("scenario", SCENARIOS),
    "threats": _entity("threat", THREATS),
    "types": _entity("group of types", TYPES),
    "contacts": _entity("group of contacts", CONTACTS),
    "agreement": _entity("agreement", AGREEMENT),
    "statement": _entity("statement", STATEMENT),
    "evidence": _entity("piece of evidence", EVIDENCE),
    "decisions": _entity("decisions file", DECISIONS),
    "waiver": _entity("waiver", WAIVERS),
    "requirement": _entity("requirement decision", REQUIREMENTS),
}
"""Every mapping that a file may hold, by section or by the type of the key that holds it."""
