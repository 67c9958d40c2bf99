"""`threatmodel schema`: the JSON Schema (draft-07) that editors complete and check with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from threatmodel.cli.options import catalog_option, output_option, settings_of
from threatmodel.cli.output import emit
from threatmodel.export.schemas import PUBLISHED


@click.command(name="schema")
@click.option(
    "--of",
    "document",
    type=click.Choice(tuple(PUBLISHED)),
    help="The schema of JSON that threatmodel writes instead.",
)
@click.option("--decisions", is_flag=True, help="The schema of decisions.yaml instead.")
@catalog_option
@output_option
def command(document: str | None, decisions: bool, output: Path | None) -> None:
    """Print the JSON Schema of the model file, with every key, kind and control id.

    With --of it is that of a document that other programs read: what `check`, `threats`, `diff` and
    `export graph` write as JSON, in the version that their first key names.

    \b
    Save it and point an editor at it from the first line of a model:
    # yaml-language-server: $schema=threatmodel.schema.json
    """
    if document is not None:
        from threatmodel.export.schemas import json_schema as published

        emit(json.dumps(published(document), indent=1, ensure_ascii=False) + "\n", output)
        return
    from threatmodel.model.schema import decisions_schema, json_schema

    library = settings_of(None).library()
    titles = {c.id: c.title for c in library.catalog.controls.values() if not c.disabled}
    schema = decisions_schema(library.kinds) if decisions else json_schema(library.kinds, titles)
    emit(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", output)
