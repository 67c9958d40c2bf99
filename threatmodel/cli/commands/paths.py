"""`threatmodel paths`: the weakest paths into a system, and how many layers stand before what matters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import as_of_option, catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit, screen
from threatmodel.cli.path_options import data_named, element_named
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.api import Review


@click.command(name="paths")
@model_argument
@click.option("--from", "source", metavar="ELEMENT", help="Begin here (default: all untrusted ground).")
@click.option("--to", "target", metavar="ELEMENT", help="End here (default: what has confidential data).")
@click.option("--data", metavar="DATA", help="End at whatever keeps or handles this data asset.")
@click.option("-k", "most", type=click.IntRange(1, 1000), default=5, show_default=True, help="So many paths.")
@format_option("paths")
@catalog_option
@as_of_option
@output_option
def command(
    model: str | None,
    source: str | None,
    target: str | None,
    data: str | None,
    most: int,
    form: str,
    as_of: str | None,
    output: Path | None,
) -> None:
    """Show the weakest paths of MODEL: those that pass the fewest controls.

    With --to the weakest paths to one element; without, the weakest path to each sensitive element,
    the number of layers of defence that every path to it passes (known, and at most), and the elements at
    which most sensitive data are at stake.
    """
    from threatmodel.export.paths import Paths
    from threatmodel.graph.data_at_stake import stakes

    if model and Path(model).name == model and not Path(model).suffix and not Path(model).exists():
        raise UsageError(f"there is no file `{model}`", f"an element is named by `--to {model}`")
    chosen = chosen_format("paths", form, model)
    review = open_review(model, as_of)
    defence = review.defence()
    sources = frozenset({element_named(review, source)}) if source else defence.outside
    targets = _targets(review, target, data) or defence.sensitive
    if target:
        paths = defence.paths(sources, targets[0], most)
    else:
        paths = defence.paths_to_each(sources, targets, most)
    depths = () if source else defence.depths(targets)
    whole = not (source or target or data)
    at_stake = stakes(review.graph, defence.sensitive_data) if whole else ()
    title = _title(source, target, data)
    emit(chosen.write(Paths(review.graph, title, paths, depths, at_stake, screen(output))), output)


def _targets(review: Review, target: str | None, data: str | None) -> list[int]:
    if target:
        return [element_named(review, target)]
    return review.holders(data_named(review, data)) if data else []


def _title(source: str | None, target: str | None, data: str | None) -> str:
    begin = f"`{source}`" if source else "untrusted ground"
    end = (
        f"`{target}`"
        if target
        else f"whatever has `{data}`"
        if data
        else "each element with confidential data"
    )
    return f"WEAKEST PATHS from {begin} to {end}"
