"""Publishes and checks the contracts of the JSON that machines read: a versioned schema for each document.

Only these modules need pydantic, and only `threatmodel schema --of` and people who read documents back import
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from threatmodel.plugins import named_object

if TYPE_CHECKING:
    from pydantic import BaseModel

    from threatmodel.export.schemas.assessment import AssessmentDocument

PUBLISHED: Final = {
    "assessment": "threatmodel.export.schemas.assessment:AssessmentDocument",
    "threats": "threatmodel.export.schemas.assessment:ThreatsDocument",
    "changes": "threatmodel.export.schemas.changes:ChangesDocument",
    "graph": "threatmodel.export.schemas.graph:GraphDocument",
}
"""The documents whose form is promised: what `check`, `threats`, `diff` and `export graph` write as JSON."""


def contract(document: str) -> type[BaseModel]:
    """The pydantic model of a document: it reads and validates what was written."""
    found: type[BaseModel] = named_object(PUBLISHED[document])
    return found


def json_schema(document: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | contract(document).model_json_schema(by_alias=True, mode="serialization")


def read_assessment(text: str) -> AssessmentDocument:
    """A written assessment, validated; raises pydantic's ValidationError for anything else."""
    from threatmodel.export.schemas.assessment import AssessmentDocument

    return AssessmentDocument.model_validate_json(text)
