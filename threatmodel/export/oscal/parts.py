"""What all OSCAL documents share: stable ids, time stamps, properties, metadata, and text that it accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from threatmodel._version import __version__
from threatmodel.catalog import Framework, Requirement
from threatmodel.export.dossier import Dossier
from threatmodel.render.matrix import DISCLAIMER
from threatmodel.render.text.escape import one_line

Plain: TypeAlias = dict[str, Any]

OSCAL_VERSION: Final = "1.2.1"
NS: Final = "urn:threatmodel:oscal"
"""The name space of properties that OSCAL does not define."""

_SPACE: Final = uuid5(NAMESPACE_URL, NS)
_PART: Final = re.compile(r"[^\w.\-]+")


def stable(*names: str) -> str:
    """The id of a thing by its names: the same in every run, so that documents can be compared."""
    return str(uuid5(_SPACE, "\x1f".join(names)))


def stamp(day: str) -> str:
    """A day as a time stamp."""
    return f"{day}T00:00:00Z"


def control_id(framework: Framework, row: Requirement) -> str:
    """The id of a row: OSCAL ids have no parentheses, so `164.312(e)(1)` is `hipaa-164.312.e.1`."""
    number = row.id.lower().replace("art. ", "art").replace("(", ".").replace(")", "")
    return f"{token(framework.id)}-{_PART.sub('-', number)}"


def token(text: str) -> str:
    """A word that OSCAL takes as a token: it begins with a letter and has no blanks."""
    found = _PART.sub("-", one_line(text)).strip("-.") or "x"
    return found if found[0].isalpha() or found[0] == "_" else f"_{found}"


def line(text: str) -> str:
    """One line of user text as OSCAL's markup takes it: signs of Markdown and HTML escaped; never empty."""
    shown = re.sub(r"([\\`*_{}\[\]<>#|~$^])", r"\\\1", one_line(text)).strip()
    return shown or "-"


def value(text: str) -> str:
    """User text as the value of a property: one line, never empty."""
    return one_line(text).strip() or "-"


def prop(name: str, text: str, ns: str | None = NS) -> Plain:
    """A property, by default in our name space."""
    found = {"name": name, "value": value(text)}
    return {"name": name, "ns": ns, "value": value(text)} if ns else found


def metadata(dossier: Dossier, title: str) -> Plain:
    """The metadata of a document about the model."""

    return {
        "title": line(title),
        "last-modified": stamp(dossier.assessment.as_of),
        "version": dossier.assessment.as_of,
        "oscal-version": OSCAL_VERSION,
        "props": [
            prop("made-with", f"threatmodel {__version__}"),
            *([prop("model-digest", dossier.digest)] if dossier.digest else []),
            *(prop("catalog-digest", f"{e.name} {e.digest}") for e in dossier.assessment.catalogs),
        ],
        "remarks": line(DISCLAIMER),
    }


def party_title(dossier: Dossier, party: str) -> str:
    """A party as documents name it: its title, else its id."""
    return line(dossier.graph.model.parties[party].title or party)


def catalog_resource(framework: Framework) -> Plain:
    """The catalog of a framework as a resource that documents refer to."""
    return {
        "uuid": catalog_uuid(framework),
        "title": line(framework.title),
        "description": line(f"{framework.source}; law as of {framework.law_as_of}"),
        "rlinks": [{"href": f"oscal-catalog-{token(framework.id)}.json", "media-type": "application/json"}],
    }


def catalog_uuid(framework: Framework) -> str:
    """The id of a framework's catalog as a resource."""
    return stable("resource", framework.id)


def without_empty(plain: Mapping[str, Any]) -> Plain:
    """The mapping without empty lists and texts, which OSCAL refuses."""
    return {key: entry for key, entry in plain.items() if entry not in ([], "", None)}
