"""The made parts of the architecture page: layers, packages, and one flow on its way to the gap list."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from threatmodel.api import Library, Review, parse
from threatmodel.catalog import leaves
from threatmodel.catalog.conditions import Leaf
from threatmodel.facts import Fact
from threatmodel.logic.values import Known, Range, Value
from threatmodel.render.terminal import check_text
from threatmodel.source import parse as parse_yaml
from tools.readme import model_of_the_readme

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = "docs/contributing/architecture.md"
_AS_OF: Final = "2026-11-01"
_CONTROL: Final = "encrypt-in-transit"


def texts() -> dict[str, str]:
    """The page by its path, each made part anew."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    for name, lines in (("layers", layers()), ("packages", packages()), ("walk", walk())):
        text = filled(text, name, lines)
    return {PAGE: text}


def filled(page: str, name: str, lines: Iterable[str]) -> str:
    """A page with other lines between `<!-- made: name -->` and `<!-- end -->`."""
    before, opening, rest = page.partition(f"<!-- made: {name} -->\n")
    assert opening, f"the page has a part `{name}`"
    return before + opening + "\n".join(lines).rstrip("\n") + "\n" + rest[rest.index("<!-- end -->") :]


def layers() -> Iterator[str]:
    """The layers of each container of the import contract, the outermost first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            for container in contract["containers"]:
                yield f"`{container}`: {contract['name'][0].lower()}{contract['name'][1:]}"
                yield ""
                yield "```text"
                yield from contract["layers"]
                yield "```"
                yield ""


def packages() -> Iterator[str]:
    """Every folder of the package with the first sentence of its docstring."""
    yield "| folder | what it is |"
    yield "|---|---|"
    package = ROOT / "threatmodel"
    for file in sorted(package.rglob("__init__.py"), key=lambda f: f.parent.relative_to(package).parts):
        folder = file.parent.relative_to(ROOT).as_posix()
        yield f"| `{folder}` | {_first_sentence(file)} |"


def walk() -> Iterator[str]:
    """One flow of the README's model at each station, as the modules have it."""
    text = model_of_the_readme((ROOT / "README.md").read_text(encoding="utf-8"))
    document = parse_yaml(text, "guestbook.yaml")
    review = parse(document, Library(), _AS_OF)
    flow, engine = review.model.flows[0], review.engine
    subject = review.graph.subjects["flow"][0]
    control = review.library.catalog.controls[_CONTROL]
    finding = next(f for f in review.assess(frameworks=False).findings if f.key == f"{_CONTROL}@{subject}")
    yield from _station(parse_yaml.__module__, "gives plain data, and a place for each key and value")
    yield from _code(f"{document.at(('flows', 0))}", f"at {document.span(('flows', 0))}")
    yield from _station(type(flow).__module__, "holds it as a frozen value; what is wrong is said at once")
    yield from _code(
        f"{type(flow).__name__}: id {flow.id}, protocols {', '.join(flow.protocols or ())}, "
        f"sends {', '.join(flow.sends or ())}, returns {', '.join(flow.returns or ())}"
    )
    yield from _station(
        type(review.graph).__module__, "numbers the subjects of a kind: from here it is flow number 0"
    )
    yield from _code(f"flow: {', '.join(review.graph.subjects['flow'])}")
    yield from _station(
        Fact.__module__, f"is what the conditions of `{_CONTROL}` read: a column each, for all flows at once"
    )
    yield from _code(*_facts(review))
    yield from _station(
        type(engine).__module__, "makes sets of flows of the conditions, and decides step by step"
    )
    conditions = (("when", control.when), ("expect", control.expect))
    yield from _code(
        *(f"{name}: {_truth(engine.outcome(condition, 'flow', 0))}" for name, condition in conditions),
        f"verdict: {engine.decide(control, 'flow').verdict(0).word}",
    )
    yield from _station(type(finding).__module__, "carries it on, with all that words are made of")
    yield from _code(
        f"key: {finding.key}", f"severity: {finding.severity}", f"at: {finding.span}", "and why, and the fix"
    )
    yield from _station(check_text.__module__, "makes lines of it")
    yield from _code(*_lines(review, finding.key))


def _first_sentence(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert docstring, f"{file} says what it is"
    return " ".join(re.split(r"(?<=\.)\s|\n\n", docstring)[0].split())


def _station(module: str, does: str) -> Iterator[str]:
    yield f"`{module}` {does}:"
    yield ""


def _code(*lines: str) -> Iterator[str]:
    yield "```text"
    yield from lines
    yield "```"
    yield ""


def _facts(review: Review) -> Iterator[str]:
    control = review.library.catalog.controls[_CONTROL]
    conditions = (control.when, control.expect)
    read = [leaf.fact for part in conditions for leaf in leaves(part) if isinstance(leaf, Leaf)]
    for name in dict.fromkeys(read):
        column, domain = review.engine.column("flow", name), review.engine.fact("flow", name).domain
        yield f"{name} = {_value(column.table[column.codes[0]], domain.words)}"


def _value(value: Value, words: tuple[str, ...]) -> str:
    match value:
        case Known(known):
            return str(known)
        case Range(low, high) if low == high:
            return words[low]
        case _:
            return str(value)


def _truth(outcome: bool | None) -> str:
    return "unknown" if outcome is None else str(outcome).lower()


def _lines(review: Review, key: str) -> list[str]:
    """The lines of the gap list that tell of one finding."""
    block = next(b for b in check_text(review.assess(), 100, False, False).split("\n\n") if key in b)
    return block.split("\n")
