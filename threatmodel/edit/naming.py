"""Finds places of a model that people name: `api.controls.mfa`, `flows["a->b"].protocol`, `data:x.retention`.

The first part is the id of an element, host or boundary, `data:x`, `party:x`, `purpose:x`, the id of a flow,
or `baseline` or `model`; sections may stand before it as in the file. The rest are keys, with points between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from threatmodel.edit.assign import Steps
from threatmodel.errors import InputError, UsageError, did_you_mean, quoted
from threatmodel.model import SECTIONS, Model, Path
from threatmodel.model.ids import normal_id
from threatmodel.results import PREFIXED
from threatmodel.source import Value, parse

_BRACKETS: Final = re.compile(r"""(\w+)\[(?:"([^"]*)"|'([^']*)')\](.*)""", re.DOTALL)
_EXAMPLE: Final = 'write for instance `api.controls.mfa=passkey` or `flows["a->b"].protocol=https`'


class Site(NamedTuple):
    """A place in the files of a model: which file, and the steps to it; `flows` are all that stand there."""

    file: int
    steps: Steps
    flows: tuple[str, ...] = ()


def site_named(model: Model, text: str) -> Site:
    """The place that a text names; raises UsageError with the nearest name."""
    names = dict(_names(model))
    bracketed = _BRACKETS.fullmatch(text)
    if bracketed:
        section, first, second, rest = bracketed.groups()
        name = f"{section}.{normal_id(first if first is not None else second)}"
        keys = rest.removeprefix(".")
    else:
        plain = normal_id(text)
        fitting = (n for n in _openings(plain) if n in names)
        name = next(fitting, plain.partition(".")[0])
        keys = plain[len(name) :].removeprefix(".")
    if name not in names:
        shown = name.partition(".")[2] if bracketed else name
        prefixed = next((f"{p}:{name}" for p in sorted(PREFIXED) if f"{p}:{name}" in names), None)
        help = f"did you mean {quoted(prefixed)}?" if prefixed else did_you_mean(name, names)
        help = help or f"name an element, flow, host or boundary of the model; {_EXAMPLE}"
        raise UsageError(f"nothing is called {quoted(shown)}", help)
    parts = keys.split(".")
    if not all(parts):
        raise UsageError(f"{quoted(text)} names no key", _EXAMPLE)
    file, *steps = names[name]
    flows = tuple(f.id for f in model.flows if f.at == names[name])
    return Site(int(file), (*steps, *parts), flows)


def assignment(text: str) -> tuple[str, Value]:
    """The place and the value of `PATH=VALUE`, the value as YAML on one line; raises UsageError."""
    name, equals, written = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{quoted(text)} is no assignment", _EXAMPLE)
    if not written.strip():
        raise UsageError(f"{quoted(text)} has no value", "`--unset` takes a key away")
    try:
        root = parse(f"value: {written}", "<value>").root if "\n" not in written else None
    except InputError:
        root = None
    if not isinstance(root, dict) or root.keys() != {"value"} or root["value"] is None:
        raise UsageError(
            f"{quoted(written)} is no value", "write it as in the file: a word, `[a, b]` or `{a: b}`"
        )
    return name.strip(), root["value"]


def _openings(text: str) -> Iterator[str]:
    """The text up to each of its points, the longest first: ids may hold points."""
    yield text
    at = text.rfind(".")
    while at > 0:
        yield text[:at]
        at = text.rfind(".", 0, at)


def _names(model: Model) -> Iterator[tuple[str, Path]]:
    """Every name that a path may begin with; names that stand first win over elements of the same name."""
    for kind, section in SECTIONS.items():
        values: Mapping[str, Any] = getattr(model, section)
        for name, value in values.items():
            if value.at:
                yield f"{kind}:{name}" if kind in PREFIXED else name, value.at
                yield f"{section}.{name}", value.at
    for section, types in (("services", model.service_types), ("stores", model.store_types)):
        for name, template in types.items():
            yield f"types.{section}.{name}", template.at
    for flow in model.flows:
        yield flow.id, flow.at
        yield f"flows.{flow.id}", flow.at
    yield "model", (0,)
    roots = enumerate(document.root for document in model.documents)
    based = next((file for file, root in roots if isinstance(root, dict) and "baseline" in root), 0)
    yield "baseline", (based, "baseline")
