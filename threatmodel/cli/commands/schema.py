"""`threatmodel schema`: the JSON Schema (draft-07) that editors complete and check with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from threatmodel.cli.options import catalog_option, output_option, settings_of
from threatmodel.cli.output import emit


@click.command(name="schema")
@click.option("--decisions", is_flag=True, help="The schema of decisions.yaml instead.")
@catalog_option
@output_option
def command(decisions: bool, output: Path | None) -> None:
    """Print the JSON Schema of the model file, with every key, kind and control id.

    \b
    Save it and point an editor at it from the first line of a model:
    # yaml-language-server: $schema=threatmodel.schema.json
    """
    from threatmodel.model.schema import decisions_schema, json_schema

    library = settings_of(None).library()
    titles = {c.id: c.title for c in library.catalog.controls.values() if not c.disabled}
    schema = decisions_schema(library.kinds) if decisions else json_schema(library.kinds, titles)
    emit(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", output)
