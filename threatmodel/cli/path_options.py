"""What the commands about paths, reach and lineage share: elements and data by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from threatmodel.cli.output import emit, screen
from threatmodel.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from threatmodel.api import Review


def element_named(review: Review, name: str) -> int:
    """The number of an element; raises UsageError with the nearest one."""
    index = review.graph.index
    if name not in index:
        raise UsageError(f"no element `{name}`", did_you_mean(name, index))
    return index[name]


def data_named(review: Review, name: str) -> str:
    """A data asset of the model; raises UsageError with the nearest one."""
    if name not in review.model.data:
        raise UsageError(f"no data asset `{name}`", did_you_mean(name, review.model.data))
    return name


def show(text: Callable[[int, bool], str], output: Path | None) -> None:
    """Emits a text that is made for a width, with colour or without."""
    emit(text(*screen(output)), output)
