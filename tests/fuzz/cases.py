"""The cases of a fuzz run, each found again from its seed and number, and what running one shows."""

from __future__ import annotations

import time
import traceback
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from threatmodel.api import Library, Review, load
from threatmodel.errors import Diagnostic, InputError, ThreatModelError
from threatmodel.export.assessment import to_json
from threatmodel.render.diagnostics import diagnostics_text
from threatmodel.render.diagram.diagram import dot_text, mermaid_text
from threatmodel.render.report import report_html, report_markdown
from threatmodel.render.terminal import check_text
from threatmodel.render.text.notes import diagnostics
from threatmodel.results import Assessment
from threatmodel.source.text import split_lines

from .mutate import mutated

ROOT: Final = Path(__file__).parents[2]
FAULTY: Final = ROOT / "tests" / "corpus" / "faulty"
MODEL: Final = "threatmodel.yaml"
DAY: Final = "2026-06-01"


class Outcome(NamedTuple):
    """One case: `error` is a traceback, empty when all is well."""

    number: int
    accepted: bool
    seconds: float
    error: str


class Fuzzer:
    """Runs cases in a folder of its own; the catalogs are loaded once."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        self.library = Library()
        self.systems = systems()
        self.texts = [text for system in self.systems for text in system.values()]
        self.here: dict[str, bytes] = {}
        (folder / ".threatmodel.yaml").write_bytes(b"")
        _ = self.library.kinds, self.library.catalog, self.library.frameworks

    def run(self, number: int) -> Outcome:
        """Runs one case."""
        random = Random(f"{self.seed}:{number}")
        system = dict(random.choice(self.systems))
        name = random.choice(sorted(system))
        system[name] = mutated(random, system[name], self.texts)
        self._write(system)
        start = time.process_time()
        accepted, error = False, ""
        try:
            accepted = self._check(random.randrange(8))
        except ThreatModelError as refused:
            error = "" if isinstance(refused, InputError) else repr(refused)
        except Exception:
            error = traceback.format_exc()
        return Outcome(number, accepted, time.process_time() - start, error)

    def text(self, number: int) -> bytes:
        """The mutated text of a case."""
        self.run(number)
        return b"\n".join(b"### " + name.encode() + b"\n" + text for name, text in sorted(self.here.items()))

    def _write(self, system: dict[str, bytes]) -> None:
        for name in self.here.keys() - system.keys():
            (self.folder / name).unlink()
        for name, text in system.items():
            if self.here.get(name) != text:
                path = self.folder / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text)
        self.here = system

    def _check(self, output: int) -> bool:
        try:
            review = load(self.folder / MODEL, self.library, DAY)
        except InputError as error:
            self._told(error.diagnostics)
            return False
        assessment = review.assess()
        assert check_text(assessment, 100, False, False)
        self._told(diagnostics(assessment.warnings))
        _written(review, assessment, output)
        return True

    def _told(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Diagnostics keep their promises: printable, on one line, with an excerpt that is the line."""
        assert diagnostics_text(diagnostics, color=False) or not diagnostics
        for d in diagnostics:
            assert d.message.isprintable(), d
            assert d.help.isprintable(), d
            if d.span is not None:
                name = Path(d.span.file).relative_to(self.folder).as_posix()
                text = self.here[name].decode("utf-8", "replace").removeprefix("\ufeff")
                line = split_lines(text)[d.span.line - 1]
                assert d.excerpt == line, d
                assert 1 <= d.span.column <= max(len(line), 1), d


def _written(review: Review, assessment: Assessment, output: int) -> None:
    """Writes one of the other outputs, each in turn."""
    match output:
        case 0:
            assert to_json(assessment, every=True)
        case 1:
            assert dot_text(review.graph, assessment)
        case 2:
            assert mermaid_text(review.graph, assessment)
        case 3:
            assert check_text(assessment, 80, True, True)
        case 4:
            assert report_html(assessment, review.graph, None, mermaid_text(review.graph, assessment), None)
        case 5:
            assert report_markdown(assessment, review.graph, mermaid_text(review.graph, assessment), None)


def systems() -> list[dict[str, bytes]]:
    """Every sample and every faulty model as files by name, the samples as often as all faulty ones."""
    samples = [_files(p.parent, p.parent) for p in sorted((ROOT / "samples").glob(f"*/{MODEL}"))]
    single = [{MODEL: p.read_bytes()} for p in sorted(FAULTY.glob("*.yaml"))]
    several = [_files(p.parent, p.parent) for p in sorted(FAULTY.glob(f"*/{MODEL}"))]
    small = [s for s in (*single, *several) if sum(map(len, s.values())) < 5000]
    tiny = min(samples, key=lambda s: sum(map(len, s.values())))
    return [*samples * (len(small) // 6), *[tiny] * (len(small) // 3), *small]


def _files(folder: Path, root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.yaml"))}
