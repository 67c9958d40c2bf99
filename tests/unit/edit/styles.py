"""The same model written in many styles: block or brackets, quotes, indents, comments and empty lines."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Drawn = tuple[str, list[str]]

_WORDS = ("web", "api", "x y", "a, b", "it's", "3", "true", "null", "a#b", "x: y", "", "long " * 12, "-", "é")
_SECTIONS = ("services", "stores", "flows", "data", "baseline", "types", "waivers", "include", "odd")


@st.composite
def styled(draw: st.DrawFn) -> Drawn:
    """A text, and the names of the comments in it."""
    style = _Style(draw)
    sections = draw(st.lists(st.sampled_from(_SECTIONS), unique=True, min_size=1, max_size=4))
    lines = style.above(0, 0.4)
    for section in sections:
        lines += style.above(0, 0.3)
        lines += style.entry(f"{section}:", draw(_VALUES), 0)
    lines += style.above(0, 0.2)
    return "\n".join(lines) + draw(st.sampled_from(("", "\n"))), style.said


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(_WORDS) | st.integers(-5, 99) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("a", "b", "key", "k k", "7")), inner, max_size=4)
    ),
    max_leaves=12,
)


class _Style:
    """How one text is written, and the comments in it so far."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.said: list[str] = []

    def maybe(self, chance: float) -> bool:
        return self.draw(st.integers(0, 99)) < chance * 100

    def comment(self) -> str:
        self.said.append(f"{len(self.said)}")
        return f"#note-{len(self.said) - 1}"

    def above(self, indent: int, chance: float) -> list[str]:
        lines = [""] if self.maybe(0.15) else []
        if self.maybe(chance):
            lines.append(" " * indent + self.comment())
        return lines + ([""] if lines and self.maybe(0.2) else [])

    def behind(self) -> str:
        return f"  {self.comment()}" if self.maybe(0.15) else ""

    def entry(self, start: str, value: Any, indent: int) -> list[str]:
        """The lines of `key:` or `-` with a value."""
        lead = " " * indent
        nested = start == "-" and isinstance(value, list)  # no key takes such: with comments it is refused
        if not isinstance(value, (dict, list)) or not value or nested or self.maybe(0.4):
            return [f"{lead}{start} {self.flow(value)}{self.behind()}"]
        lines = [f"{lead}{start}{self.behind()}"]
        below = indent + self.draw(st.integers(1, 4))
        pairs = (
            [(f"{self.key(k)}:", v) for k, v in value.items()]
            if isinstance(value, dict)
            else [("-", v) for v in value]
        )
        for name, inner in pairs:
            lines += self.above(below, 0.12)
            lines += self.entry(name, inner, below)
        return lines

    def key(self, key: str) -> str:
        return json.dumps(key) if self.maybe(0.3) else key

    def flow(self, value: Any) -> str:
        match value:
            case dict():
                return "{" + ", ".join(f"{self.key(k)}: {self.flow(v)}" for k, v in value.items()) + "}"
            case list():
                return "[" + ", ".join(self.flow(v) for v in value) + "]"
            case str():
                return json.dumps(value) if self.maybe(0.7) else "'" + value.replace("'", "''") + "'"
            case _:
                return json.dumps(value)
