"""One model under one catalog on one day: load, assess, explain and plan, a few lines each."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from threatmodel.catalog import Control
from threatmodel.catalog.library import Library
from threatmodel.errors import InputError, UsageError
from threatmodel.evaluate import Engine, Reason, assess, reason
from threatmodel.evaluate.notes.statement_places import misplaced
from threatmodel.graph import SystemGraph, build_graph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Decisions, Model, load_decisions, load_model, parse_model
from threatmodel.policy import apply_decisions
from threatmodel.policy.requirements import idle_decisions
from threatmodel.results import Assessment, Finding, subject_parts
from threatmodel.results.explanation import Explanation
from threatmodel.results.fixes import FixPlan
from threatmodel.results.paths import Protection
from threatmodel.source import DISK, Document, Files, uncollected

if TYPE_CHECKING:
    from threatmodel.diff import Version
    from threatmodel.evaluate.defence import Defence
    from threatmodel.evaluate.threats.derived import Threats
    from threatmodel.results import Note


class Review:
    """One model under one catalog on one day: its graph, its engine and, on demand, its assessment."""

    def __init__(
        self, model: Model, library: Library, as_of: str, decisions: Decisions | None = None
    ) -> None:
        problems = misplaced(model, library.catalog.controls)
        if problems:
            raise InputError(problems)
        self.model = model
        self.library = library
        self.decisions = decisions
        self.graph: SystemGraph = build_graph(model, library.kinds, as_of)
        self.engine = Engine(self.graph, library.catalog.controls)

    def assess(self, *, frameworks: bool = True) -> Assessment:
        """The assessment, decisions applied; without `frameworks` no matrix is computed."""
        with uncollected():
            rows = self.library.frameworks if frameworks else ()
            found = assess(self.engine, rows, self.decisions)._replace(catalogs=self.library.editions)
            decided = apply_decisions(found, self.decisions)
            if not frameworks:
                return decided
            others = {path.stem for path in self.library.folder.glob("frameworks/by-name/*.yaml")}
            unasked = others - {f.id for f in rows}
            idle = idle_decisions(self.decisions, rows, found.frameworks, unasked, self.graph.as_of)
            return decided._replace(warnings=(*decided.warnings, *idle))

    @property
    def digest(self) -> str:
        """The digest of the model's files and of its decisions: what a matrix says it was made of."""
        from threatmodel.catalog.overlay.editions import digest

        first, *more = (d.file for d in self.model.documents)
        folder = Path(first).parent
        names = [Path(first).name, *(Path(os.path.relpath(f, folder)).as_posix() for f in more)]
        texts = dict(zip(names, (d.text for d in self.model.documents), strict=True))
        if self.decisions:
            texts["decisions.yaml"] = self.decisions.document.text
        return digest({name: text.encode() for name, text in texts.items()})

    def version(self) -> Version:
        """What a diff compares: the graph, the assessment, and the layers before sensitive elements."""
        from threatmodel.diff import Version

        defence = self.defence()
        controls = self.library.catalog.controls
        return Version(self.graph, self.assess(), defence.depths(), defence.detour, controls)

    def defence(self) -> Defence:
        """What paths pass: the weakest ones, and how many layers stand before sensitive elements."""
        from threatmodel.evaluate.defence import Defence

        return Defence(self.engine)

    def protection(self, data: str) -> tuple[Protection, ...]:
        """How far each protection of a data asset carries on its way; empty where no flow carries it."""
        from threatmodel.evaluate.protection import protection

        return protection(self.engine, data)

    def notes(self, off: Collection[str] = ()) -> tuple[Note, ...]:
        """What in the model itself looks forgotten or repeated, without the rules named in `off`."""
        from threatmodel.evaluate.notes.hygiene import hygiene

        return hygiene(self.engine, off)

    def threats(self) -> Threats:
        """The threats to every subject, as they follow from the controls."""
        from threatmodel.evaluate.threats.derived import Threats

        return Threats(self.engine)

    def plan(
        self, findings: Sequence[Finding], costs: Mapping[str, int], budget: int | None = None
    ) -> FixPlan:
        """The cheapest statements that close findings, or those that close most within a budget.

        `costs` are own numbers by control, layer or level; raises UsageError for any other name.
        """
        from threatmodel import plan

        with uncollected():
            numbers = plan.Costs(costs, self.library.catalog.controls)
            return plan.plan(self.engine, findings, numbers, self.model.name, budget)

    def holders(self, data: str) -> list[int]:
        """The services and stores that keep a data asset or have it on a flow."""
        kinds = self.graph.subject_kind
        return [e for e in data_map(self.graph).holders(data) if kinds[e] != "actor"]

    def reason(self, control: Control, kind: str, subject: str) -> Reason:
        """Why one control has its verdict for one subject."""
        ids = self.graph.subjects[kind]
        return reason(self.engine, control, kind, ids.index(subject))

    def explanation(
        self, control: Control, kind: str, subject: str, assessment: Assessment | None = None
    ) -> Explanation:
        """One result with what decided it, how it is dealt with and what to do about it."""
        from threatmodel.evaluate.explanation import explanation

        i = self.graph.subjects[kind].index(subject)
        return explanation(self.engine, control, kind, i, assessment or self.assess(frameworks=False))

    def proof(self, asked: Iterable[tuple[str, str, str]] | None = None) -> str:
        """The proof of some verdicts, each by control, kind and id of the subject, or of all of them."""
        from threatmodel.api.proofs import prove

        controls, subjects = self.engine.asked.values(), self.graph.subjects
        every = ((c.id, kind, name) for c in controls for kind in c.subjects for name in subjects[kind])
        return prove(self.engine, self.library, every if asked is None else asked)

    def results_of(self, subject: str) -> tuple[tuple[Control, str], ...]:
        """Every control asked of a subject (`x`, `data:x`, `party:x`, `purpose:x`, `model`), and its kind."""
        prefix, name = subject_parts(subject)
        kinds = (prefix,) if prefix else _PLAIN
        return tuple(
            (control, kind)
            for control in self.engine.asked.values()
            for kind in control.subjects
            if kind in kinds and name in self.graph.subjects[kind]
        )


