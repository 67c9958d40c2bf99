"""Dossiers of the samples and of hostile models, for the writers of compliance documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from threatmodel.api import Library, Review, load, parse
from threatmodel.export.dossier import Dossier
from threatmodel.resources import resource_dir
from threatmodel.source import parse as parse_text

LIBRARY = Library()
DAY = "2026-11-01"


@cache
def sample(name: str) -> Dossier:
    """The dossier of a sample, of all frameworks."""
    return dossier(load(Path(resource_dir("samples")) / name / "threatmodel.yaml", LIBRARY, DAY))


@cache
def other_frameworks(name: str) -> Dossier:
    """The dossier of a sample, of the frameworks that count only where they are named."""
    files = tuple(sorted(resource_dir("catalogs").glob("frameworks/by-name/*.yaml")))
    library = Library(own=files)
    review = load(Path(resource_dir("samples")) / name / "threatmodel.yaml", library, DAY)
    named = tuple(f for f in library.frameworks if f.id in {file.stem for file in files})
    return Dossier(review.graph, review.assess(), named, library.catalog.controls)


def small(text: str) -> Dossier:
    """The dossier of a model as text."""
    return dossier(parse(parse_text(f"threatmodel: 1\nname: m\n{text}", "m.yaml"), LIBRARY, DAY))


def dossier(review: Review) -> Dossier:
    """The dossier of a review, of all frameworks."""
    return Dossier(review.graph, review.assess(), LIBRARY.frameworks, LIBRARY.catalog.controls)


def of_framework(dossier: Dossier, name: str) -> Dossier:
    """The dossier of one framework only."""
    return dossier._replace(frameworks=tuple(f for f in dossier.frameworks if f.id == name))
