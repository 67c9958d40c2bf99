"""Questions for keys: which one that the model does not declare says whether a control is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from threatmodel.catalog import All, Any, Condition, Control, Leaf, Not
from threatmodel.evaluate.severity import Risks
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph.subject import Subject
from threatmodel.logic import bits
from threatmodel.model import SECTIONS, Path
from threatmodel.model.ids import normal_id
from threatmodel.model.words import gravest
from threatmodel.results import Common, DeclareKey, KeyOf, Question, result_key

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


_Side: TypeAlias = Literal["to", "from"]
_End: TypeAlias = tuple[_Side, int]
Keyed: TypeAlias = Mapping[Missing, list[Open]]


def open_needs(engine: Engine) -> tuple[Keyed, list[Open]]:
    """Results whose need is unknown, by the first missing key that leaves it open, and those without one."""
    keyed: dict[Missing, list[Open]] = {}
    rest: list[Open] = []
    known: dict[tuple[str, str], dict[int, Missing | None]] = {}
    for control in engine.asked.values():
        for kind in control.subjects:
            d = engine.decide(control, kind)
            among = d.need_unknown & ~d.holds[0]
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
    together: dict[tuple[str, Common | str], list[Missing]] = {}
    flows: dict[Path, list[int]] = {}
    for i, flow in enumerate(engine.graph.flows):
        flows.setdefault(flow.at, []).append(i)
    hubs = Counter((key.key, *end) for key in keyed for end in _ends(engine, key, flows))
    for key in keyed:
        common = _common(engine, key, flows, hubs)
        together.setdefault((key.key, common or str(key.path)), []).append(key)
    for (word, shared), missing in together.items():
        missing.sort(key=lambda m: _names(engine, m.path, flows))
        common = shared if isinstance(shared, Common) else None
        yield _question(engine, word, common, missing, keyed, flows, risks)


def open_key(engine: Engine, fact: str, kind: str, i: int) -> DeclareKey | None:
    """The key that leaves a fact open for a subject, and whose it is; None where nothing is missing."""
    found = missing_key(engine, fact, kind, i)
    if found is None:
        return None
    flows = {found.path: [n for n, flow in enumerate(engine.graph.flows) if flow.at == found.path]}
    return declare(found.key, _names(engine, found.path, flows if flows[found.path] else {}))


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


def _ends(engine: Engine, key: Missing, flows: Mapping[Path, list[int]]) -> list[_End]:
    """The ends that all flows of a key share: `to` or `from`, and the element."""
    g, here = engine.graph, flows.get(key.path, ())
    sides: tuple[tuple[_Side, set[int]], ...] = (
        ("to", {g.flow_target[i] for i in here}),
        ("from", {g.flow_source[i] for i in here}),
    )
    return [(word, ends.pop()) for word, ends in sides if len(ends) == 1]


def _common(
    engine: Engine, key: Missing, flows: Mapping[Path, list[int]], hubs: Counter[tuple[str, _Side, int]]
) -> Common | None:
    """What a key may have in common with the same key of others, and the id of that place."""
    g = engine.graph
    match key.path:
        case (_, "flows", *_) if ends := _ends(engine, key, flows):
            link, end = max(ends, key=lambda end: hubs[key.key, *end])
            return Common("flows", link, g.elements[end])
        case (_, ("services" | "stores") as section, str(name)):
            element = g.index[normal_id(name)]
            template = getattr(g.values[element], "type", None)
            if template:
                return Common(section, "type", template)
            ground = g.element_ground[element]
            if ground < len(g.subjects["boundary"]):
                return Common(section, "in", g.grounds[ground])
            return Common(section, "outside", section)
        case _:
            return None


def _question(
    engine: Engine,
    key: str,
    common: Common | None,
    missing: list[Missing],
    keyed: Keyed,
    flows: Mapping[Path, list[int]],
    risks: Risks,
) -> Question:
    names = [name for m in missing for name in _names(engine, m.path, flows)]
    settled = [asked for m in missing for asked in keyed[m]]
    first = missing[0].path
    at = common.id if common else str(first)
    return Question(
        asks=KeyOf(_NOUNS.get(str(first[1]), "thing") if len(first) > 1 else "model"),
        answer=declare(key, names, common),
        place=names[0] if len(names) == 1 else at,
        severity=gravest_of(risks, settled),
        span=engine.graph.model.span(first),
        settles=tuple(sorted(set(keys_of(engine, settled)))),
    )


def declare(key: str, names: Sequence[str], common: Common | None = None) -> DeclareKey:
    """The answer that declares a key: of each thing by name, of many by what they have in common."""
    return DeclareKey(key, tuple(names), common if len(names) > _NAMED else None)


def gravest_of(risks: Risks, asked: Iterable[tuple[Control, str, int]]) -> str:
    """The severity of the worst of some open results, were they gaps."""
    by_risk: dict[tuple[str, str], tuple[Control, list[int]]] = {}
    for control, kind, i in asked:
        by_risk.setdefault((control.id, kind), (control, []))[1].append(i)
    return gravest(risks.of(control, kind).highest(found) for (_, kind), (control, found) in by_risk.items())


def keys_of(engine: Engine, asked: Iterable[tuple[Control, str, int]]) -> tuple[str, ...]:
    """The keys of some open results."""
    ids = engine.graph.subjects
    return tuple(result_key(control.id, kind, ids[kind][i]) for control, kind, i in asked)


def _names(engine: Engine, path: Path, flows: Mapping[Path, list[int]]) -> list[str]:
    if path in flows:
        return [engine.graph.flows[i].id for i in flows[path]]
    return [normal_id(str(path[-1])) if len(path) > 1 else "model"]
