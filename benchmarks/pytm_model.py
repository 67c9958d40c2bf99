"""Builds the synthetic system in pytm, which then writes its JSON: `python -m benchmarks.pytm_model N`."""

from __future__ import annotations

import sys
from typing import Any

from benchmarks.synthetic import DATA, LEVELS, Shape, shape


def build(system: Shape) -> Any:
    """The same elements, flows, boundaries and data as in the YAML model."""
    import pytm

    model = pytm.TM("Synthetic", description="benchmark")
    internet = pytm.Boundary("internet")
    boundaries = [pytm.Boundary(f"b{n}") for n in range(system.boundaries)]
    levels = dict(
        zip(
            LEVELS,
            (
                pytm.Classification.PUBLIC,
                pytm.Classification.RESTRICTED,
                pytm.Classification.SENSITIVE,
                pytm.Classification.SECRET,
            ),
            strict=True,
        )
    )
    data = [pytm.Data(f"data{n}", classification=levels[LEVELS[n % 4]]) for n in range(DATA)]
    elements: dict[str, Any] = {"user": pytm.Actor("user", inBoundary=internet)}
    for n, boundary in enumerate(system.services):
        elements[f"s{n}"] = pytm.Server(f"s{n}", inBoundary=boundaries[boundary])
    for n, boundary in enumerate(system.stores):
        elements[f"d{n}"] = pytm.Datastore(f"d{n}", inBoundary=boundaries[boundary])
    for source, target, protocol, item in system.flows:
        flow = pytm.Dataflow(elements[source], elements[target], f"{source}->{target}")
        flow.protocol = protocol or ""
        flow.data = data[item]
    return model


def main() -> None:
    """Builds, then hands over to pytm's own command line: `--json FILE`."""
    services = int(sys.argv[1])
    sys.argv = [sys.argv[0], *sys.argv[2:]]
    build(shape(services)).process()


if __name__ == "__main__":
    main()
