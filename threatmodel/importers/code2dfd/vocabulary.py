"""What the stereotypes and tagged values of Code2DFD mean in the words of the model, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

SPELLINGS: Final[Mapping[str, str]] = {
    "api_gateway": "gateway",
    "authenticated_request": "authenticated",
    "authentication_scopes_all": "authentication_scope_all_requests",
    "authentication_service": "authentication_server",
    "authorization_scopes_all": "authorization_scope_all_requests",
    "authorization_service": "authorization_server",
    "circuit_breaker_guarded": "circuit_breaker_link",
    "config_server": "configuration_server",
    "encrypted_connection": "encrypted",
    "entry_point": "entrypoint",
    "exit_point": "exitpoint",
    "in_memory_datastore": "in_memory_data_store",
    "load_balanced": "load_balanced_link",
    "log_sanitisation": "log_sanitization",
    "login_attempt_regulation": "login_attempts_regulation",
    "secrets_manager": "secret_manager",
    "service_registry": "service_discovery",
    "ssl_enabled": "encrypted",
    "user": "user_stereotype",
}
"""Other spellings of stereotypes: older versions, variants of the data set, words of the metamodel."""


class Role(NamedTuple):
    """What an element with a stereotype is: its kind, and whether it is a store."""

    kind: str
    store: bool = False


ROLES: Final[Mapping[str, Role]] = {
    "secret_manager": Role("secret-store", True),
    "authorization_server": Role("identity-provider"),
    "authentication_server": Role("login-service"),
    "message_broker": Role("message-broker", True),
    "service_discovery": Role("service-registry"),
    "logging_server": Role("log-store", True),
    "monitoring_dashboard": Role("monitoring-dashboard"),
    "token_server": Role("identity-provider"),
    "monitoring_server": Role("monitoring-system"),
    "metrics_server": Role("monitoring-system"),
    "search_engine": Role("search-index", True),
    "tracing_server": Role("tracing-server"),
    "configuration_server": Role("configuration-server"),
    "administration_server": Role("admin-console"),
    "deployment_server": Role("deployment-pipeline"),
    "stream_aggregator": Role("stream-processor"),
    "visualization": Role("business-intelligence"),
    "database": Role("database", True),
    "external_database": Role("database", True),
    "github_repository": Role("source-repository", True),
    "mail_server": Role("mail-service"),
    "gateway": Role("api-gateway"),
    "server_side_load_balancer": Role("load-balancer"),
    "proxy": Role("reverse-proxy"),
    "web_application": Role("web-application"),
    "web_server": Role("web-server"),
    "external_website": Role("api"),
    "tokenstore": Role("key-value-database", True),
    "internal": Role("api"),
}
"""The kind of an element is that of the first of its stereotypes in this order.

