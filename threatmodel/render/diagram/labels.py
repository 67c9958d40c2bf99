"""The words of a diagram: what is written on elements, flows and frames, shortened, not yet escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.graph.grounds import OUTSIDE, SYSTEM
from threatmodel.model import Actor, Flow, Service, Store

_WIDTH: Final = 26


def element_title(graph: SystemGraph, element: int) -> str:
    """What people call an element: its title, else its id."""
    return (graph.values[element].title or "").strip() or graph.elements[element]


def about_element(graph: SystemGraph, element: int) -> tuple[str, ...]:
    """What an element is: its kind and technology, or who acts; who operates it."""
    value = graph.values[element]
    party = graph.element_party[element]
    words: list[str] = []
    match value:
        case Actor():
            words.append({True: "person", False: "system", None: "actor"}[value.human])
            if graph.grounds[graph.element_ground[element]] == OUTSIDE:
                words.append("outside, untrusted")
            if party is not None:
                words.append(f"of {_party_title(graph, party)}")
        case Service() | Store():
            words += _made_of(graph, value.kind, value.technology)
            if party is not None and party != graph.ground_party[graph.element_ground[element]]:
                words.append(f"operated by {_party_title(graph, party)}")
    if value.out_of_scope is not None:
        words.append("out of scope")
    return dotted(words, _WIDTH + 4)


def host_line(graph: SystemGraph, host: int) -> tuple[str, ...]:
    """The runtime an element shares."""
    name = graph.hosts[host]
    return wrapped(f"on {graph.model.hosts[name].title or name}", _WIDTH + 4, 2)


def frame_title(graph: SystemGraph, ground: int) -> tuple[str, ...]:
    """The name of a boundary, or of ground that nobody declared."""
    name = graph.grounds[ground]
    declared = graph.model.boundaries.get(name)
    if declared is not None:
        return wrapped(declared.title or name, 40, 2)
    return (
        ("This system",)
        if name == SYSTEM
        else wrapped(_party_title(graph, graph.ground_party[ground]), 40, 2)
    )


def about_frame(graph: SystemGraph, ground: int) -> tuple[str, ...]:
    """Trust, kind, operator, provider, region and environment of a boundary, as declared there."""
    name = graph.grounds[ground]
    declared = graph.model.boundaries.get(name)
    words: list[str] = [graph.ground_trust[ground]]
    if declared is None:
        words.append("no boundary declared" if name == SYSTEM else "its own ground")
        return dotted(words, 48)
    if declared.kind:
        words.append(_kind_title(graph, declared.kind))
    if declared.party and declared.party not in graph.own:
        words.append(f"operated by {_party_title(graph, declared.party)}")
    if declared.provider:
        words.append(f"on {_party_title(graph, declared.provider)}")
    words += [word for word in (declared.region, declared.environment) if word]
    return dotted(words, 48)


def protocol_line(graph: SystemGraph, flow: Flow) -> str:
    """The protocols of a flow, after its name where it has one."""
    name = f"{flow.name}: " if flow.name else ""
    if not flow.protocols:
        return f"{name}protocol ?"
    return name + " or ".join(graph.kinds.protocols[p].id for p in flow.protocols)


def data_lines(graph: SystemGraph, flow: Flow) -> tuple[str, ...]:
    """What a flow carries, with the arrow and back."""
    if flow.sends is None and flow.returns is None:
        return ("data ?",)
    sends, returns = flow.sends or (), flow.returns or ()
    if sends == returns:
        return wrapped(f"both ways {_names(graph, sends)}", lines=4) if sends else ()
    lines: list[str] = []
    for word, data in (("sends", sends), ("returns", returns)):
        if data:
            lines += wrapped(f"{word} {_names(graph, data)}")
    return tuple(lines)


def wrapped(text: str, width: int = _WIDTH, lines: int = 3) -> tuple[str, ...]:
    """A text as at most so many lines; what does not fit ends in an ellipsis."""
    return tuple(
        textwrap.wrap(
            " ".join(text[:1000].split()), width, max_lines=lines, placeholder="…", break_on_hyphens=False
        )
    ) or ("",)


def dotted(words: Iterable[str], width: int) -> tuple[str, ...]:
    """Words with dots between them, as many a line as fit."""
    lines: list[str] = []
    for word in words:
        short = textwrap.shorten(word, width, placeholder="…") or word[:width]
        if lines and len(lines[-1]) + len(short) + 3 <= width:
            lines[-1] += f" · {short}"
        else:
            lines.append(short)
    return tuple(lines)


def _names(graph: SystemGraph, data: tuple[str, ...]) -> str:
    titles = [graph.model.data[d].title or d for d in data]
    return ", ".join(titles[:4]) + (f", +{len(titles) - 4}" if len(titles) > 4 else "")


def _made_of(graph: SystemGraph, kind: str | None, technology: str | None) -> list[str]:
    word = graph.kinds.kind_word(kind, technology)
    titles = [_kind_title(graph, word)] if word else []
    if technology:
        titles.append(graph.kinds.technologies[technology].title)
    return list(dict.fromkeys(titles))


def _kind_title(graph: SystemGraph, kind: str) -> str:
    return graph.kinds.kinds[kind].title


def _party_title(graph: SystemGraph, party: str) -> str:
    return (graph.model.parties[party].title or party) if party in graph.model.parties and party else "us"
