"""Facts about entry points, about what a system has one of, and about what flows join."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.facts import fact
from threatmodel.logic import UNKNOWN, Known, Members, Value
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()


def value(text: str, kind: str, name: str, subject: str = "model") -> Value:
    """The value of one fact in a small model."""
    graph = parse(parse_yaml(text), LIBRARY, "2026-01-01", fragment=True).graph
    found = fact(kind, name)
    assert found is not None
    return found.value(graph, graph.subject(kind, subject))


def pointed_at(text: str, kind: str, name: str, subject: str = "model") -> list[str]:
    """The last part of each place that a fact points at; of a flow its position."""
    graph = parse(parse_yaml(text), LIBRARY, "2026-01-01", fragment=True).graph
    found = fact(kind, name)
    assert found is not None
    places = found.places(graph, graph.subject(kind, subject))
    return [str(path[-1]) for path, _ in places]


BOUNDARIES = """
boundaries: {system: {kind: microservices}, edge: {parent: system, kind: dmz}, plain: {}}
services: {a: {boundary: edge}, b: {boundary: system}, c: {boundary: plain}, d: }
flows: [{from: a, to: c}, {from: c, to: d}]
"""


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("service", "a", {"dmz", "microservices"}),
        ("service", "b", {"microservices"}),
        ("service", "c", set()),
        ("service", "d", set()),
        ("flow", "a->c", {"dmz", "microservices"}),
        ("flow", "c->d", set()),
        ("model", "model", {"dmz", "microservices"}),
    ],
)
def test_kinds_of_boundaries_are_those_around_it(kind: str, subject: str, words: set[str]) -> None:
    found = frozenset(words)
    assert value(BOUNDARIES, kind, "boundary_kinds", subject) == Members(found, found)


def test_what_stands_in_a_demilitarised_zone_is_an_entry_point() -> None:
    text = """
    parties: {bank: {own: false}}
    boundaries: {edge: {kind: dmz}, inner: {parent: edge}}
    actors: {u: }
    services: {a: {boundary: edge}, b: {boundary: inner}, c: , pay: {boundary: edge, party: bank}}
    flows: [{from: u, to: c}]
    """
    found = {s: value(text, "service", "entry_point", s) for s in ("a", "b", "c", "pay")}
    assert found == {"a": Known(True), "b": Known(True), "c": Known(False), "pay": Known(False)}
    assert value(text, "model", "entry_points") == Known(2)
    assert pointed_at(text, "model", "entry_points") == ["a", "b"]


def test_without_a_demilitarised_zone_what_the_outside_calls_is_an_entry_point() -> None:
    text = """
    boundaries: {device: {trust: untrusted}}
    actors: {u: }
    services: {app: {boundary: device}, a: , b: , c: }
    flows: [{from: u, to: app}, {from: app, to: a}, {from: [u, app], to: b}, {from: a, to: c}]
    """
    found = {s: value(text, "service", "entry_point", s) for s in ("app", "a", "b", "c")}
    assert found == {"app": Known(False), "a": Known(True), "b": Known(True), "c": Known(False)}
    assert value(text, "model", "entry_points") == Known(2)


def test_a_model_without_entry_points_points_at_all_that_was_searched() -> None:
    text = "services: {a: , b: }\nstores: {c: }\n"
    assert value(text, "model", "entry_points") == Known(0)
    assert pointed_at(text, "model", "entry_points") == ["a", "b", "c"]


SINGLE = {
    "single_log_store": "log-store",
    "single_registry": "service-registry",
    "single_secret_store": "secret-store",
    "single_authorization": "identity-provider",
    "single_authentication": "identity-provider",
}


@pytest.mark.parametrize(("name", "kind"), SINGLE.items())
def test_exactly_one_is_true_two_are_false_and_none_is_open(name: str, kind: str) -> None:
    # what has no kind yet may be the login service, beside which identity providers do not count
    section = "stores" if kind in ("log-store", "secret-store") else "services"

    def of(*kinds: str) -> Value:
        entries = ", ".join(f"e{i}: {{{f'kind: {k}' if k else ''}}}" for i, k in enumerate(kinds))
        return value(f"{section}: {{{entries}}}\nactors: {{u: }}\n", "model", name)

    assert of(kind) == Known(True)
    assert of(kind, kind) == Known(False)
    assert of(kind, kind, "") == (UNKNOWN if name == "single_authentication" else Known(False))
    assert of(kind, "") == UNKNOWN
    assert of() == UNKNOWN
    assert of("") == UNKNOWN


@pytest.mark.parametrize(
    ("kinds", "authorization", "authentication"),
    [
        (("identity-provider", "login-service"), Known(True), Known(True)),
        (("login-service",), UNKNOWN, Known(True)),
        (("login-service", "login-service"), UNKNOWN, Known(False)),
        (("identity-provider", "identity-provider", "login-service"), Known(False), Known(True)),
    ],
)
def test_a_login_service_authenticates_and_grants_nothing(
    kinds: tuple[str, ...], authorization: Value, authentication: Value
) -> None:
    entries = ", ".join(f"e{i}: {{kind: {k}}}" for i, k in enumerate(kinds))
    text = f"services: {{{entries}}}\n"
    assert value(text, "model", "single_authorization") == authorization
    assert value(text, "model", "single_authentication") == authentication


@pytest.mark.parametrize(
    ("name", "entry"), [("has_broker", "kind: queue"), ("has_dashboard", "technology: grafana")]
)
def test_what_there_should_be_is_true_or_not_known(name: str, entry: str) -> None:
    assert value(f"services: {{a: {{{entry}}}, b: }}\n", "model", name) == Known(True)
    assert value("services: {a: {kind: api}}\n", "model", name) == UNKNOWN


def test_what_was_found_is_pointed_at_and_else_all_that_was_searched() -> None:
    text = "services: {a: {kind: api}, b: {kind: queue}}\n"
    assert pointed_at(text, "model", "has_broker") == ["b"]
    assert pointed_at(text, "model", "single_registry") == ["a", "b"]
    assert pointed_at(text, "model", "single_authentication") == ["a", "b"]


def test_only_declared_logs_are_kept() -> None:
    text = """
    data: {log: {categories: logs}, copy: {derived_from: log, transform: selection}, other: {}}
    services: {a: {holds: log}, b: {holds: copy}, c: {holds: other}, d: }
    """
    found = {s: value(text, "service", "keeps_logs", s) for s in "abcd"}
    assert found == {"a": Known(True), "b": Known(True), "c": Known(False), "d": Known(False)}


JOINED = """
services: {a: {kind: api}, b: {kind: api}, c: {kind: api}, d: {kind: api}, helper: }
stores: {bus: {kind: topic}, logs: {kind: log-store}}
flows:
  - {from: a, to: bus}
  - {from: bus, to: b}
  - {from: [a, bus], to: logs}
  - {from: c, to: helper}
  - {from: logs, to: d}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("at_broker", {"a": True, "b": True, "c": None, "d": False}),
        ("logs_directly", {"a": True, "b": False, "c": None, "d": False}),
    ],
)
def test_flows_join_to_brokers_both_ways_and_to_log_stores_one_way(
    name: str, expected: dict[str, bool | None]
) -> None:
    found = {s: value(JOINED, "service", name, s) for s in expected}
    assert found == {s: UNKNOWN if v is None else Known(v) for s, v in expected.items()}


