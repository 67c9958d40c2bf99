"""`threatmodel config`: the effective settings, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import catalog_option, config_option, settings_of

if TYPE_CHECKING:
    from threatmodel.api import Effective


@click.command(name="config")
@click.argument("model", required=False, metavar="[MODEL]")
@config_option
@catalog_option
def command(model: str | None, config: Path | None) -> None:
    """Show the settings that count for MODEL (default: this folder), and where each comes from.

    The command line wins over the environment (THREATMODEL_FAIL_ON and so on), which wins over the nearest
    .threatmodel.yaml or [tool.threatmodel] of pyproject.toml up to the root of the repository.
    """
    from threatmodel.render.text.escape import one_line

    rows = list(_rows(settings_of(model, config)))
    width = max(len(name) for name, _, _ in rows) + 2
    values = max(len(value) for _, value, _ in rows) + 2
    for name, value, origin in rows:
        click.echo(one_line(f"{name:{width}}{value:{values}}{origin}"))


def _rows(found: Effective) -> Iterator[tuple[str, str, str]]:
    for setting in found.settings.values():
        yield setting.name, setting.value or "none", setting.origin
    policy = found.policy
    if policy is None or policy.document is None:
        return
    gate = found.gate()
    for name, word in policy.hygiene.items():
        yield f"hygiene.{name}", word, str(policy.document.span(("hygiene", name)))
    for group in ("layers", "boundaries", "frameworks"):
        for name, word in getattr(policy, group).items():
            counts = name in getattr(gate, group)
            origin = str(policy.document.span((group, name)))
            yield f"{group}.{name}", word, origin if counts else f"{origin} (not used: fail-on is given)"