What is asked of the whole system comes first: who authenticates, brokers, registers, logs and shows; ways in
come late, since an entry point is known by its boundary too; `internal` says little and comes last.
"""

TOGETHER: Final[Mapping[frozenset[str], Role]] = {
    frozenset(("logging_server", "monitoring_dashboard")): Role("observability-platform"),
}
"""Kinds that say two roles at once."""

FUNCTIONS: Final = frozenset(
    "administration_server authentication_server authorization_server configuration_server gateway "
    "logging_server message_broker metrics_server monitoring_dashboard monitoring_server search_engine "
    "service_discovery tracing_server web_application web_server".split()
)
"""Tasks that a service of its own should have, when one of them is to authenticate or authorize."""

ONE_OF_EACH: Final[Mapping[str, str]] = {
    "authorization_server": "central-authorization",
    "authentication_server": "central-authentication",
    "logging_server": "central-logs",
    "service_discovery": "single-registry",
    "secret_manager": "central-secret-store",
}
"""Stereotypes of which a system should have exactly one, and the control that asks for it."""

AT_LEAST_ONE: Final[Mapping[str, str]] = {
    "message_broker": "message-broker",
    "monitoring_dashboard": "monitoring-dashboard",
    "login_attempts_regulation": "limit-logins",
}
"""Stereotypes of which a system should have one or more, and the control that asks for it."""

ON_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "authentication": ("authenticate-at-entry", "authenticate-caller"),
    "authorization": ("authorize",),
    "circuit_breaker": ("circuit-breaker",),
    "load_balancer": ("balance-load",),
    "local_logging": ("write-logs",),
    "log_sanitization": ("sanitise-logs",),
    "validate_registration": ("check-registrations",),
}
"""Stereotypes of services that state controls."""

ONLY_ON_SERVICES: Final = frozenset(("check-registrations",))
"""Controls that a store cannot state."""

ABSENT: Final = (
    "authenticate-at-entry",
    "authenticate-caller",
    "authenticate-service",
    "authorize",
    "authorize-calls",
    "balance-load",
    "check-registrations",
    "circuit-breaker",
    "encrypt-in-transit",
    "sanitise-logs",
    "ship-logs-through-broker",
    "show-on-dashboard",
    "write-logs",
)
"""Controls that are absent wherever the diagram does not annotate them: it is closed-world."""

PROTOCOLS: Final[Mapping[str, tuple[str, str]]] = {
    "jdbc": ("jdbc", "jdbc-tls"),
    "message_producer_kafka": ("kafka", "kafka-tls"),
    "message_consumer_kafka": ("kafka", "kafka-tls"),
    "message_producer_rabbitmq": ("amqp", "amqps"),
    "message_consumer_rabbitmq": ("amqp", "amqps"),
    "restful_http": ("http", "https"),
}
"""The protocol of a flow by the first of its stereotypes in this order: as it is, and encrypted."""

TELEMETRY: Final = frozenset(("log-store", "monitoring-system", "monitoring-dashboard", "tracing-server"))
"""Kinds that take in logs, metrics and traces."""

WITHOUT_MEANING: Final[Mapping[str, str]] = {
    "auth_provider": "that a flow serves authentication",
    "authentication_scope_all_requests": "how much of a service asks for authentication",
    "authorization_scope_all_requests": "how much of a service asks for authorization",
    "csrf_disabled": "protection against forged requests",
    "encryption": "encryption inside a service",
    "client": "that a service is a client of another",
    "exitpoint": "ways out",
    "feign_connection": "the library of a client",
    "load_balanced_link": "that one flow is balanced",
    "pre_authorized_endpoints": "which endpoints check permissions",
    "messaging": "that a service exchanges messages",
    "resource_server": "that a service accepts tokens",
    "token_validation": "that a service checks tokens",
    "transform_identity_representation": "that identities are passed on in a form of their own",
}
"""Stereotypes that are dropped, and what is lost with them."""

SHOWN_TAGS: Final = (
    "Port",
    "Exposed Port",
    "Host",
    "URL",
    "Endpoints",
    "Producer Topic",
    "Consumer Topic",
    "Producer Exchange",
    "Consumer Exchange",
    "Routing Key",
    "Queue",
)
"""Tagged values that go into descriptions; all others but products are dropped, credentials above all."""

SURE_OF_ENCRYPTION: Final = frozenset(("http", *(secure for _, secure in PROTOCOLS.values()), "tls"))
"""Protocols whose name decides whether they encrypt."""

KNOWN: Final = frozenset(
    (
        *ROLES,
        *ON_ELEMENTS,
        *AT_LEAST_ONE,
        *PROTOCOLS,
        "authenticated",
        "authentication_with_plaintext_credentials",
        "authorized",
        "basic_authentication",
        "circuit_breaker_link",
        "encrypted",
        "entrypoint",
        "in_memory_authentication",
        "in_memory_data_store",
        "infrastructural",
        "plaintext_credentials",
        "plaintext_credentials_link",
        "ssl_disabled",
        "user_stereotype",
    )
)
"""Stereotypes that the model says in one way or another."""

PRODUCT_TAGS: Final[Mapping[str, str]] = {
    "external_database": "Database",
    "local_logging": "Logging Technology",
    "server_side_load_balancer": "Load Balancer",
}
"""Tagged values that tell the product of a stereotype, where they have another name than it."""

READ_TAGS: Final = frozenset(
    (
        "Circuit Breaker",
        "In-Memory Data Store",
        "Load Balancer",
        "Logging Technology",
        "Pre-authorized Endpoints",
        "Protocol",
        *(role.replace("_", " ").title() for role in ROLES),
    )
)
"""Tagged values that say more about a stereotype, which has a note of its own where it is lost."""