def test_a_broker_is_at_a_broker() -> None:
    assert value(JOINED, "store", "at_broker", "bus") == Known(True)


def test_joins_point_at_the_element_and_its_flows() -> None:
    assert pointed_at(JOINED, "service", "at_broker", "a") == ["a", "0", "2"]
    assert pointed_at(JOINED, "service", "logs_directly", "a") == ["a", "2"]


WATCHED = """
services:
  board: {kind: monitoring-dashboard}
  metrics: {kind: monitoring-system}
  traces: {kind: tracing-server}
  direct: {kind: api}
  through: {kind: api}
  traced: {kind: api}
  beyond: {kind: api}
  perhaps: {kind: api}
  helper:
stores: {logs: {kind: log-store}, index: {kind: search-index}}
flows:
  - {from: metrics, to: board}
  - {from: board, to: index}
  - {from: logs, to: index}
  - {from: traces, to: board}
  - {from: direct, to: board}
  - {from: through, to: [metrics, logs]}
  - {from: traced, to: traces}
  - {from: beyond, to: direct}
  - {from: perhaps, to: helper}
"""


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("board", Known(True)),
        ("metrics", Known(True)),
        ("traces", Known(True)),
        ("direct", Known(True)),
        ("through", Known(True)),
        ("traced", Known(False)),
        ("beyond", Known(False)),
        ("perhaps", UNKNOWN),
    ],
)
def test_a_dashboard_shows_what_reaches_it_directly_or_through_what_gathers(
    subject: str, expected: Value
) -> None:
    assert value(WATCHED, "service", "at_dashboard", subject) == expected


def test_logs_reach_a_dashboard_through_an_index() -> None:
    text = WATCHED.replace("to: [metrics, logs]", "to: logs")
    assert value(text, "service", "at_dashboard", "through") == Known(True)
