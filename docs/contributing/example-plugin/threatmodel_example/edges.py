"""Imports lines such as `web -> db`: `threatmodel import --plugins edges edges FILE`."""

from __future__ import annotations

from threatmodel.importers import Imported
from threatmodel.importers.foreign import Foreign, refusal
from threatmodel.importers.model_text import Ids, Plain, model_text
from threatmodel.importers.outcome import Notes
from threatmodel.importers.registry import Importer

IMPORTER = Importer("edges", "a list of arrows between names", "threatmodel_example.edges:read")


def read(foreign: Foreign) -> Imported:
    """The model with a service for each name and a flow for each arrow."""
    ids, notes = Ids(), Notes()
    services: dict[str, Plain] = {}
    names: dict[str, str] = {}
    flows: list[dict[str, Plain]] = []
    for number, line in enumerate(foreign.text.splitlines(), 1):
        place = f"line {number}"
        source, arrow, target = (part.strip() for part in line.partition("->"))
        if not arrow:
            notes.add("dropped", "a line without an arrow", place)
            continue
        for name in (source, target):
            if name not in names:
                names[name] = ids.give(name)
                services[names[name]] = {}
        flow: dict[str, Plain] = {"from": names[source], "to": names[target]}
        if source == target or flow in flows:
            notes.add("dropped", "an arrow to itself, or one that stands twice", place)
            continue
        flows.append(flow)
        notes.add("kept", "arrows", place)
    if not services:
        raise refusal(foreign.file, "no line has an arrow, such as `web -> db`")
    root: dict[str, Plain] = {"threatmodel": 1, "name": "Imported", "services": services, "flows": flows}
    return Imported(model_text("Imported from a list of arrows.", root), notes.report())
