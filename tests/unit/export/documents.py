"""One of every document that is written in formats, made of a model; a new document needs its line here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.unit.export.dossiers import DAY, LIBRARY
from tests.unit.render.written import HOSTILE
from threatmodel import diff
from threatmodel.api import Review, parse
from threatmodel.export.comparison import Comparison
from threatmodel.export.diagrams import Diagram, Sequence
from threatmodel.export.dossier import Dossier
from threatmodel.export.fixes import Fixes
from threatmodel.export.history import History
from threatmodel.export.outcome import Outcome
from threatmodel.export.paths import Lineage, Paths, Reach
from threatmodel.export.threats import ThreatView
from threatmodel.graph.blast_radius import spread
from threatmodel.graph.data_at_stake import stakes
from threatmodel.graph.lineage import lineage, silent_flows
from threatmodel.records import processing_record
from threatmodel.render.diagram.picture import picture
from threatmodel.render.history import Moment, counts
from threatmodel.source import parse as parse_text

EMPTY: Final = """
actors: {who: {}}
data: {what: {}}
scenarios: {story: {steps: []}}
"""
NAME: Final = " ".join(HOSTILE)


def hostile() -> str:
    """A model in which every text of a user breaks out of some notation."""
    name = json.dumps(NAME)
    return f"""
description: {name}
parties: {{p: {{own: true, gdpr: controller, hipaa: provider, title: {name}}}}}
data: {{what: {{categories: [personal, health], confidentiality: restricted, title: {name}, purposes: why}}}}
purposes: {{why: {{title: {name}}}}}
actors: {{who: {{title: {name}, boundary: out}}}}
boundaries: {{out: {{trust: untrusted, title: {name}}}}}
services: {{web: {{title: {name}, description: {name}}}}}
stores: {{db: {{title: {name}, holds: what, controls: {{encrypt-at-rest: false}}}}}}
flows:
  - {{from: who, to: web, data: what, title: {name}, name: a, protocol: http}}
  - {{from: web, to: db, data: what, title: {name}, protocol: http}}
scenarios: {{story: {{title: {name}, steps: ["who->web:a"]}}}}
"""


def review(text: str) -> Review:
    """The review of a model."""
    return parse(parse_text(f"threatmodel: 1\nname: m\n{text}", "m.yaml"), LIBRARY, DAY)


def document(name: str, review: Review) -> Any:
    """The document of that name of a model."""
    return MAKERS[name](review)


def _dossier(review: Review) -> Dossier:
    frameworks = tuple(f for f in LIBRARY.frameworks if f.id == "hipaa")
    return Dossier(review.graph, review.assess(), frameworks, LIBRARY.catalog.controls, review.digest)


def _comparison(after: Review) -> Comparison:
    before = review(EMPTY)
    changes = diff.compare(before.version(), after.version())
    return Comparison(changes, before.version(), after.version(), "m.yaml", lambda dot, flows: None)


def _threats(review: Review) -> ThreatView:
    derived, assessment = review.threats(), review.assess()
    columns = derived.columns
    return ThreatView(
        assessment.name,
        assessment.as_of,
        lambda: derived.results(columns),
        lambda rows: derived.tables(columns, rows),
        derived.found(assessment),
    )


def _paths(review: Review) -> Paths:
    defence = review.defence()
    paths = defence.paths_to_each(defence.outside, defence.sensitive, 5)
    at_stake = stakes(review.graph, defence.sensitive_data)
    return Paths(review.graph, "PATHS", paths, defence.depths(), at_stake)


def _lineage(review: Review) -> Lineage:
    trails = lineage(review.graph, "what")
    kept = {trail.asset: review.protection(trail.asset) for trail in trails}
    return Lineage(review.graph, trails, kept, silent_flows(review.graph))


def _history(review: Review) -> History:
    found = counts(review.assess(), review.defence().depths())
    return History((Moment("a" * 40, DAY, NAME, found), Moment("b" * 40, DAY, NAME, None, NAME)), "m.yaml")


MAKERS: Final[Mapping[str, Callable[[Review], Any]]] = {
    "assessment": lambda r: Outcome(r.assess(), LIBRARY.catalog.controls, "m.yaml"),
    "changes": _comparison,
    "diagram": lambda r: Diagram(picture(r.graph, r.assess())),
    "scenario": lambda r: Sequence(r.graph, r.model.scenarios["story"], r.assess()),
    "matrix": _dossier,
    "record": lambda r: processing_record(r.graph, r.assess()),
    "compliance": _dossier,
    "threats": _threats,
    "paths": _paths,
    "reach": lambda r: Reach(r.graph, 0, spread(r.graph, 0), False),
    "lineage": _lineage,
    "fixes": lambda r: Fixes(r.plan(list(r.assess().findings), {}, None)),
    "history": _history,
}
