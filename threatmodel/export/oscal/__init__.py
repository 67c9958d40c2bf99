"""OSCAL 1.2.1 documents as JSON: ids that never change, and every reference checked before writing."""

from __future__ import annotations

import json

from threatmodel.errors import InternalError
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.catalog import catalog, statement_id
from threatmodel.export.oscal.check import faults
from threatmodel.export.oscal.components import component_definition
from threatmodel.export.oscal.mapping import mapping_collection
from threatmodel.export.oscal.parts import Plain, control_id
from threatmodel.export.oscal.poam import plan_of_action
from threatmodel.export.oscal.results import assessment_results

__all__ = ["write", "write_catalog", "write_components", "write_mapping", "write_poam", "write_results"]


def write_components(dossier: Dossier) -> str:
    """What services and stores carry out, of all frameworks together."""
    return write(component_definition(dossier), dossier)


def write_results(dossier: Dossier) -> str:
    """Observations and findings, of all frameworks together."""
    return write(assessment_results(dossier), dossier)


def write_poam(dossier: Dossier) -> str:
    """What is to be done about gaps, of all frameworks together."""
    return write(plan_of_action(dossier), dossier)


def write_catalog(dossier: Dossier) -> str:
    """The one framework; raises UsageError for several."""
    return write(catalog(dossier, dossier.only()), dossier)


def write_mapping(dossier: Dossier) -> str:
    """What the rows of the one framework refer to; raises UsageError for several."""
    return write(mapping_collection(dossier, dossier.only()), dossier)


def write(document: Plain, dossier: Dossier) -> str:
    """A document as JSON text; raises InternalError when an id in it occurs twice or leads nowhere."""
    rows = [(f, row) for f in dossier.frameworks for row in f.requirements]
    controls = {control_id(f, row) for f, row in rows}
    found = faults(document, controls, {statement_id(f, row) for f, row in rows})
    if found:
        raise InternalError(f"the OSCAL document is wrong: {'; '.join(found[:3])}")
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
