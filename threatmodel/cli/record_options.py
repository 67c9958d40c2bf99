"""What every command takes that makes a record, and how the record is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    decisions_option,
    model_argument,
    output_option,
)
from threatmodel.cli.output import emit

if TYPE_CHECKING:
    from threatmodel.records import Record

Command = TypeVar("Command", bound=Callable[..., Any])


def record_options(command: Command) -> Command:
    """Model, form, day, decisions, file."""
    form = format_option("record")
    return model_argument(form(as_of_option(decisions_option(catalog_option(output_option(command))))))


def write_record(record: Record, form: str, model: str | None, output: Path | None) -> None:
    """Emits a record in the format of that name."""
    emit(chosen_format("record", form, model).write(record), output)
