"""What the commands do, for users of the library: load, review, check, compare, plan, prove.

The names are imported when they are first used: a command loads only what it needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threatmodel.api.comparison import Difference, SourceError, compare, compare_sources
    from threatmodel.api.gate import Check, Refusal, check, read_baseline
    from threatmodel.api.review import Review, load, parse, reread
    from threatmodel.api.settings import Effective, settings_for
    from threatmodel.api.sources import Source, named_sources
    from threatmodel.catalog.library import Library, control_named
    from threatmodel.policy import Gate

_HOMES = {
    "threatmodel.api.comparison": ("Difference", "SourceError", "compare", "compare_sources"),
    "threatmodel.api.gate": ("Check", "Refusal", "check", "read_baseline"),
    "threatmodel.catalog.library": ("Library", "control_named"),
    "threatmodel.api.review": ("Review", "load", "parse", "reread"),
    "threatmodel.api.settings": ("Effective", "settings_for"),
    "threatmodel.api.sources": ("Source", "named_sources"),
    "threatmodel.policy": ("Gate",),
}

__all__ = [
    "Check",
    "Difference",
    "Effective",
    "Gate",
    "Library",
    "Refusal",
    "Review",
    "Source",
    "SourceError",
    "check",
    "compare",
    "compare_sources",
    "control_named",
    "load",
    "named_sources",
    "parse",
    "read_baseline",
    "reread",
    "settings_for",
]


def __getattr__(name: str) -> Any:
    """A name of this face from its module."""
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module `threatmodel.api` has no attribute `{name}`")
