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
            "Files merged section by section; a key in two files is an error; must lie under the project root.",
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
            "Who is told: privacy, dpo, security, incident.",
            {"dpo": "dpo@shop.example"},
        ),
    ),
)
CONTACTS: Final = Group(
    "parties.*.contacts",
    (
        Key("privacy", "text", "unknown", "Art. 30(1)(a) contact.", "privacy@shop.example"),
        Key("dpo", "text", "unknown", "Art. 37 data protection officer.", "dpo@shop.example"),
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
        _several(
            "purposes", "purposes", "unknown; derived: union", "What the data may be used for.", "sale"
        ),
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
            "the parent's; else the kind's (internet, client-device: untrusted); else another party's ground: "
            "third-party; else trusted, listed as an assumption",
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
            "region", "word", "the parent's, else unknown", "Cloud region or ISO 3166 country.", "eu-central-1"
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
        _one("boundary", "boundaries", "the system's own", "Where it stands.", "cluster"),
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