_PLAIN = ("flow", "service", "store", "actor", "boundary", "host", "model")


def load(
    path: Path,
    library: Library,
    as_of: str,
    decisions: Path | None = None,
    *,
    files: Files = DISK,
    shown: str | None = None,
) -> Review:
    """The review of a model file and its decisions (when None, `decisions.yaml` beside it).

    `files` gives model and decisions, for instance those of a revision; messages call the file `shown`.
    """
    with uncollected():
        model = load_model(path, library.kinds, files, shown)
        beside = path.parent / "decisions.yaml"
        if decisions is not None:
            return _review(model, library, as_of, lambda: load_decisions(decisions, model))
        if not files.exists(beside):
            return _review(model, library, as_of)
        name = (Path(shown).parent / "decisions.yaml").as_posix() if shown else None
        return _review(model, library, as_of, lambda: load_decisions(beside, model, files, name))


def parse(
    document: Document, library: Library, as_of: str, decisions: Path | None = None, *, fragment: bool = False
) -> Review:
    """The review of a model that is already text, for instance from standard input; raises InputError."""
    model = parse_model(document, library.kinds, fragment=fragment)
    return _review(model, library, as_of, (lambda: load_decisions(decisions, model)) if decisions else None)


def reread(review: Review, texts: Mapping[Path, str], path: Path | None, decisions: Path | None) -> Review:
    """The review of a model of whose files some have other texts; raises InputError where it is not valid.

    `path` is the model's file, None for one from standard input; `decisions` as for `load`.
    """
    from threatmodel.edit.overlay import Overlay
    from threatmodel.source import parse as parse_yaml

    library, as_of = review.library, review.graph.as_of
    if path is None:
        ((name, text),) = texts.items()
        return parse(parse_yaml(text, name.as_posix()), library, as_of, decisions)
    return load(path, library, as_of, decisions, files=Overlay(texts))


def iso_day(text: str) -> str:
    """The day that a text names; raises UsageError where it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"`{text}` is no date", "write it as YYYY-MM-DD") from None


def _review(
    model: Model, library: Library, as_of: str, decide: Callable[[], Decisions] | None = None
) -> Review:
    """The review of a model and its decisions; what is wrong in the decisions is told with the rest."""
    try:
        decisions = decide() if decide else None
    except InputError as error:
        problems = misplaced(model, library.catalog.controls)
        raise InputError((*problems, *error.diagnostics)) from None
    return Review(model, library, as_of, decisions)
