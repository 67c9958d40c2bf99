"""A mapping collection: the references of a framework's rows to NIST SP 800-53r5."""

from __future__ import annotations

import re
from typing import Final

from threatmodel.catalog import Framework, Requirement
from threatmodel.errors import UsageError
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.parts import (
    Plain,
    catalog_resource,
    catalog_uuid,
    control_id,
    metadata,
    stable,
)

_NIST: Final = re.compile(r"([A-Z]{2}-\d+)(?:\((\d+)\))?")
_TARGET: Final = stable("resource", "nist-sp-800-53r5")
_HREF: Final = (
    "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/"
    "NIST_SP-800-53_rev5_catalog.json"
)
_REMARK: Final = "An intersection is a reference: what shows one side shows nothing of the other."


def mapping_collection(dossier: Dossier, framework: Framework) -> Plain:
    """The mapping of one framework; raises UsageError when no row of it refers to SP 800-53r5."""
    rows = [row for row in framework.requirements if _targets(row)]
    if not rows:
        raise UsageError(f"no row of `{framework.id}` refers to NIST SP 800-53r5")
    return {
        "mapping-collection": {
            "uuid": stable("mapping-collection", framework.id),
            "metadata": metadata(dossier, f"{framework.title} to NIST SP 800-53r5"),
            "provenance": {
                "method": "human",
                "matching-rationale": "semantic",
                "status": "complete",
                "mapping-description": "The references that the framework's file gives. " + _REMARK,
            },
            "mappings": [
                {
                    "uuid": stable("mapping", framework.id),
                    "source-resource": {"type": "catalog", "href": f"#{catalog_uuid(framework)}"},
                    "target-resource": {"type": "catalog", "href": f"#{_TARGET}"},
                    "maps": [_map(framework, row) for row in rows],
                }
            ],
            "back-matter": {
                "resources": [
                    catalog_resource(framework),
                    {
                        "uuid": _TARGET,
                        "title": "NIST SP 800-53 Revision 5",
                        "rlinks": [{"href": _HREF, "media-type": "application/json"}],
                    },
                ]
            },
        }
    }


def _map(framework: Framework, row: Requirement) -> Plain:
    return {
        "uuid": stable("map", framework.id, row.id),
        "relationship": "intersects-with",
        "sources": [{"type": "control", "id-ref": control_id(framework, row)}],
        "targets": [{"type": "control", "id-ref": target} for target in _targets(row)],
        "remarks": _REMARK,
    }


def _targets(row: Requirement) -> tuple[str, ...]:
    """The ids of NIST's catalog: `CP-2(8)` is `cp-2.8`."""
    found = (_NIST.fullmatch(name) for name in row.references)
    return tuple((f"{m[1]}.{m[2]}" if m[2] else m[1]).lower() for m in found if m)
