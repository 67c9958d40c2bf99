"""Synthetic models of any size: three flows per service, a boundary per twenty services, a store per ten."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROTOCOLS = ("https", "http", "grpc", "postgresql", "amqp", None)
LEVELS = ("public", "internal", "confidential", "restricted")
CATEGORIES = ("personal", "health", "payment-card", "telemetry", "credentials")
SEED = 7


class Shape(NamedTuple):
    """A synthetic system: services and stores with their boundary, flows as (from, to, protocol, data)."""

    boundaries: int
    services: list[int]
    stores: list[int]
    flows: list[tuple[str, str, str | None, int]]

    @property
    def size(self) -> int:
        """Elements, flows and boundaries together."""
        return self.boundaries + len(self.services) + len(self.stores) + len(self.flows) + 1


DATA = 40
_SERVICE_CONTROLS = ("{authenticate-caller: oidc}", "{authorize: false}", "{log-events: planned}", "{}")


def shape(services: int) -> Shape:
    """The system with this many services; the same for the same number."""
    chance = random.Random(SEED)
    boundaries = max(1, services // 20)
    stores = max(1, services // 10)
    flows: dict[tuple[str, str], tuple[str, str, str | None, int]] = {}
    while len(flows) < 3 * services:
        target = f"s{chance.randrange(services)}" if chance.random() < 0.8 else f"d{chance.randrange(stores)}"
        source = "user" if chance.random() < 0.02 else f"s{chance.randrange(services)}"
        if source != target and not (source == "user" and target.startswith("d")):
            flows[source, target] = source, target, chance.choice(PROTOCOLS), chance.randrange(DATA)
    return Shape(
        boundaries,
        [chance.randrange(boundaries) for _ in range(services)],
        [chance.randrange(boundaries) for _ in range(stores)],
        list(flows.values()),
    )


def yaml_lines(system: Shape) -> Iterator[str]:
    """The system as a model file."""
    chance = random.Random(SEED)
    yield "threatmodel: 1\nname: Synthetic\n"
    yield "parties:\n  us: {own: true, gdpr: controller, hipaa: provider}\ndata:\n"
    for n in range(DATA):
        category = chance.choice(CATEGORIES)
        yield f"  data{n}: {{confidentiality: {LEVELS[n % 4]}, categories: [{category}]}}\n"
    yield "boundaries:\n  internet: {kind: internet}\n"
    for n in range(system.boundaries):
        stated = "{encrypt-in-transit: mutual tls}" if n % 3 == 0 else "{}"
        parent = f", parent: b{n // 2}" if n and n % 5 == 0 else ""
        yield f"  b{n}: {{kind: network{parent}, controls: {stated}}}\n"
    yield "actors:\n  user: {boundary: internet, human: true}\nservices:\n"
    for n, boundary in enumerate(system.services):
        controls = _SERVICE_CONTROLS[n % len(_SERVICE_CONTROLS)]
        yield f"  s{n}:\n    boundary: b{boundary}\n    kind: web-service\n    custom_code: true\n"
        yield f"    controls: {controls}\n"
    yield "stores:\n"
    for n, boundary in enumerate(system.stores):
        controls = ("{encrypt-at-rest: aes-256}", "{encrypt-at-rest: false}", "{}")[n % 3]
        yield f"  d{n}:\n    boundary: b{boundary}\n    kind: relational-database\n"
        yield f"    holds: data{n % DATA}\n    controls: {controls}\n"
    yield "flows:\n"
    for n, (source, target, protocol, data) in enumerate(system.flows):
        said = f"    protocol: {protocol}\n    port: {8000 + n % 1000}\n" if protocol else ""
        yield f"  - from: {source}\n    to: {target}\n    title: call {n} of {source}\n"
        yield f"    description: hands over what {target} needs for step {n % 90} of the order process\n"
        yield f"    kind: business\n{said}    sends: data{data}\n    returns: data{data}\n"


def write(path: Path, services: int) -> Shape:
    """Writes the model with this many services."""
    system = shape(services)
    path.write_text("".join(yaml_lines(system)), encoding="utf-8")
    return system
