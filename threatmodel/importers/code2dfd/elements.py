"""Recognises what the nodes of a Code2DFD diagram are, and writes each as an entry of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from threatmodel.importers.code2dfd import vocabulary
from threatmodel.importers.code2dfd.diagram import Diagram, Node, Tags
from threatmodel.importers.model_text import Ids, Plain, one_line
from threatmodel.importers.outcome import Notes
from threatmodel.kinds import Kinds

DRAWN = "annotated"
CREDENTIALS = frozenset(
    ("plaintext_credentials", "plaintext_credentials_link", "authentication_with_plaintext_credentials")
)
_USER_INFO = re.compile(r"(//)[^/@\s]*@")
_QUERY = re.compile(r"[?#].*")
_MOST_TEXTS = 12


class Element(NamedTuple):
    """A node with what it becomes: its id, the section it belongs to, its kind, and what it keeps."""

    id: str
    node: Node
    section: str
    kind: str | None
    technology: str | None
    held: tuple[str, ...]
    ours: bool


class Drawn(NamedTuple):
    """A diagram's elements in order and by name, and the ids of what is made up around them.

    `authenticating` are those that authenticate for others: where none is annotated, those that authorize.
    """

    elements: tuple[Element, ...]
    by_name: Mapping[str, Element]
    authenticating: tuple[Element, ...]
    kinds: Kinds
    internet: str
    system: str
    edge: str
    outside: str

    def having(self, stereotype: str) -> tuple[Element, ...]:
        """The elements with a stereotype."""
        return tuple(e for e in self.elements if stereotype in e.node.stereotypes)


def recognise(diagram: Diagram, kinds: Kinds, notes: Notes) -> Drawn:
    """Gives every node an id, a section and a kind."""
    ids = Ids()
    nodes = [*((n, True) for n in diagram.services), *((n, False) for n in diagram.externals)]
    elements = tuple(_element(ids, node, ours, kinds) for node, ours in nodes)
    by_name: dict[str, Element] = {}
    for element in elements:
        if by_name.setdefault(element.node.name, element) is not element:
            notes.add("approximated", "a name drawn twice: its flows go to the first", element.node.place)
    marked = [
        tuple(e for e in elements if stereotype in e.node.stereotypes)
        for stereotype in ("authentication_server", "authorization_server")
    ]
    surroundings = [ids.give(name) for name in ("internet", "system", "edge", "outside")]
    return Drawn(elements, by_name, marked[0] or marked[1], kinds, *surroundings)


def element_entry(drawn: Drawn, element: Element, notes: Notes) -> dict[str, Plain]:
    """The entry of one element, and notes about what it cannot say."""
    node = element.node
    entry: dict[str, Plain] = {}
    if element.id != node.name:
        entry["title"] = one_line(node.name) or element.id
        notes.add("approximated", "a name that is no id: it became the title", node.place)
    description = described(node.tags, node.place, notes)
    if element.section == "actors":
        entry |= {"boundary": drawn.internet, "human": True}
    else:
        entry |= _place(drawn, element)
        entry |= {"kind": element.kind} if element.kind else {}
        entry |= {"technology": element.technology} if element.technology else {}
        entry |= {"custom_code": True} if _is_code_of_ours(element) else {}
        entry |= (
            {"holds": element.held[0] if len(element.held) == 1 else element.held} if element.held else {}
        )
    entry |= {"description": description} if description else {}
    controls = _controls(drawn, element) if element.ours else {}
    entry |= {"controls": controls} if controls else {}
    tell_stereotypes(node.stereotypes, node.place, notes)
    _tell_kind(element, notes)
    return entry


def described(tags: Tags, place: str, notes: Notes) -> str:
    """Tagged values in words, without credentials; notes what is left out."""
    parts = []
    for key, texts in tags.items():
        if key in vocabulary.SHOWN_TAGS:
            shown = [one_line(_QUERY.sub("", _USER_INFO.sub(r"\1", text))) for text in texts[:_MOST_TEXTS]]
            more = [f"{len(texts) - _MOST_TEXTS} more"] if len(texts) > _MOST_TEXTS else []
            parts.append(f"{key.lower()} {', '.join(filter(None, (*shown, *more)))}")
        elif key in ("Username", "Password"):
            notes.add("dropped", "user names and passwords: masked", place)
        elif key not in vocabulary.READ_TAGS:
            notes.add("dropped", f"the tagged value `{one_line(key)}`", place)
    return one_line("; ".join(parts))


def tell_stereotypes(stereotypes: Iterable[str], place: str, notes: Notes) -> None:
    """Notes the stereotypes that the model cannot say, or that nobody knows."""
    for stereotype in stereotypes:
        if stereotype in vocabulary.WITHOUT_MEANING:
            notes.add("dropped", f"`{stereotype}`: {vocabulary.WITHOUT_MEANING[stereotype]}", place)
        elif stereotype not in vocabulary.KNOWN:
            notes.add("dropped", f"the unknown stereotype `{one_line(stereotype)}`", place)


def _element(ids: Ids, node: Node, ours: bool, kinds: Kinds) -> Element:
    roles = [s for s in vocabulary.ROLES if s in node.stereotypes]
    name = ids.give(node.name)
    if "user_stereotype" in node.stereotypes and not roles:
        return Element(name, node, "actors", None, None, (), False)
    together = (role for both, role in vocabulary.TOGETHER.items() if both <= set(roles))
    role = next(together, vocabulary.ROLES[roles[0]] if roles else None)
    section = "stores" if role and role.store else "services"
    technology = _technology(node, roles, section, kinds)
    kind = _kind(role.kind if role else None, technology, kinds)
    return Element(name, node, section, kind, technology, _held(node, kind, role), ours)


def _technology(node: Node, roles: Iterable[str], section: str, kinds: Kinds) -> str | None:
    """The product that the tagged value of a role names, if the kinds catalog knows it for this section."""
    for role in roles:
        for text in node.tags.get(_tag(role), ()):
            found = _product(text, kinds)
            kind = kinds.technologies[found].kind if found else None
            if found and (kind is None or section.removesuffix("s") in kinds.kinds[kind].subjects):
                return found
    return None


def _tag(stereotype: str) -> str:
    """The tagged value that tells the product of a stereotype."""
    return vocabulary.PRODUCT_TAGS.get(stereotype, stereotype.replace("_", " ").title())


def _product(text: str, kinds: Kinds) -> str | None:
    return kinds.technology_names.get(re.sub(r"[^a-z0-9.+]+", "-", text.strip().lower()))


def _kind(kind: str | None, technology: str | None, kinds: Kinds) -> str | None:
    """The kind by role; a database is of the kind of its product."""
    product = kinds.technologies[technology].kind if technology else None
    if kind == "database" and product and "database" in kinds.kinds[product].traits:
        return product
    return kind


def _held(node: Node, kind: str | None, role: vocabulary.Role | None) -> tuple[str, ...]:
    held = ["log"] if "local_logging" in node.stereotypes or kind == "log-store" else []
    keeps = role is not None and role.kind in ("database", "message-broker")
    held += ["records"] if keeps or "in_memory_data_store" in node.stereotypes else []
    held += ["tokens"] if "tokenstore" in node.stereotypes else []
    return tuple(held)


def _place(drawn: Drawn, element: Element) -> dict[str, Plain]:
    if not element.ours:
        return {"party": "others"}
    return {"boundary": drawn.edge if "entrypoint" in element.node.stereotypes else drawn.system}


def _is_code_of_ours(element: Element) -> bool:
    return element.ours and element.section == "services" and "internal" in element.node.stereotypes


def _controls(drawn: Drawn, element: Element) -> dict[str, Plain]:
    node = element.node
    stated: dict[str, Plain] = {}
    for stereotype, controls in vocabulary.ON_ELEMENTS.items():
        if stereotype in node.stereotypes:
            stated |= dict.fromkeys(controls, _mechanism(node.tags.get(_tag(stereotype), ()), drawn.kinds))
    if element.section == "stores":
        stated = {c: s for c, s in stated.items() if c not in vocabulary.ONLY_ON_SERVICES}
    if element.kind in ("identity-provider", "login-service"):
        alone = _tasks(drawn, element) <= 1
        asked = ["dedicated-authentication"]
        asked += ["dedicated-authorization"] if element.kind == "identity-provider" else []
        stated |= dict.fromkeys(asked, DRAWN if alone else "absent")
    return stated


def _tasks(drawn: Drawn, element: Element) -> int:
    """How many tasks an element has; to authenticate counts as one, where nobody else does it."""
    found = vocabulary.FUNCTIONS & set(element.node.stereotypes)
    return len(found | ({"authentication_server"} if element in drawn.authenticating else set()))


def _mechanism(texts: Iterable[str], kinds: Kinds) -> str:
    """The title of a known product; any other text of the source could pass for something else."""
    found = next((p for text in texts if (p := _product(text, kinds))), None)
    return kinds.technologies[found].title if found else DRAWN


def _tell_kind(element: Element, notes: Notes) -> None:
    node = element.node
    sort = "services" if element.ours else "external entities"
    notes.add("kept", sort, node.place)
    roles = [s for s in vocabulary.ROLES if s in node.stereotypes]
    if element.section != "actors" and not roles:
        notes.add("approximated", "an element of no known kind", node.place)
    for other in roles[1:]:
        if other != "internal" and vocabulary.ROLES[other].kind != element.kind:
            notes.add(
                "approximated", f"an element has one kind: that it is a `{other}` too is lost", node.place
            )
