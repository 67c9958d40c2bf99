"""One control: a safeguard, whom it is asked of, when it is needed, and what shows that it holds."""

from __future__ import annotations

from typing import Any, NamedTuple

from threatmodel.catalog.conditions import ON_PATHS, Condition, parse_condition
from threatmodel.errors import Span
from threatmodel.model.words import SEVERITIES, THREAT_CATEGORIES
from threatmodel.source import Document
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    Field,
    kept,
    listed,
    many,
    mapping,
    optional,
    quote,
    read_fields,
    required,
    table,
    text,
    verbatim,
    word,
    wrong,
)

SUBJECTS = ("flow", "service", "store", "actor", "boundary", "host", "data", "party", "purpose", "model")
LAYERS = {
    "perimeter": "what stands between untrusted ground and the system",
    "segmentation": "how far a compromise can spread",
    "identity": "who is calling: authentication of people and services",
    "access": "what a caller may do: authorization",
    "channel": "encryption and authentication in transit",
    "data-at-rest": "protection of what is kept",
    "keys-and-secrets": "custody of keys, secrets and credentials",
    "application": "handling of input and output",
    "logging": "records of what happened, without sensitive data",
    "monitoring": "noticing that something goes wrong",
    "audit": "evidence that cannot be denied later",
    "resilience": "going on under load and failure",
    "recovery": "coming back after loss",
    "platform": "runtime, container, patch and supply chain",
    "privacy": "as little personal data, for as short, as possible",
    "third-party": "what others do with our data",
    "governance": "who decides and who is told",
}
TAGS = {
    "ai": "models, agents, their tools, prompts and retrieval stores",
    "clients": "browsers and mobile devices",
    "cloud": "accounts at a cloud provider",
    "delivery": "how software is built and deployed",
    "events": "queues, topics and brokers",
    "kubernetes": "containers, clusters and meshes",
    "microservices": "systems of microservices, inside a boundary of that kind",
    "serverless": "code that runs on demand",
    "tenancy": "several customers on one system",
}
COSTS = ("low", "medium", "high")
_FILLERS = frozenset("a an the and or with by plus only just alone".split())  # beside what a mechanism names


class CoveredBy(NamedTuple):
    """Where a statement also counts, besides the subject and its type.

    `upstream` counts what every path from untrusted ground passes.
    """

    ends: tuple[str, ...] = ()
    host: bool = False
    boundary: tuple[str, ...] = ()
    baseline: bool = False
    upstream: bool = False


class Change(NamedTuple):
    """What a catalog of a user changes in a control, and why; `key` is that of the override.

    A control that is `weaker` finds less than before.
    """

    control: str
    catalog: str
    key: str
    what: str
    weaker: bool
    reason: str
    span: Span


class Control(NamedTuple):
    """A control of the catalog; `weak` and `strong` are mechanisms as sequences of words, `alone` words that
    protect nothing where a mechanism names nothing else.

    `tags` name the overlays that it belongs to; a control without any is for every system. `changes` were
    made by catalogs of a user. A `disabled` one is asked of nothing, though other controls still read it.
    `cost` is what it takes to put in place, "" for what is usual in its layer. `redundant` says that one
    safeguard is enough for a flow, "" where a second one is depth.
    """

    id: str
    title: str
    layer: str
    subjects: tuple[str, ...]
    severity: str
    threats: tuple[str, ...]
    when: Condition | None
    expect: Condition | None
    covered_by: CoveredBy
    weak: tuple[tuple[str, ...], ...]
    strong: tuple[tuple[str, ...], ...]
    question: str
    gap: str
    fix: str
    references: tuple[str, ...]
    rationale: str
    examples: tuple[str, ...]
    tags: tuple[str, ...]
    document: Document
    changes: tuple[Change, ...] = ()
    disabled: Change | None = None
    cost: str = ""
    redundant: str = ""
    alone: frozenset[str] = frozenset()


def mechanism(problems: Problems, value: object, at: Path) -> tuple[str, ...] | None:
    """A reading of a mechanism as a sequence of words; one without any would be found in every statement."""
    if not isinstance(value, str):
        wrong(problems, "a text", value, at, quote(value))
        return None
    words = mechanism_words(value)
    if not words:
        problems.refuse("empty-value", "a mechanism needs a letter or a digit", at)
    return words or None


