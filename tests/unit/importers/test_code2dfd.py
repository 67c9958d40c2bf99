"""What becomes of each part of a Code2DFD diagram."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.importers.diagrams import LIBRARY, arrow, imported, model, node, review, text, told
from threatmodel.importers.code2dfd.convert import import_code2dfd
from threatmodel.importers.code2dfd.vocabulary import KNOWN, ROLES, WITHOUT_MEANING
from threatmodel.importers.foreign import Foreign


def test_a_user_acts_from_the_internet_and_services_stand_in_the_system() -> None:
    found = model([node("shop", "internal")], [node("customer", "user_stereotype")])
    assert found.actors["customer"].boundary == "internet"
    assert found.actors["customer"].human is True
    assert found.boundaries["internet"].trust == "untrusted"
    shop = found.services["shop"]
    assert (shop.boundary, shop.kind, shop.custom_code) == ("system", "api", True)
    assert (found.boundaries["system"].kind, found.boundaries["system"].trust) == ("microservices", "trusted")


def test_an_entry_point_stands_in_the_demilitarised_zone() -> None:
    found = model([node("gate", "gateway", "entrypoint"), node("shop")], [node("u", "user_stereotype")])
    assert found.services["gate"].boundary == "edge"
    assert (found.boundaries["edge"].kind, found.boundaries["edge"].parent) == ("dmz", "system")


def test_somebody_calls_the_entry_points_where_no_user_is_drawn() -> None:
    found = model([node("a", "entrypoint"), node("b", "entrypoint"), node("c")])
    assert [f.id for f in found.flows] == ["outside->a", "outside->b"]
    assert found.actors["outside"].boundary == "internet"
    assert "outside" not in model([node("a", "entrypoint")], [node("u", "user_stereotype")]).actors


def test_other_external_entities_stand_on_the_ground_of_others() -> None:
    found = review(imported([node("a")], [node("github", "github_repository"), node("mystery")]))
    graph = found.graph
    assert found.model.stores["github"].kind == "source-repository"
    assert found.model.services["mystery"].kind is None
    assert {graph.trust(graph.index[name]) for name in ("github", "mystery")} == {"third-party"}


@pytest.mark.parametrize(
    ("stereotypes", "section", "kind"),
    [
        (["message_broker"], "stores", "message-broker"),
        (["service_discovery", "infrastructural"], "services", "service-registry"),
        (["logging_server"], "stores", "log-store"),
        (["secret_manager"], "stores", "secret-store"),
        (["authorization_server", "authentication_server", "token_server"], "services", "identity-provider"),
        (["authentication_server"], "services", "login-service"),
        (["gateway", "monitoring_dashboard"], "services", "monitoring-dashboard"),
        (["logging_server", "monitoring_dashboard"], "services", "observability-platform"),
        (["database"], "stores", "database"),
        (["infrastructural"], "services", None),
    ],
)
def test_the_kind_follows_from_the_stereotypes(
    stereotypes: list[str], section: str, kind: str | None
) -> None:
    found = model([node("x", *stereotypes)])
    assert getattr(found, section)["x"].kind == kind


def test_every_role_gives_an_element_that_may_be_of_its_kind() -> None:
    for stereotype in ROLES:
        model([node("x", stereotype)], [node("y", stereotype)])


def test_a_product_is_recognised_and_decides_the_kind_of_a_database() -> None:
    found = model([node("db", "database", Database="MongoDB"), node("gw", "gateway", Gateway="Homemade")])
    assert (found.stores["db"].technology, found.stores["db"].kind) == ("mongodb", "document-database")
    assert found.services["gw"].technology is None


@pytest.mark.parametrize(
    ("stereotypes", "tags", "protocol"),
    [
        (["restful_http"], {}, "http"),
        (["restful_http"], {"Protocol": "HTTPS"}, "https"),
        (["restful_http", "encrypted"], {}, "https"),
        (["restful_http", "ssl_enabled"], {}, "https"),
        (["jdbc"], {}, "jdbc"),
        (["jdbc", "encrypted_connection"], {}, "jdbc-tls"),
        (["restful_http", "message_producer_kafka"], {}, "kafka"),
        (["message_consumer_rabbitmq"], {}, "amqp"),
        (["encrypted"], {}, "tls"),
        ([], {}, None),
    ],
)
def test_the_protocol_follows_from_the_stereotypes(
    stereotypes: list[str], tags: dict[str, object], protocol: str | None
) -> None:
    (flow,) = model([node("a"), node("b")], [], [arrow("a", "b", *stereotypes, **tags)]).flows
    assert flow.protocols == ((protocol,) if protocol else None)


def test_what_leaves_a_store_is_fetched_by_the_other_end() -> None:
    services = [
        node("shop"),
        node("db", "database"),
        node("bus", "message_broker"),
        node("logs", "logging_server"),
    ]
    flows = [arrow("db", "shop"), arrow("bus", "shop"), arrow("bus", "db"), arrow("logs", "shop")]
    flows += [arrow("db", "logs"), arrow("bus", "logs")]
    found = model(services, [], flows).flows
    assert [(f.id, f.title) for f in found] == [
        ("shop->db", "db -> shop"),
        ("shop->bus", "bus -> shop"),
        ("bus->db", None),
        ("logs->shop", None),
        ("db->logs", None),
        ("logs->bus", "bus -> logs"),
    ]


def test_flows_between_the_same_ends_get_names() -> None:
    services = [node("shop"), node("db", "database")]
    flows = [arrow("shop", "db"), arrow("db", "shop"), arrow("shop", "db")]
    assert [f.id for f in model(services, [], flows).flows] == [
        "shop->db",
        "shop->db:flow-2",
        "shop->db:flow-3",
    ]


def test_flows_that_the_language_cannot_say_are_dropped_with_a_note() -> None:
    found = imported([node("a")], [], [arrow("a", "a"), arrow("a", "ghost")])
    assert review(found).model.flows == ()
    assert "dropped: a flow from an element to itself" in told(found)
    assert "dropped: a flow with an end that is not drawn" in told(found)


def test_what_is_annotated_is_stated_where_it_is() -> None:
    stereotypes = ("circuit_breaker", "local_logging", "authorization", "authentication", "load_balancer")
    shop = model(
        [node("shop", *stereotypes, Circuit_Breaker="Hystrix", Logging_Technology="no log")]
    ).services["shop"]
    assert {c: s.mechanism for c, s in shop.controls.items()} == {
        "circuit-breaker": "Hystrix",
        "write-logs": "annotated",
        "authorize": "annotated",
        "authenticate-at-entry": "annotated",
        "authenticate-caller": "annotated",
        "balance-load": "annotated",
    }
    assert shop.holds == ("log",)


def test_a_store_states_nothing_that_only_a_service_can() -> None:
    found = model([node("db", "database", "validate_registration", "local_logging")])
    assert set(found.stores["db"].controls) == {"write-logs"}


def test_what_is_not_annotated_is_absent() -> None:
    baseline = model([node("shop")]).baseline
    assert {s.status for s in baseline.values()} == {"absent"}
    assert {"write-logs", "encrypt-in-transit", "central-secret-store", "limit-logins"} <= set(baseline)


def test_the_one_of_a_sort_is_named_and_two_are_none() -> None:
    one = model([node("r", "service_discovery")]).baseline["single-registry"]
    assert (one.status, one.by) == ("implemented", ("r",))
    two = model([node("r", "service_discovery"), node("s", "service_discovery")]).baseline["single-registry"]
    assert two.status == "absent"


def test_who_authorizes_also_authenticates_where_nobody_else_does() -> None:
    alone = model([node("oauth", "authorization_server")])
    assert alone.baseline["central-authentication"].by == ("oauth",)
    assert alone.services["oauth"].controls["dedicated-authorization"].status == "absent"
    apart = model([node("oauth", "authorization_server"), node("login", "authentication_server")])
    assert apart.baseline["central-authentication"].by == ("login",)
    assert apart.services["oauth"].controls["dedicated-authorization"].status == "implemented"
    assert apart.services["login"].controls["dedicated-authentication"].status == "implemented"


def test_flows_state_what_is_annotated_of_them() -> None:
    externals = [node("u", "user_stereotype"), node("bank", "external_website")]
    marks = ("authenticated", "authorized", "circuit_breaker_link")
    flows = [
        arrow("a", "b", *marks),
        arrow("u", "a", *marks),
        arrow("a", "bank", "jdbc"),
        arrow("a", "u", "jdbc"),
    ]
    found = {f.id: sorted(f.controls) for f in model([node("a"), node("b")], externals, flows).flows}
    assert found == {
        "a->b": ["authenticate-service", "authorize-calls", "handle-failure"],
        "u->a": ["authenticate-caller", "handle-failure"],
        "a->bank": ["encrypt-in-transit"],
        "a->u": [],
    }


def test_credentials_never_reach_the_model_or_the_report() -> None:
    secret = "hunter2secret"
    found = imported(
        [
            node("db", "database", "plaintext_credentials", Username=secret, Password=secret, Key=secret),
            node("api", URL=f"https://{secret}:{secret}@api.example/x?token={secret}#{secret}"),
        ],
        [],
        [arrow("db", "api", "plaintext_credentials_link", Password=secret)],
    )
    assert secret not in found.text
    assert secret not in repr(found.report)
    assert "dropped: user names and passwords: masked" in told(found)
    assert "dropped: the tagged value `Key`" in told(found)
    description = review(found).model.services["api"].description
    assert description == "url https://api.example/x"
    data = review(found).model.data["plaintext-credentials"]
    assert data.controls["store-secrets"].status == "absent"


def test_tokens_of_users_are_no_secrets_of_services() -> None:
    found = review(imported([node("oauth", "authorization_server", "tokenstore")]))
    assert found.model.services["oauth"].holds == ("tokens",)
    keys = [f.key for f in found.assess(frameworks=False).findings]
    assert keys
    assert "store-secrets@data:tokens" not in keys


def test_the_report_says_what_was_lost() -> None:
    found = imported(
        [node("a", "gateway", "tracing_server", "csrf_disabled", "frobnicated"), node("b", "csrf_disabled")]
    )
    assert told(found) == [
        "kept: services",
        "approximated: an element has one kind: that it is a `gateway` too is lost",
        "approximated: an element of no known kind",
        "dropped: `csrf_disabled`: protection against forged requests",
        "dropped: the unknown stereotype `frobnicated`",
    ]
    assert found.report[3].places == ("services[0]", "services[1]")


def test_hostile_names_become_ids_with_the_name_as_title() -> None:
    names = ['"><script>', "x: {y}\nflows: []", "true", "internet", "a->b", "\ud800"]
    found = model([node(n) for n in names], [], [arrow(names[0], names[1])])
    assert list(found.services) == ["script", "x-y-flows", "true", "internet", "a--b", "element"]
    assert found.services["script"].title == '"><script>'
    assert [f.id for f in found.flows] == ["script->x-y-flows"]
    assert found.boundaries.keys() == {"internet-2", "system", "edge"}


def test_a_name_drawn_twice_is_two_elements() -> None:
    found = imported([node("a")], [node("a", "external_website")], [])
    assert set(review(found).model.services) == {"a", "a-2"}
    assert "approximated: a name drawn twice: its flows go to the first" in told(found)


def test_the_same_diagram_gives_the_same_text() -> None:
    diagram = text([node("a", "gateway"), node("b")], [node("u", "user_stereotype")], [arrow("u", "a")])
    foreign = Foreign(diagram, LIBRARY.kinds)
    assert import_code2dfd(foreign) == import_code2dfd(foreign)


NAMES = st.sampled_from(["a", "b", "c d", "true", "", "x: y", "internet"]) | st.text(max_size=8)
WORDS = st.sampled_from(sorted(KNOWN | set(WITHOUT_MEANING))) | st.text(max_size=8)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.lists(st.text(max_size=5), max_size=3)
)
TAGS = st.dictionaries(
    st.sampled_from(["Port", "URL", "Database", "Protocol", "Password"]) | st.text(max_size=6), VALUES
)
PARTS = {"stereotypes": st.lists(WORDS, max_size=5), "tagged_values": TAGS}
NODES = st.lists(st.fixed_dictionaries({"name": NAMES.filter(str.strip)}, optional=PARTS), max_size=6)
ARROWS = st.lists(
    st.fixed_dictionaries(
        {"sender": NAMES.filter(str.strip), "receiver": NAMES.filter(str.strip)}, optional=PARTS
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(NODES, NODES, ARROWS)
def test_every_diagram_becomes_a_valid_model(
    services: list[dict[str, object]], externals: list[dict[str, object]], flows: list[dict[str, object]]
) -> None:
    diagram = {"services": services, "external_entities": externals, "information_flows": flows}
    found = import_code2dfd(Foreign(json.dumps(diagram), LIBRARY.kinds))
    read = review(found)
    assert len(read.model.services) + len(read.model.stores) + len(read.model.actors) >= len(
        services + externals
    )
    read.assess(frameworks=False)
