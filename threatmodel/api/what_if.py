"""The texts of a model as they would be with values set and unset; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from threatmodel.api.review import Review


class Assignment(NamedTuple):
    """The text of each file of a model, by its name, as it would be.

    `shared` are flows that are one entry of the file, so that a change of one changes all of them.
    """

    texts: Mapping[Path, str]
    shared: tuple[tuple[str, ...], ...]


def assigned(review: Review, sets: Sequence[str], unsets: Sequence[str]) -> Assignment:
    """A model with `PATH=VALUE` said and `PATH` no longer said; raises UsageError for what names nothing."""
    from threatmodel.edit.assign import with_value, without_value
    from threatmodel.edit.naming import assignment, site_named

    documents = review.model.documents
    texts = {file: document.text for file, document in enumerate(documents)}
    shared: list[tuple[str, ...]] = []
    for text in sets:
        name, value = assignment(text)
        file, steps, flows = site_named(review.model, name)
        shared.append(flows)
        texts[file] = with_value(texts[file], documents[file].file, steps, value)
    for name in unsets:
        file, steps, flows = site_named(review.model, name)
        shared.append(flows)
        texts[file] = without_value(texts[file], documents[file].file, steps)
    named = {Path(documents[file].file): text for file, text in texts.items()}
    return Assignment(named, tuple(flows for flows in shared if len(flows) > 1))