def parse_control(document: Document) -> Control:
    """The control of one file; raises InputError with everything that is wrong in it."""
    problems = Problems(document)
    raw = read_fields(problems, _CONTROL, document.root)
    subjects = raw.pop("subject")
    for key in ("when", "expect"):
        if raw[key] is not None:
            raw[key] = parse_condition(problems, raw[key], (key,), subjects, expect=key == "expect")
    mechanisms = {**raw.pop("mechanisms")}
    alone = frozenset(word for words in mechanisms.pop("alone") for word in words)
    raw["covered_by"] = _covered_by(problems, raw["covered_by"], subjects)
    if raw["redundant"] and subjects != ("flow",):
        problems.add("coverage-form", "`redundant` fits controls of flows only", ("redundant",))
    problems.finish()
    return Control(subjects=subjects, document=document, alone=alone, **mechanisms, **raw)


def shown_on_paths(control: Control) -> frozenset[str]:
    """The kinds of element, and "flow", that can show a control to whoever passes them: by its subjects,
    and by places where it can be stated."""
    shown = set(control.subjects) & (ON_PATHS | {"actor"})
    if control.covered_by.ends:
        shown |= {"service", "store", "actor"}
    return frozenset(shown)


def mechanism_words(mechanism: str) -> tuple[str, ...]:
    """A mechanism as the lower-case words that weak mechanisms are compared with."""
    return tuple("".join(c if c.isalnum() or c == "." else " " for c in mechanism.lower()).split())


def names_one(words: tuple[str, ...], listed: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    """The first listed mechanism that occurs in `words` as whole words, in order."""
    for wanted in listed:
        n = len(wanted)
        if any(words[i : i + n] == wanted for i in range(len(words) - n + 1)):
            return wanted
    return None


def is_weak(control: Control, words: tuple[str, ...]) -> bool:
    """Whether a mechanism names a weak one, or nothing but words that protect nothing by themselves."""
    named = set(words) - _FILLERS
    return bool(names_one(words, control.weak)) or bool(named and named <= control.alone)


def _covered_by(
    problems: Problems, entries: tuple[dict[str, Any], ...], subjects: tuple[str, ...]
) -> CoveredBy:
    for i, entry in enumerate(entries):
        if entry["ends"] and subjects != ("flow",):
            at = ("covered_by", i, "ends")
            problems.add("coverage-form", "`ends` fits controls of flows only", at)
        if entry["upstream"] and not set(subjects) <= ON_PATHS:
            message = "`upstream` fits controls of services, stores and flows only"
            problems.add("coverage-form", message, ("covered_by", i, "upstream"))
    return CoveredBy(
        tuple(end for entry in entries for end in entry["ends"]),
        any(entry["host"] for entry in entries),
        tuple(mode for entry in entries for mode in entry["boundary"]),
        any(entry["baseline"] for entry in entries),
        any(entry["upstream"] for entry in entries),
    )


def _true(problems: Problems, value: object, at: Path) -> bool | None:
    """A reading of what can only be stated."""
    if value is True:
        return True
    problems.refuse("coverage-form", f"`{at[-1]}` can only be `true`", at)
    return None


_COVERAGE = table(
    "place of coverage",
    {
        "ends": optional(many(word(("source", "target"))), ()),
        "host": Field(_true),
        "boundary": optional(many(word(("inside", "entering", "leaving"))), ()),
        "baseline": Field(_true),
        "upstream": Field(_true),
    },
)
_MECHANISMS = table(
    "group of mechanisms", dict.fromkeys(("weak", "strong", "alone"), optional(many(mechanism), ()))
)
_CONTROL = table(
    "control",
    {
        "id": required(text, ""),
        "title": required(text, ""),
        "layer": required(word(LAYERS), ""),
        "subject": required(many(word(SUBJECTS), some=True), ()),
        "severity": required(word(SEVERITIES), ""),
        "threats": required(many(word(THREAT_CATEGORIES)), ()),
        "when": Field(kept),
        "expect": Field(kept),
        "covered_by": optional(listed(mapping(_COVERAGE)), ()),
        "mechanisms": optional(mapping(_MECHANISMS), _MECHANISMS.absent),
        "question": optional(text, ""),
        "gap": required(text, ""),
        "fix": required(text, ""),
        "references": optional(many(text), ()),
        "rationale": optional(text, ""),
        "examples": required(many(verbatim), ()),
        "tags": optional(many(word(TAGS)), ()),
        "cost": optional(word(COSTS), ""),
        "redundant": optional(text, ""),
    },
)
