"""What the writers of compliance documents get: the graph, its assessment, and frameworks with their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from threatmodel.catalog import Control, Framework, Requirement
from threatmodel.errors import Span, UsageError
from threatmodel.facts.fact import subject_at
from threatmodel.graph import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.results import Assessment, FrameworkResult, RequirementResult, Verdict, result_key


class Counted(NamedTuple):
    """One result that a framework's row counts: of which control and subject, and where that stands."""

    control: str
    kind: str
    subject: str
    key: str
    verdict: Verdict
    span: Span


class Dossier(NamedTuple):
    """An assessment and what it is of; `frameworks` are those to be written, `digest` the model's."""

    graph: SystemGraph
    assessment: Assessment
    frameworks: tuple[Framework, ...]
    controls: Mapping[str, Control]
    digest: str = ""

    def result(self, framework: Framework) -> FrameworkResult:
        """What the assessment says of a framework."""
        return next(f for f in self.assessment.frameworks if f.id == framework.id)

    def only(self) -> Framework:
        """The one framework of a document that holds no more; raises UsageError for none or several."""
        if len(self.frameworks) != 1:
            names = ", ".join(f.id for f in self.frameworks)
            raise UsageError("this format holds one framework", f"add --framework with one of: {names}")
        return self.frameworks[0]

    def rows(self, framework: Framework) -> Iterator[tuple[Requirement, RequirementResult]]:
        """The rows of a framework with their statuses, in official order."""
        return zip(framework.requirements, self.result(framework).rows, strict=True)

    def counted(self, framework: Framework) -> Iterator[Counted]:
        """Every result that is in the scope of a framework, of the controls that its rows name."""
        named = {name for row in framework.requirements for name in row.controls}
        scope = self.result(framework)
        for column in self.assessment.columns:
            if column.control not in named:
                continue
            for i, subject in enumerate(column.ids):
                verdict = Verdict(column.verdicts[i])
                if verdict is not Verdict.NOT_APPLICABLE and scope.concerns(column.subject_kind, i):
                    key = result_key(column.control, column.subject_kind, subject)
                    span = self.span(column.subject_kind, i)
                    yield Counted(column.control, column.subject_kind, subject, key, verdict, span)

    def span(self, kind: str, i: int) -> Span:
        """Where a subject stands."""
        return self.graph.model.span(subject_at(self.graph, Subject(kind, i)))
