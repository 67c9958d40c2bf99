"""Turns a data flow diagram of Code2DFD (services, external entities, information flows) into a model.

The diagram is closed-world: what it does not annotate is absent, and the model says so in its baseline.
Boundaries are made up: users on the internet, the system with its entry points, the ground of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threatmodel.importers.code2dfd import vocabulary
from threatmodel.importers.code2dfd.diagram import Arrow, Diagram, read_diagram
from threatmodel.importers.code2dfd.elements import (
    CREDENTIALS,
    DRAWN,
    Drawn,
    Element,
    described,
    element_entry,
    recognise,
    tell_stereotypes,
)
from threatmodel.importers.foreign import Foreign
from threatmodel.importers.model_text import Plain, model_text, one_line
from threatmodel.importers.outcome import Imported, Notes

_COMMENT = "Imported from a Code2DFD diagram, which is closed-world: what it does not annotate is absent."


def import_code2dfd(foreign: Foreign) -> Imported:
    """The model of a diagram's JSON (of the one that is chosen by name, where a file holds several).

    Raises InputError for a text that is no diagram, UsageError when no or several diagrams fit.
    """
    diagram = read_diagram(foreign.text, foreign.file, foreign.name)
    notes = Notes()
    drawn = recognise(diagram, foreign.kinds, notes)
    sections: dict[str, dict[str, Plain]] = {"actors": {}, "services": {}, "stores": {}}
    for element in drawn.elements:
        sections[element.section][element.id] = element_entry(drawn, element, notes)
    flows = list(_flows(drawn, diagram.flows, notes))
    unseen = _entry_points_without_users(drawn)
    if unseen:
        notes.add("approximated", "nobody is drawn who calls the entry points: an actor stands in", "")
        sections["actors"][drawn.outside] = {"boundary": drawn.internet, "title": "Anybody outside"}
        flows.append({"from": drawn.outside, "to": unseen[0] if len(unseen) == 1 else unseen})
    root: dict[str, Plain] = {
        "threatmodel": 1,
        "name": one_line(diagram.name) or "Imported diagram",
        "parties": {"others": {"title": "Operators of what is outside"}} if _others(drawn) else {},
        "data": _data(drawn, diagram),
        "boundaries": {
            drawn.internet: {"trust": "untrusted", "kind": "internet"},
            drawn.system: {"trust": "trusted", "kind": "microservices"},
            drawn.edge: {"parent": drawn.system, "kind": "dmz", "title": "Entry points"},
        },
        **sections,
        "baseline": _baseline(drawn),
        "flows": flows,
    }
    return Imported(model_text(_COMMENT, root), notes.report())


def _others(drawn: Drawn) -> bool:
    return any(not e.ours and e.section != "actors" for e in drawn.elements)


def _entry_points_without_users(drawn: Drawn) -> list[str]:
    """The entry points of a diagram that draws no user at all: an entry point that nobody calls is none."""
    if any(e.section == "actors" for e in drawn.elements):
        return []
    return [e.id for e in drawn.elements if e.ours and "entrypoint" in e.node.stereotypes]


def _data(drawn: Drawn, diagram: Diagram) -> dict[str, Plain]:
    """The data that stereotypes speak of; the diagram does not say which data flows carry."""
    held = {name for e in drawn.elements for name in e.held}
    found: dict[str, Plain] = {}
    if "log" in held:
        found["log"] = {"title": "Log records", "categories": "logs"}
    if "records" in held:
        found["records"] = {"title": "What databases and brokers keep"}
    if "tokens" in held:
        found["tokens"] = {
            "title": "Access tokens",
            "categories": ("credentials", "personal"),
            "confidentiality": "restricted",
        }
    annotated = [e.node.stereotypes for e in drawn.elements] + [f.stereotypes for f in diagram.flows]
    if any(CREDENTIALS.intersection(stereotypes) for stereotypes in annotated):
        found["plaintext-credentials"] = {
            "title": "Passwords in plain text in code and settings",
            "categories": "credentials",
            "confidentiality": "restricted",
            "controls": {"store-secrets": "absent"},
        }
    return found


def _baseline(drawn: Drawn) -> dict[str, Plain]:
    """What is absent unless annotated, and which element is the one of its sort."""
    found: dict[str, Plain] = dict.fromkeys(vocabulary.ABSENT, "absent")
    for stereotype, control in vocabulary.ONE_OF_EACH.items():
        having = drawn.authenticating if stereotype == "authentication_server" else drawn.having(stereotype)
        found[control] = _resting_on(having) if len(having) == 1 else "absent"
    for stereotype, control in vocabulary.AT_LEAST_ONE.items():
        having = drawn.having(stereotype)
        found[control] = _resting_on(having) if having else "absent"
    return dict(sorted(found.items()))


def _resting_on(elements: Sequence[Element]) -> Plain:
    ids = [e.id for e in elements]
    return {"mechanism": DRAWN, "by": ids[0] if len(ids) == 1 else ids}


def _flows(drawn: Drawn, arrows: Sequence[Arrow], notes: Notes) -> Iterator[dict[str, Plain]]:
    taken: set[tuple[str, str, str]] = set()
    for arrow in arrows:
        sender, receiver = drawn.by_name.get(arrow.sender), drawn.by_name.get(arrow.receiver)
        if sender is None or receiver is None:
            notes.add("dropped", "a flow with an end that is not drawn", arrow.place)
        elif sender is receiver:
            notes.add("dropped", "a flow from an element to itself", arrow.place)
        else:
            yield _flow(arrow, sender, receiver, taken, notes)


def _flow(
    arrow: Arrow, sender: Element, receiver: Element, taken: set[tuple[str, str, str]], notes: Notes
) -> dict[str, Plain]:
    """A flow; what leaves a store is fetched from there, since stores open no connections."""
    fetched = _is_fetched(sender, receiver)
    source, target = (receiver, sender) if fetched else (sender, receiver)
    entry: dict[str, Plain] = {"from": source.id, "to": target.id}
    name = _free_name(source.id, target.id, taken)
    entry |= {"name": name} if name else {}
    if fetched:
        entry["title"] = one_line(f"{arrow.sender} -> {arrow.receiver}")
        notes.add("approximated", "an arrow out of a store: the other end opens the flow", arrow.place)
    protocol = _protocol(arrow)
    entry |= {"protocol": protocol} if protocol else {}
    entry |= {"kind": "telemetry"} if _reports(sender, receiver) else {}
    description = described(arrow.tags, arrow.place, notes)
    entry |= {"description": description} if description else {}
    controls = _flow_controls(arrow, source, target, protocol)
    entry |= {"controls": controls} if controls else {}
    tell_stereotypes(arrow.stereotypes, arrow.place, notes)
    notes.add("kept", "information flows", arrow.place)
    return entry


def _reports(sender: Element, receiver: Element) -> bool:
    """Whether logs, metrics or traces are sent; what configures a server does not report to it."""
    return receiver.kind in vocabulary.TELEMETRY and sender.kind != "configuration-server"


def _is_fetched(sender: Element, receiver: Element) -> bool:
    """Whether the receiver opens the flow: stores open none, but for sending their own logs."""
    if receiver.kind == "log-store":
        return sender.kind == "message-broker"
    waiting = [e.section == "stores" and e.kind != "log-store" for e in (sender, receiver)]
    return waiting == [True, False]


def _free_name(source: str, target: str, taken: set[tuple[str, str, str]]) -> str:
    number, name = 1, ""
    while (source, target, name) in taken:
        number += 1
        name = f"flow-{number}"
    taken.add((source, target, name))
    return name


def _protocol(arrow: Arrow) -> str | None:
    """The protocol by stereotype; whatever is annotated as encrypted, and names none, runs over TLS."""
    encrypted = "encrypted" in arrow.stereotypes or any(
        text.strip().upper() == "HTTPS" for text in arrow.tags.get("Protocol", ())
    )
    for stereotype, (plain, secure) in vocabulary.PROTOCOLS.items():
        if stereotype in arrow.stereotypes:
            return secure if encrypted else plain
    return "tls" if encrypted else None


def _flow_controls(arrow: Arrow, source: Element, target: Element, protocol: str | None) -> dict[str, Plain]:
    between_ours = source.ours and target.ours
    found: dict[str, Plain] = {}
    if "authenticated" in arrow.stereotypes:
        found["authenticate-service" if between_ours else "authenticate-caller"] = DRAWN
    if "authorized" in arrow.stereotypes and between_ours:
        found["authorize-calls"] = DRAWN
    if "circuit_breaker_link" in arrow.stereotypes:
        found["handle-failure"] = "circuit breaker"
    others = any(not e.ours and e.section != "actors" for e in (source, target))
    if others and protocol not in vocabulary.SURE_OF_ENCRYPTION:
        found["encrypt-in-transit"] = "absent"
    return found
