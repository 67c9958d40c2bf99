"""Small diagrams of Code2DFD, and what becomes of them."""

from __future__ import annotations

import json

from threatmodel.api import Library, Review, parse
from threatmodel.importers import Imported
from threatmodel.importers.code2dfd.convert import import_code2dfd
from threatmodel.importers.foreign import Foreign
from threatmodel.model import Model
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()


def node(name: str, *stereotypes: str, **tags: object) -> dict[str, object]:
    """A service or external entity; `_` in the names of tags stands for a blank."""
    tagged = {key.replace("_", " "): value for key, value in tags.items()}
    return {"name": name, "stereotypes": list(stereotypes), "tagged_values": tagged}


def arrow(sender: str, receiver: str, *stereotypes: str, **tags: object) -> dict[str, object]:
    """An information flow."""
    tagged = {key.replace("_", " "): value for key, value in tags.items()}
    return {"sender": sender, "receiver": receiver, "stereotypes": list(stereotypes), "tagged_values": tagged}


def text(
    services: list[dict[str, object]],
    externals: list[dict[str, object]] | None = None,
    flows: list[dict[str, object]] | None = None,
) -> str:
    """The JSON of one diagram."""
    parts = {"services": services, "external_entities": externals or [], "information_flows": flows or []}
    return json.dumps(parts)


def imported(
    services: list[dict[str, object]],
    externals: list[dict[str, object]] | None = None,
    flows: list[dict[str, object]] | None = None,
) -> Imported:
    """The model's text and the report for one diagram."""
    return import_code2dfd(Foreign(text(services, externals, flows), LIBRARY.kinds))


def review(found: Imported) -> Review:
    """The review of an imported model; fails where its text is no valid model."""
    return parse(parse_yaml(found.text), LIBRARY, "2026-01-01")


def model(
    services: list[dict[str, object]],
    externals: list[dict[str, object]] | None = None,
    flows: list[dict[str, object]] | None = None,
) -> Model:
    """The model that a diagram becomes."""
    return review(imported(services, externals, flows)).model


def told(found: Imported) -> list[str]:
    """The report in short: outcome and text of each note."""
    return [f"{note.outcome}: {note.text}" for note in found.report]
