"""Which keys of the model language something reads, recorded by a view of the model that notes every look.

The notation is that of docs/reference/model-keys.md: `services.*.boundary`, `flows[].protocol`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from threatmodel.api import Library, load
from threatmodel.facts import ALL_FACTS
from threatmodel.graph import build_graph
from threatmodel.kinds import Kinds
from threatmodel.model import Decisions, Model
from threatmodel.model.elements import Agreement, Flow, RequirementDecision, Statement
from threatmodel.resources import resource_dir

Reads = Mapping[tuple[str, str], frozenset[str]]
"""For each kind of subject and each fact the keys that it reads."""

_SECTIONS: Final = {
    **{name: f"{name}.*" for name in ("parties", "purposes", "data", "boundaries", "hosts")},
    **{name: f"{name}.*" for name in ("actors", "services", "stores", "scenarios", "threats")},
    "flows": "flows[]",
    "service_types": "types.services.*",
    "store_types": "types.stores.*",
}
"""The fields of a model that hold entities, with how the keys of these are written."""
_NAMES_IN: Final[Mapping[type, Mapping[str, str]]] = {
    Flow: {"source": "from", "target": "to", "protocols": "protocol", "ports": "port"},
    Agreement: {"counterpart": "with"},
    RequirementDecision: {"provider": "from"},
}
"""Fields that are not named like their keys."""
_OTHERS: Final = {
    "flows[].sends": ("flows[].returns", "flows[].data"),
    "flows[].returns": ("flows[].sends", "flows[].data"),
    "parties.*.agreements[].with": ("parties.*.own",),
}
"""Keys that decide what the reader of models makes of a field, besides the key that is named like it."""
AS_OF: Final = "2026-06-01"
EVERY_KEY: Final = Path(__file__).with_name("every_key.yaml")
_NO_KEYS: Final = ("id", "at", "control", "document")


class Trace:
    """What was read of a model since the trace began or was last emptied: `keys`."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def of(self, model: Model) -> Model:
        """The same model, which notes here whatever is read of it."""
        fields = model._asdict()
        for name, prefix in _SECTIONS.items():
            entities = fields[name]
            if isinstance(entities, Mapping):
                fields[name] = {id: self._entity(value, prefix, model) for id, value in entities.items()}
            else:
                fields[name] = tuple(self._entity(value, prefix, model) for value in entities)
        fields["baseline"] = self._statements(model.baseline)
        trace = self

        class Traced(Model):
            def __getattribute__(self, name: str) -> Any:
                if name in Model._fields and name != "documents":
                    trace.keys.add(name if name not in ("service_types", "store_types") else "types")
                return super().__getattribute__(name)

            def declares(self, path: Any, key: str) -> bool:
                if len(path) > 1 and path[1] in _SECTIONS:
                    trace.keys.add(f"{_SECTIONS[path[1]]}.{key}")
                return model.declares(path, key)

        return Traced(**fields)

    def of_decisions(self, decisions: Decisions | None) -> Decisions | None:
        """The same decisions, which note here whatever is read of them."""
        if decisions is None:
            return None
        waivers = tuple(self.view(waiver, "waivers[]") for waiver in decisions.waivers)
        rows = tuple(
            self.view(
                row._replace(evidence=tuple(self.view(e, "evidence") for e in row.evidence)), "requirements[]"
            )
            for row in decisions.requirements
        )
        viewed: Decisions = self.view(decisions._replace(waivers=waivers, requirements=rows), "decisions")
        return viewed

    def view(self, value: Any, prefix: str) -> Any:
        """The same named tuple, which notes its fields as keys with this prefix."""
        return self._traced(value, prefix, lambda name: ())

    def _entity(self, value: Any, prefix: str, model: Model) -> Any:
        fields = value._asdict()
        if "controls" in fields:
            fields["controls"] = self._statements(fields["controls"])
        if fields.get("agreements"):
            at = f"{prefix}.agreements[]"
            fields["agreements"] = tuple(self.view(a, at) for a in fields["agreements"])
        if fields.get("contacts"):
            fields["contacts"] = _Contacts(fields["contacts"], self.keys_of, f"{prefix}.contacts")

        def given(name: str) -> tuple[str, ...]:
            """A key that a service or store takes from its type is read there."""
            typed = fields.get("type") and name != "type" and not model.declares(value.at, name)
            return (f"{prefix}.type", f"types.{prefix.partition('.')[0]}") if typed else ()

        return self._traced(value._replace(**fields), prefix, given)

    def keys_of(self, keys: Iterable[str]) -> None:
        """Notes keys as read."""
        self.keys.update(keys)

    def _statements(self, statements: Mapping[str, Statement]) -> Mapping[str, Statement]:
        return {
            control: self.view(
                s._replace(evidence=tuple(self.view(e, "evidence") for e in s.evidence)), "controls.*"
            )
            for control, s in statements.items()
        }

    def _traced(self, value: Any, prefix: str, besides: Any) -> Any:
        trace, plain = self, value.__class__
        names = _NAMES_IN.get(plain, {})
        keys = {}
        for field in plain._fields:
            key = f"{prefix}.{names.get(field, field)}"
            keys[field] = () if field in _NO_KEYS else (key, *_OTHERS.get(key, ()), *besides(field))

        class Traced(plain):  # type: ignore[misc, valid-type]
            def __getattribute__(self, name: str) -> Any:
                if name in keys:
                    trace.keys.update(keys[name])
                return super().__getattribute__(name)

        return Traced(*value)


class _Contacts(dict[str, str]):
    """The contacts of a party, each noted when it is looked up, all when they are listed."""

    def __init__(self, contacts: Mapping[str, str], note: Any, prefix: str) -> None:
        super().__init__(contacts)
        self._note, self._prefix = note, prefix

    def __iter__(self) -> Iterator[str]:
        self._note(f"{self._prefix}.{name}" for name in tuple(super().__iter__()))
        return super().__iter__()

    def items(self) -> Any:
        return {name: self[name] for name in self}.items()

    def __getitem__(self, name: str) -> str:
        self._note([f"{self._prefix}.{name}"])
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note([f"{self._prefix}.{name}"])
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._note([f"{self._prefix}.{name}"])
        return super().__contains__(name)


def reads_of_facts(model: Model, kinds: Kinds, as_of: str) -> Reads:
    """The keys of a model that each fact reads for all subjects of a kind, on a graph of its own."""
    trace = Trace()
    traced = trace.of(model)
    found = {}
    for fact in ALL_FACTS:
        for kind in fact.subjects:
            trace.keys = set()
            fact.column(build_graph(traced, kinds, as_of), kind)
            found[kind, fact.name] = frozenset(key for key in trace.keys if "." in key)
    return found


@cache
def recorded() -> Reads:
    """What the reference says that each fact reads: of the samples, and of a model that uses every key."""
    library = Library()
    samples = sorted(resource_dir("samples").glob("*/threatmodel.yaml"))
    models = [load(path, library, AS_OF).model for path in (*samples, EVERY_KEY)]
    return together(reads_of_facts(model, library.kinds, AS_OF) for model in models)


def together(several: Iterable[Reads]) -> Reads:
    """What is read of any of several models."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for reads in several:
        for fact, keys in reads.items():
            found[fact] = found.get(fact, frozenset()) | keys
    return found
