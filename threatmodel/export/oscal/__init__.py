"""OSCAL 1.2.1 documents as JSON: ids that never change, and every reference checked before writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from threatmodel.catalog import Framework
from threatmodel.errors import InternalError
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.catalog import catalog, statement_id
from threatmodel.export.oscal.check import faults
from threatmodel.export.oscal.components import component_definition
from threatmodel.export.oscal.mapping import mapping_collection
from threatmodel.export.oscal.parts import Plain, control_id
from threatmodel.export.oscal.poam import plan_of_action
from threatmodel.export.oscal.results import assessment_results

__all__ = ["OF_FRAMEWORK", "OF_MODEL", "write"]

OF_MODEL: Final[dict[str, Callable[[Dossier], Plain]]] = {
    "oscal-component-definition": component_definition,
    "oscal-assessment-results": assessment_results,
    "oscal-poam": plan_of_action,
}
"""Documents about the model, of all chosen frameworks together."""

OF_FRAMEWORK: Final[dict[str, Callable[[Dossier, Framework], Plain]]] = {
    "oscal-catalog": catalog,
    "oscal-mapping-collection": mapping_collection,
}
"""Documents of one framework."""


def write(document: Plain, dossier: Dossier) -> str:
    """A document as JSON text; raises InternalError when an id in it occurs twice or leads nowhere."""
    rows = [(f, row) for f in dossier.frameworks for row in f.requirements]
    controls = {control_id(f, row) for f, row in rows}
    found = faults(document, controls, {statement_id(f, row) for f, row in rows})
    if found:
        raise InternalError(f"the OSCAL document is wrong: {'; '.join(found[:3])}")
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
