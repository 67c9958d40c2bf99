"""One control: a safeguard, whom it is asked of, when it is needed, and what shows that it holds."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.catalog.conditions import ON_PATHS, Condition, parse_condition
from threatmodel.catalog.reading import Reader
from threatmodel.errors import Span
from threatmodel.model import Path
from threatmodel.model.words import SEVERITIES, THREAT_CATEGORIES
from threatmodel.source import Document

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
_REQUIRED = ("id", "title", "layer", "subject", "severity", "threats", "gap", "fix", "examples")
_KNOWN = (
    *_REQUIRED,
    "when",
    "expect",
    "covered_by",
    "mechanisms",
    "question",
    "references",
    "rationale",
    "tags",
    "cost",
    "redundant",
)
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


def parse_control(document: Document) -> Control:
    """The control of one file; raises InputError with everything that is wrong in it."""
    reader = Reader(document)
    raw = reader.mapping(document.root, (), _KNOWN, _REQUIRED)
    subjects = reader.words(raw.get("subject"), ("subject",), SUBJECTS)
    if raw.get("subject") == []:
        reader.problem("empty-value", "`subject` names nothing that the control is asked of", ("subject",))
    mechanisms = reader.mapping(raw.get("mechanisms", {}), ("mechanisms",), ("weak", "strong", "alone"), ())
    control = Control(
        id=reader.text(raw.get("id"), ("id",)),
        title=reader.text(raw.get("title"), ("title",)),
        layer=reader.choice(raw.get("layer"), ("layer",), LAYERS, "governance"),
        subjects=subjects,
        severity=reader.choice(raw.get("severity"), ("severity",), SEVERITIES, "medium"),
        threats=reader.words(raw.get("threats"), ("threats",), THREAT_CATEGORIES),
        when=_condition(reader, raw, "when", subjects),
        expect=_condition(reader, raw, "expect", subjects),
        covered_by=_covered_by(reader, raw.get("covered_by"), subjects),
        weak=read_mechanisms(reader, mechanisms.get("weak"), ("mechanisms", "weak")),
        strong=read_mechanisms(reader, mechanisms.get("strong"), ("mechanisms", "strong")),
        question=reader.text(raw.get("question"), ("question",)),
        gap=reader.text(raw.get("gap"), ("gap",)),
        fix=reader.text(raw.get("fix"), ("fix",)),
        references=reader.words(raw.get("references"), ("references",)),
        rationale=reader.text(raw.get("rationale"), ("rationale",)),
        examples=reader.words(raw.get("examples"), ("examples",)),
        tags=reader.words(raw.get("tags"), ("tags",), TAGS),
        document=document,
        cost=reader.choice(raw.get("cost"), ("cost",), COSTS, ""),
        redundant=reader.text(raw.get("redundant"), ("redundant",)),
        alone=frozenset(
            word
            for found in read_mechanisms(reader, mechanisms.get("alone"), ("mechanisms", "alone"))
            for word in found
        ),
    )
    if control.redundant and subjects != ("flow",):
        reader.problem("coverage-form", "`redundant` fits controls of flows only", ("redundant",))
    reader.finish()
    return control


def shown_on_paths(control: Control) -> frozenset[str]:
    """The kinds of element, and "flow", that can show a control to whoever passes them: by its subjects,
    and by places where it can be stated."""
    shown = set(control.subjects) & (ON_PATHS | {"actor"})
    if control.covered_by.ends:
        shown |= {"service", "store", "actor"}
    return frozenset(shown)


def mechanism_words(text: str) -> tuple[str, ...]:
    """A mechanism as the lower-case words that weak mechanisms are compared with."""
    return tuple("".join(c if c.isalnum() or c == "." else " " for c in text.lower()).split())


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


def _condition(
    reader: Reader, raw: dict[str, object], key: str, subjects: tuple[str, ...]
) -> Condition | None:
    if key not in raw:
        return None
    return parse_condition(reader, raw[key], (key,), subjects, expect=key == "expect")


def read_mechanisms(reader: Reader, value: object, at: Path) -> tuple[tuple[str, ...], ...]:
    """Mechanisms as sequences of words; one without any word would be found in every statement."""
    found = tuple(mechanism_words(text) for text in reader.words(value, at))
    if () in found:
        reader.problem("empty-value", "a mechanism needs a letter or a digit", at)
    return found


def _covered_by(reader: Reader, value: object, subjects: tuple[str, ...]) -> CoveredBy:
    if value is None:
        return CoveredBy()
    if not isinstance(value, list):
        reader.problem("wrong-type", "`covered_by` takes a list", ("covered_by",))
        return CoveredBy()
    ends: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    flags = {"host": False, "baseline": False, "upstream": False}
    for i, entry in enumerate(value):
        at: Path = ("covered_by", i)
        raw = reader.mapping(entry, at, ("ends", "host", "boundary", "baseline", "upstream"), ())
        if "ends" in raw:
            ends += reader.words(raw["ends"], (*at, "ends"), ("source", "target"))
            if subjects != ("flow",):
                reader.problem("coverage-form", "`ends` fits controls of flows only", (*at, "ends"))
        if "boundary" in raw:
            modes += reader.words(raw["boundary"], (*at, "boundary"), ("inside", "entering", "leaving"))
        for flag in flags:
            if flag in raw:
                flags[flag] = True
                if raw[flag] is not True:
                    reader.problem("coverage-form", f"`{flag}` can only be `true`", (*at, flag))
                if flag == "upstream" and not set(subjects) <= ON_PATHS:
                    message = "`upstream` fits controls of services, stores and flows only"
                    reader.problem("coverage-form", message, (*at, flag))
    return CoveredBy(ends, flags["host"], modes, flags["baseline"], flags["upstream"])
