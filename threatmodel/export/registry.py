"""The formats of every document: for each its name, what it is for, and where its writer stands.

A format is one line here and one function, which gets the document and gives its text or bytes. The option of
a command, its help, the reference and the tests of the contract follow. Writers are imported when they write.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from threatmodel.errors import UsageError, nearest_or_all
from threatmodel.plugins import EXPORTERS, calling, named_object, offered

Shown = TypeVar("Shown", contravariant=True)


class Writer(Protocol[Shown]):
    """What stands behind a format: the same document gives the same bytes, and a text ends its last line."""

    def __call__(self, document: Shown, /) -> str | bytes:
        """The document in this format."""


class Document(NamedTuple):
    """What can be written: its name, the command that writes it, and the type that its writers get."""

    name: str
    command: str
    type: str


class Format(NamedTuple):
    """A format of a document: what it is for, its writer (`module:function`), and endings of file names.

    `plugin` names the distribution of one that is not ours.
    """

    document: str
    name: str
    about: str
    writer: str
    endings: tuple[str, ...] = ()
    plugin: str = ""

    def write(self, document: Any) -> str | bytes:
        """The document in this format; raises UsageError where a plug-in fails."""
        if not self.plugin:
            text: str | bytes = named_object(self.writer)(document)
            return text
        given: object = calling(self.name, self.plugin, lambda: named_object(self.writer)(document))
        if not isinstance(given, (str, bytes)):
            message = f"the plug-in `{self.name}` gave neither text nor bytes"
            raise UsageError(message, f"it comes from {self.plugin}")
        return given


DOCUMENTS: Final = (
    Document("assessment", "check", "threatmodel.export.outcome:Outcome"),
    Document("changes", "diff, what-if", "threatmodel.export.comparison:Comparison"),
    Document("diagram", "diagram", "threatmodel.export.diagrams:Diagram"),
    Document("scenario", "diagram --scenario", "threatmodel.export.diagrams:Sequence"),
    Document("matrix", "matrix", "threatmodel.export.dossier:Dossier"),
    Document("record", "gdpr, hipaa", "threatmodel.records:Record"),
    Document("compliance", "export", "threatmodel.export.dossier:Dossier"),
    Document("threats", "threats", "threatmodel.export.threats:ThreatView"),
    Document("paths", "paths", "threatmodel.export.paths:Paths"),
    Document("reach", "reach", "threatmodel.export.paths:Reach"),
    Document("lineage", "lineage", "threatmodel.export.paths:Lineage"),
    Document("fixes", "fix", "threatmodel.export.fixes:Fixes"),
    Document("history", "history", "threatmodel.export.history:History"),
)
"""Everything that is written in formats."""

FORMATS: Final = (
    Format("assessment", "text", "for people at a terminal", "threatmodel.export.text:write"),
    Format("assessment", "json", "everything, versioned", "threatmodel.export.assessment:write"),
    Format("assessment", "sarif", "SARIF 2.1.0 for code scanning", "threatmodel.export.sarif:write"),
    Format("assessment", "junit", "JUnit XML for test reports of CI", "threatmodel.export.junit:write"),
    Format("assessment", "gitlab", "Code Quality for GitLab", "threatmodel.export.gitlab:write"),
    Format("assessment", "github", "commands of GitHub workflows", "threatmodel.export.github:write"),
    Format("assessment", "csv", "a finding a row, for spreadsheets", "threatmodel.export.csv:write"),
    Format("assessment", "defectdojo", "findings for DefectDojo", "threatmodel.export.defectdojo:write"),
    Format("assessment", "markdown", "a comment or job summary", "threatmodel.export.markdown:write"),
    Format("changes", "text", "for people at a terminal", "threatmodel.export.comparison:text"),
    Format("changes", "markdown", "a comment on a pull request", "threatmodel.export.comparison:markdown"),
    Format("changes", "json", "everything, versioned", "threatmodel.export.comparison:json"),
    Format("changes", "html", "one page with a picture", "threatmodel.export.comparison:html"),
    Format("diagram", "svg", "a picture that scales", "threatmodel.export.diagrams:svg", (".svg",)),
    Format("diagram", "png", "a picture in pixels", "threatmodel.export.diagrams:png", (".png",)),
    Format("diagram", "dot", "text for Graphviz", "threatmodel.export.diagrams:dot", (".dot", ".gv")),
    Format("diagram", "mermaid", "text that GitHub and GitLab draw", "threatmodel.export.diagrams:mermaid",
           (".mermaid", ".mmd")),
    Format("scenario", "svg", "a picture that scales", "threatmodel.export.diagrams:sequence_svg", (".svg",)),
    Format("scenario", "mermaid", "text that GitHub and GitLab draw",
           "threatmodel.export.diagrams:sequence_mermaid", (".mermaid", ".mmd")),
    Format("matrix", "text", "for people at a terminal", "threatmodel.export.matrix:text"),
    Format("matrix", "markdown", "a page for a repository", "threatmodel.export.matrix:markdown", (".md",)),
    Format("matrix", "csv", "a requirement a row", "threatmodel.export.matrix:csv", (".csv",)),
    Format("matrix", "html", "one page", "threatmodel.export.matrix:html", (".html",)),
    Format("matrix", "xlsx", "a workbook with its evidence", "threatmodel.export.workbook:workbook",
           (".xlsx",)),
    Format("record", "text", "for people at a terminal", "threatmodel.render.records:record_text"),
    Format("record", "markdown", "a page for a repository", "threatmodel.render.records:record_markdown"),
    Format("record", "json", "everything, versioned", "threatmodel.render.records:record_json"),
    Format("record", "csv", "an item a row", "threatmodel.render.records:record_csv"),
    Format("compliance", "oscal-catalog", "a framework as an OSCAL 1.2.1 catalog",
           "threatmodel.export.oscal:write_catalog"),
    Format("compliance", "oscal-component-definition", "services and stores, and what each carries out",
           "threatmodel.export.oscal:write_components"),
    Format("compliance", "oscal-assessment-results",
           "an observation for each row, a finding for each with a gap",
           "threatmodel.export.oscal:write_results"),
    Format("compliance", "oscal-poam", "an item for each gap that stands against a row",
           "threatmodel.export.oscal:write_poam"),
    Format("compliance", "oscal-mapping-collection", "the references of a framework to NIST SP 800-53r5",
           "threatmodel.export.oscal:write_mapping"),
    Format("compliance", "ciso-assistant", "a framework as CSV for CISO Assistant, results left blank",
           "threatmodel.export.ciso:write"),
    Format("threats", "text", "for people at a terminal", "threatmodel.export.threats:text"),
    Format("threats", "markdown", "a page for a repository", "threatmodel.export.threats:markdown"),
    Format("threats", "csv", "a threat to a subject a row", "threatmodel.export.threats:csv"),
    Format("threats", "json", "everything, versioned", "threatmodel.export.threats:json"),
    Format("paths", "text", "for people at a terminal", "threatmodel.export.paths:paths_text"),
    Format("paths", "json", "everything, versioned", "threatmodel.export.paths:paths_json"),
    Format("reach", "text", "for people at a terminal", "threatmodel.export.paths:reach_text"),
    Format("reach", "json", "everything, versioned", "threatmodel.export.paths:reach_json"),
    Format("lineage", "text", "for people at a terminal", "threatmodel.export.paths:lineage_text"),
    Format("lineage", "json", "everything, versioned", "threatmodel.export.paths:lineage_json"),
    Format("fixes", "text", "for people at a terminal", "threatmodel.export.fixes:text"),
    Format("fixes", "json", "everything, versioned", "threatmodel.export.fixes:json"),
    Format("history", "text", "for people at a terminal", "threatmodel.export.history:text",
           (".text",)),
    Format("history", "markdown", "a page for a repository", "threatmodel.export.history:markdown",
           (".md", ".markdown")),
    Format("history", "json", "everything, versioned", "threatmodel.export.history:json", (".json",)),
    Format("history", "svg", "a chart", "threatmodel.export.history:svg", (".svg",)),
)  # fmt: skip
"""Every format of ours, by document."""


def formats_of(document: str) -> tuple[Format, ...]:
    """Our formats of a document, in their order."""
    return tuple(format for format in FORMATS if format.document == document)


def format_named(document: str, name: str, plugins: Iterable[str] = ()) -> Format:
    """The format of a document by its name: ours, else one of the named plug-ins; raises UsageError."""
    known = {format.name: format for format in formats_of(document)}
    if name not in known:
        known |= {format.name: format for format in _of_plugins(document, plugins)}
    if name not in known:
        raise UsageError(f"no format `{name}`", nearest_or_all(name, known))
    return known[name]


def _of_plugins(document: str, plugins: Iterable[str]) -> Iterable[Format]:
    for found, plugin in offered(EXPORTERS, plugins, Format):
        help = f"it comes from {plugin}"
        if found.document not in {d.name for d in DOCUMENTS}:
            message = f"the plug-in `{found.name}` writes `{found.document}`, and there is no such document"
            raise UsageError(message, help)
        if any(format.name == found.name for format in formats_of(found.document)):
            raise UsageError(f"the plug-in `{found.name}` has the name of a format of ours", help)
        if found.document == document:
            yield found._replace(plugin=plugin)
