"""What every part of a published JSON document has: no keys but its own, and places that count from 1."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Severity: TypeAlias = Literal["low", "medium", "high", "critical"]


class Part(BaseModel):
    """A mapping of a document: it may hold the keys that are named, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Part):
    """Where something is written: lines and columns count from 1."""

    file: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
