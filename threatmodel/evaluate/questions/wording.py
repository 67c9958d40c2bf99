"""How questions are asked: whether a control holds at a place, and which key says whether it is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from threatmodel.catalog import SEVERITIES, All, Any, Condition, Control, Leaf, Not
from threatmodel.errors import Span
from threatmodel.evaluate.severity import Risks
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.graph.subject import Subject
from threatmodel.logic import bits
from threatmodel.model import SECTIONS, Path
from threatmodel.model.ids import normal_id
from threatmodel.results import Question, result_key

_WORDS = {
    "agreements": "which agreements are in force with {whom}?",
    "automated_decision": "{does} {whom} decide about people automatically?",
    "availability": "how bad is it when {whom} cannot be reached?",
    "categories": "what {is} {whom}: personal, health, payment-card, credentials, something else, or none?",
    "condition": "which condition of Article 9 covers {whom}?",
    "confidentiality": "how confidential {is} {whom}?",
    "contacts": "whom {does} {whom} name as contacts?",
    "criticality": "how much depends on {whom}?",
    "custom_code": "do we write the code of {whom}?",
    "data": "which data move on {whom}?",
    "environment": "to which environment {does} {whom} belong?",
    "gdpr": "what {is} {whom} under the GDPR?",
    "hipaa": "what {is} {whom} under HIPAA?",
    "hipaa_use": "which use under HIPAA {is} {whom}?",
    "holds": "which data {does} {whom} keep?",
    "host": "what {does} {whom} run on?",
    "human": "{is} {whom} a person?",
    "identity": "as which identity {does} {whom} run?",
    "integrity": "how bad is it when somebody changes {whom}?",
    "jurisdiction": "to whose law {is} {whom} subject?",
    "kind": "what kind of {noun} {is} {whom}?",
    "large_scale": "{does} {whom} work on a large scale?",
    "legal_basis": "on which legal basis {does} {whom} rest?",
    "needs": "which data {does} {whom} need?",
    "protocol": "which protocol {does} {whom} use?",
    "purposes": "for what {is} {whom} used?",
    "region": "in which region or country {does} {whom} stand?",
    "retention": "how long {is} {whom} kept?",
    "technology": "which product {is} {whom}?",
    "tenancy": "do others share {whom}?",
}
_NOUNS = {section: kind for kind, section in SECTIONS.items()} | {"flows": "flow"}
_NAMED = 3


class Missing(NamedTuple):
    """A key that the model does not declare, and the path of what would declare it."""

    path: Path
    key: str


class Open(NamedTuple):
    """A result whose need is not known: control, kind and position of the subject."""

    control: Control
    kind: str
    i: int


Keyed: TypeAlias = Mapping[Missing, list[Open]]


def open_needs(engine: Engine) -> tuple[Keyed, list[Open]]:
    """Results whose need is unknown, by the first missing key that leaves it open, and those without one."""
    keyed: dict[Missing, list[Open]] = {}
    rest: list[Open] = []
    known: dict[tuple[str, str], dict[int, Missing | None]] = {}
    for control in engine.asked.values():
        for kind in control.subjects:
            d = engine.decide(control, kind)
            among = d.need_unknown & ~d.held[0]
            found: dict[int, Missing] = {}
            for leaf, open_ in _open_leaves(engine, control.when, kind, among):
                keys = known.setdefault((kind, leaf.fact), {})
                for i in bits.indexes(open_, d.size):
                    if i in found:
                        continue
                    if i not in keys:
                        keys[i] = missing_key(engine, leaf.fact, kind, i)
                    if key := keys[i]:
                        found[i] = key
            for i in bits.indexes(among, d.size):
                here = keyed.setdefault(found[i], []) if i in found else rest
                here.append(Open(control, kind, i))
    return keyed, rest


def key_questions(engine: Engine, keyed: Keyed, risks: Risks) -> Iterator[Question]:
    """One question for each key, or for the same key of what has a type, a place or an end in common."""
    together: dict[tuple[str, str, str], list[Missing]] = {}
    flows: dict[Path, list[int]] = {}
    for i, flow in enumerate(engine.graph.flows):
        flows.setdefault(flow.at, []).append(i)
    hubs = Counter((key.key, *end) for key in keyed for end in _ends(engine, key, flows))
    for key in keyed:
        together.setdefault((key.key, *_common(engine, key, flows, hubs)), []).append(key)
    for (word, whom, at), missing in together.items():
        missing.sort(key=lambda m: _names(engine, m.path, flows))
        yield _question(engine, word, whom, at, missing, keyed, flows, risks)


def open_key(engine: Engine, fact: str, kind: str, i: int) -> str:
    """The key that leaves a fact open for a subject, and whose it is; empty where nothing is missing."""
    found = missing_key(engine, fact, kind, i)
    if found is None:
        return ""
    flows = {found.path: [n for n, flow in enumerate(engine.graph.flows) if flow.at == found.path]}
    names = _names(engine, found.path, flows if flows[found.path] else {})
    return f"`{found.key}` of {_list(names)}"


def _open_leaves(
    engine: Engine, condition: Condition | None, kind: str, among: int
) -> Iterator[tuple[Leaf, int]]:
    """The leaves that leave a condition open, each with the subjects for which it does."""
    yes, no = engine.truth(condition, kind)
    open_ = among & ~(yes | no)
    if not open_:
        return
    if isinstance(condition, Leaf):
        yield condition, open_
    elif isinstance(condition, Not):
        yield from _open_leaves(engine, condition.part, kind, open_)
    else:
        assert isinstance(condition, (All, Any))  # a need rests on facts alone, never on other controls
        for part in condition.parts:
            yield from _open_leaves(engine, part, kind, open_)


def missing_key(engine: Engine, fact: str, kind: str, i: int) -> Missing | None:
    """The first key that the model does not declare among those that a fact rests on."""
    for path, key in engine.fact(kind, fact).places(engine.graph, Subject(kind, i)):
        if path and key and not engine.graph.model.declares(path, key):
            return Missing(path, key)
    return None


def _ends(engine: Engine, key: Missing, flows: Mapping[Path, list[int]]) -> list[tuple[str, int]]:
    """The ends that all flows of a key share: `to` or `from`, and the element."""
    g, here = engine.graph, flows.get(key.path, ())
    sides = (("to", {g.flow_target[i] for i in here}), ("from", {g.flow_source[i] for i in here}))
    return [(word, ends.pop()) for word, ends in sides if len(ends) == 1]


def _common(
    engine: Engine, key: Missing, flows: Mapping[Path, list[int]], hubs: Counter[tuple[str, str, int]]
) -> tuple[str, str]:
    """What several keys have in common, in words with `{}` for their number, and the id of that place."""
    g = engine.graph
    match key.path:
        case (_, "flows", *_) if ends := _ends(engine, key, flows):
            word, end = max(ends, key=lambda end: hubs[key.key, *end])
            return f"the {{}} flows {word} `{g.elements[end]}`", g.elements[end]
        case (_, ("services" | "stores") as section, str(name)):
            element = g.index[normal_id(name)]
            template = getattr(g.values[element], "type", None)
            if template:
                return f"the {{}} {section} of type `{template}`", template
            ground = g.element_ground[element]
            if ground < len(g.subjects["boundary"]):
                return f"the {{}} {section} in `{g.grounds[ground]}`", g.grounds[ground]
            return f"the {{}} {section} that stand in no boundary", section
        case _:
            pass
    return "", str(key.path)


def _question(
    engine: Engine,
    key: str,
    whom: str,
    at: str,
    missing: list[Missing],
    keyed: Keyed,
    flows: Mapping[Path, list[int]],
    risks: Risks,
) -> Question:
    names = [name for m in missing for name in _names(engine, m.path, flows)]
    settled = [asked for m in missing for asked in keyed[m]]
    listed = _list(names) if len(names) <= _NAMED or not whom else whom.format(len(names))
    one = len(names) == 1
    words = _WORDS.get(key, f"what is `{key}` of {{whom}}?")
    noun = _NOUNS.get(str(missing[0].path[1]), "thing") if len(missing[0].path) > 1 else "model"
    verbs = {"does": "does" if one else "do", "is": "is" if one else "are"}
    head, ends_with_whom, _ = words.partition("{whom}?")
    return Question(
        text=words.format(whom=listed, noun=noun, **verbs),
        group=f"{head.format(noun=noun, does='do', **{'is': 'are'})}…" if ends_with_whom else "",
        asks=f"{listed}?" if ends_with_whom else words.format(whom=listed, noun=noun, **verbs),
        answer=f"`{key}` of {listed}",
        place=names[0] if one else at,
        severity=_severity(risks, settled),
        span=engine.graph.model.span(missing[0].path),
        settles=tuple(
            sorted({result_key(o.control.id, o.kind, engine.graph.subjects[o.kind][o.i]) for o in settled})
        ),
    )


def whether(
    control: Control,
    whom: str,
    answer: str,
    place: str,
    severity: str,
    settles: tuple[str, ...],
    span: Span | None = None,
) -> Question:
    """The question whether what a control claims is true of a place."""
    title = control.title
    asks = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    return Question(
        text=f"is it true of {whom} that {asks}?",
        group=f"is it true of {whom} that …",
        asks=f"{asks}?",
        answer=answer,
        place=place,
        severity=severity,
        span=span,
        settles=settles,
    )


def _names(engine: Engine, path: Path, flows: Mapping[Path, list[int]]) -> list[str]:
    if path in flows:
        return [engine.graph.flows[i].id for i in flows[path]]
    return [normal_id(str(path[-1])) if len(path) > 1 else "model"]


def _list(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _severity(risks: Risks, settled: Iterable[Open]) -> str:
    return max({risks.of(o.control, o.kind).of(o.i)[0] for o in settled}, key=SEVERITIES.index)
