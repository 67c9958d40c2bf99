"""The control matrices of the frameworks of a dossier, in the forms that people read."""

from __future__ import annotations

from threatmodel.export.dossier import Dossier
from threatmodel.render import matrix
from threatmodel.render.matrix import Stamp
from threatmodel.results import FrameworkResult


def text(dossier: Dossier) -> str:
    """Text of 100 columns."""
    return matrix.matrix_text(_frameworks(dossier), _stamp(dossier))


def markdown(dossier: Dossier) -> str:
    """A Markdown page."""
    return matrix.matrix_markdown(_frameworks(dossier), _stamp(dossier))


def csv(dossier: Dossier) -> str:
    """A table with a requirement a row."""
    return matrix.matrix_csv(_frameworks(dossier), _stamp(dossier))


def html(dossier: Dossier) -> str:
    """One page of HTML."""
    return matrix.matrix_html(_frameworks(dossier), _stamp(dossier))


def _frameworks(dossier: Dossier) -> list[FrameworkResult]:
    ids = {framework.id for framework in dossier.frameworks}
    return [f for f in dossier.assessment.frameworks if f.id in ids]


def _stamp(dossier: Dossier) -> Stamp:
    found = dossier.assessment
    return Stamp(found.name, found.as_of, dossier.digest, found.catalogs)
