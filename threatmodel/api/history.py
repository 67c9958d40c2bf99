"""Assesses a model commit by commit: what gaps, unknowns and layers of defence came to."""

from __future__ import annotations

from threatmodel.api.review import load
from threatmodel.api.workspace import MODEL_NAMES
from threatmodel.catalog.library import Library
from threatmodel.errors import InputError
from threatmodel.render.history import Moment, counts
from threatmodel.source.revisions import Commit, Repository


def moments_of(
    repository: Repository, model: str, library: Library, revision: str, most: int, as_of: str | None = None
) -> list[Moment]:
    """The latest commits up to a revision that touch the folder of a model, each with what it came to.

    `model` is a path from the root of the repository. Each commit is assessed with the same catalogs, as of
    its own day without `as_of`; one that has no valid model says why.
    """
    commits = repository.commits(revision, model.rpartition("/")[0] or ".", most)
    return [_moment(repository, commit, model, library, as_of or commit.day) for commit in commits]


def _moment(repository: Repository, commit: Commit, model: str, library: Library, as_of: str) -> Moment:
    files = repository.at(commit.id)
    names = (model, *(model.removesuffix(MODEL_NAMES[0]) + n for n in MODEL_NAMES[1:]))
    name = next((n for n in names if files.is_file(repository.root / n)), None)
    if name is None:
        return Moment(commit.id, commit.day, commit.subject, None, "no model")
    try:
        review = load(repository.root / name, library, as_of, files=files, shown=name)
    except InputError as error:
        number = sum(d.level == "error" for d in error.diagnostics)
        problem = f"not valid: {number} error{'s' * (number != 1)}"
        return Moment(commit.id, commit.day, commit.subject, None, problem)
    found = counts(review.assess(frameworks=False), review.defence().depths())
    return Moment(commit.id, commit.day, commit.subject, found)
