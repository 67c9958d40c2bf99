"""What does the same work twice on one flow is told once, and depth, repetition and hearsay are not."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.catalog import Control
from threatmodel.errors import InputError
from threatmodel.evaluate.notes.hygiene import RULES, hygiene
from threatmodel.render.text.notes import diagnostics

TEXT = "{flow} is sealed twice."
COVERED = [{"ends": ["source", "target"]}, {"host": True}, {"boundary": "inside"}]
SEALED = control(
    "sealed",
    "flow",
    expect={"any": [{"transport.encrypted": True}, {"claimed": "closed"}]},
    covered_by=COVERED,
    redundant=TEXT,
    mechanisms={"weak": ["ssl"]},
)
CLOSED = control("closed", "flow", when={"data.confidentiality": "restricted"})
STATED = control("sealed", "flow", covered_by=COVERED, redundant=TEXT)
PAIR = "services: {x: , y: }\n"
HOSTED = "hosts: {h: {controls: {sealed: {mechanism: ipsec}}}}\nservices: {x: {host: h}, y: {host: h}}\n"
SECRET = "data: {d: {confidentiality: restricted}, e: {confidentiality: public}}\n"


def told(text: str, *controls: Control) -> list[str]:
    world = engine(text, *(controls or (SEALED, CLOSED)))
    notes = hygiene(world, RULES.keys() - {"redundant-control"})
    return [note.message for note in diagnostics(notes)]


def mesh(inner: str, outer: str = "") -> str:
    said = {"inner": inner, "outer": outer}
    lines = [f"  {n}: {{{p}controls: {{sealed: {s}}}}}\n" for n, s, p in _places(said) if s]
    empty = [f"  {n}: {{{p.rstrip(', ')}}}\n" for n, s, p in _places(said) if not s]
    places = "services: {x: {boundary: inner}, y: {boundary: inner}}\n"
    return "boundaries:\n" + "".join((*lines, *empty)) + places


def _places(said: dict[str, str]) -> list[tuple[str, str, str]]:
    return [("inner", said["inner"], "parent: outer, "), ("outer", said["outer"], "")]


TWICE = [
    (
        mesh("mtls") + "flows: [{from: x, to: y, protocol: https}]\n",
        "transport.encrypted is true and `mtls` of boundary `inner`",
    ),
    (
        mesh("mtls") + "flows: [{from: x, to: y, controls: {sealed: {mechanism: tls 1.3}}}]\n",
        "`tls 1.3` of flow `x->y` and `mtls` of boundary `inner`",
    ),
    (
        mesh("mtls", "wireguard") + "flows: [{from: x, to: y}]\n",
        "`mtls` of boundary `inner` and `wireguard` of boundary `outer`",
    ),
    (
        SECRET + PAIR + "flows: [{from: x, to: y, protocol: https, data: e, controls: {closed: jwe}}]\n",
        "transport.encrypted is true and `closed`, which nothing asks for here",
    ),
    (
        HOSTED + "flows: [{from: x, to: y, protocol: https}]\n",
        "transport.encrypted is true and `ipsec` of host `h`",
    ),
    (
        mesh("{evidence: peer.yaml}") + "flows: [{from: x, to: y, protocol: https}]\n",
        "transport.encrypted is true and what boundary `inner` says",
    ),
]


@pytest.mark.parametrize(("text", "ways"), TWICE)
def test_two_safeguards_on_one_flow_are_named_with_their_places(text: str, ways: str) -> None:
    assert told(text) == [f"`x->y` is sealed twice: {ways}"]


ONCE = {
    "one safeguard": PAIR + "flows: [{from: x, to: y, protocol: https}]\n",
    "none at all": PAIR + "flows: [{from: x, to: y, protocol: http}]\n",
    "the flow says what its protocol shows": PAIR
    + "flows: [{from: x, to: y, protocol: https, controls: {sealed: {mechanism: tls 1.3}}}]\n",
    "the same words at two places": mesh("mtls", "mtls") + "flows: [{from: x, to: y}]\n",
    "a boundary that only says yes": mesh("true") + "flows: [{from: x, to: y, protocol: https}]\n",
    "a boundary that plans it": mesh("planned") + "flows: [{from: x, to: y, protocol: https}]\n",
    "a boundary with a weak mechanism": mesh("ssl") + "flows: [{from: x, to: y, protocol: https}]\n",
    "a stand-in that is asked for": SECRET
    + PAIR
    + "flows: [{from: x, to: y, protocol: https, data: d, controls: {closed: jwe}}]\n",
    "a stand-in that may be asked for": "data: {d: }\n"
    + PAIR
    + "flows: [{from: x, to: y, protocol: https, data: d, controls: {closed: jwe}}]\n",
}


@pytest.mark.parametrize("name", ONCE)
def test_what_is_there_once_is_not_redundant(name: str) -> None:
    assert told(ONCE[name]) == []


def test_a_control_known_by_statements_only_counts_its_places() -> None:
    text = mesh("mtls") + "flows: [{from: x, to: y, controls: {sealed: {mechanism: tls 1.3}}}]\n"
    assert told(text, STATED) == [
        "`x->y` is sealed twice: `tls 1.3` of flow `x->y` and `mtls` of boundary `inner`"
    ]


def test_one_expectation_without_alternatives_is_one_way() -> None:
    plain = control(
        "sealed", "flow", expect={"transport.encrypted": True}, covered_by=COVERED, redundant=TEXT
    )
    text = mesh("mtls") + "flows: [{from: x, to: y, protocol: https}]\n"
    assert told(text, plain) == [
        "`x->y` is sealed twice: transport.encrypted is true and `mtls` of boundary `inner`"
    ]


def test_a_control_for_which_a_second_safeguard_is_depth_is_never_told() -> None:
    assert told(TWICE[0][0], SEALED._replace(redundant=""), CLOSED) == []


def test_only_controls_of_flows_can_be_redundant() -> None:
    with pytest.raises(InputError, match="redundant"):
        control("sealed", "store", redundant=TEXT)
