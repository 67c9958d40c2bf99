"""Finds the plug-ins that somebody named among the entry points of what is installed, and no others.

Nothing is looked up, let alone imported, for a run that names no plug-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from threatmodel.errors import ThreatModelError, UsageError, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

EXPORTERS: Final = "threatmodel.exporters"
IMPORTERS: Final = "threatmodel.importers"

Offered = TypeVar("Offered")
Value = TypeVar("Value")


def offered(group: str, names: Iterable[str], type_: type[Offered]) -> tuple[tuple[Offered, str], ...]:
    """What the named plug-ins offer in a group, each with the distribution that it comes from.

    A name may stand in one group or in both. Raises UsageError for a name that stands in neither or twice in
    one, and for a plug-in that cannot be loaded, is of another type, or calls itself otherwise.
    """
    names = tuple(dict.fromkeys(names))
    return tuple(_loaded(entry, type_) for entry in _entries(names, group)) if names else ()


def calling(name: str, plugin: str, call: Callable[[], Value]) -> Value:
    """What a plug-in gives; raises UsageError where it fails, in its makers' name."""
    try:
        return call()
    except ThreatModelError:
        raise
    except Exception as error:
        message = f"the plug-in `{name}` failed: {_reason(error)}"
        raise UsageError(message, f"it comes from {plugin}") from error


def named_object(place: str) -> Any:
    """The object at `package.module:name`."""
    from importlib import import_module

    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _entries(names: tuple[str, ...], group: str) -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points

    found = {g: entry_points(group=g) for g in (EXPORTERS, IMPORTERS)}
    known = sorted({entry.name for entries in found.values() for entry in entries})
    for name in names:
        if name not in known:
            help = did_you_mean(name, known) or f"installed are: {', '.join(known) or 'none'}"
            raise UsageError(f"no plug-in `{name}` is installed", help)
        here = [entry for entry in found[group] if entry.name == name]
        if len(here) > 1:
            makers = " and ".join(map(_maker, here))
            raise UsageError(f"the plug-in `{name}` is installed twice", f"by {makers}")
        yield from here


def _loaded(entry: EntryPoint, type_: type[Offered]) -> tuple[Offered, str]:
    help = f"it comes from {_maker(entry)}"
    try:
        found = entry.load()
    except Exception as error:
        raise UsageError(f"the plug-in `{entry.name}` cannot be loaded: {_reason(error)}", help) from error
    if not isinstance(found, type_):
        raise UsageError(f"the plug-in `{entry.name}` is no `{type_.__name__}`: `{entry.value}`", help)
    if (name := getattr(found, "name", "")) != entry.name:
        raise UsageError(f"the plug-in `{entry.name}` calls itself `{name}`", help)
    return found, _maker(entry)


def _maker(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
