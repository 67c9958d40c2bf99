"""Every code of a diagnostic has a meaning, and every meaning has a diagnostic."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import threatmodel
from threatmodel.errors import CODES, HYGIENE, HYGIENE_RULES

PACKAGE = Path(threatmodel.__file__).parent
MAKERS = frozenset(
    (
        "Diagnostic",
        "Fault",
        "problem",
        "_problem",
        "refuse",
        "_stop",
        "_warn",
        "_warning",
        "_error",
        "_List",
        "_Words",
    )
)
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def codes_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The codes that the calls in a module give to diagnostics: their first text, or the keyword `code`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _makes_a_diagnostic(node.func):
            named = [k.value for k in node.keywords if k.arg == "code"]
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            for value in named or node.args[: 1 if name in ("Diagnostic", "Fault") else None]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    if CODE.fullmatch(value.value):
                        yield value.value, node.lineno
                    break


def _makes_a_diagnostic(function: ast.expr) -> bool:
    match function:
        case ast.Name(name):
            return name in MAKERS
        case ast.Attribute(value=ast.Name(owner) | ast.Attribute(attr=owner), attr="add"):
            return owner == "problems"
        case ast.Attribute(attr=name):
            return name in MAKERS
        case _:
            return False


def used() -> dict[str, str]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for code, line in codes_in(ast.parse(path.read_text(encoding="utf-8"))):
            found[code] = f"{path.relative_to(PACKAGE.parent).as_posix()}:{line}"
    return found


def test_the_scan_sees_diagnostics() -> None:
    source = (
        'problems.add("bad-id", m, at)\nself.problem("wrong-type", m)\nDiagnostic(code, "text of a message")'
    )
    assert [code for code, _ in codes_in(ast.parse(source))] == ["bad-id", "wrong-type"]
    assert len(used()) > 60


def test_every_code_that_is_used_has_a_meaning() -> None:
    assert {code: where for code, where in used().items() if code not in CODES} == {}


def test_every_code_with_a_meaning_is_used() -> None:
    made_of_rules = {f"{HYGIENE}{rule}" for rule in HYGIENE_RULES}
    written = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(CODES.keys() - written - made_of_rules) == []


def test_meanings_are_one_sentence_each() -> None:
    for code, meaning in CODES.items():
        assert CODE.fullmatch(code.removeprefix(HYGIENE))
        assert meaning[0].isupper() or meaning[0] == "`"
        assert meaning.endswith(".")
        assert "\n" not in meaning
    assert len(set(CODES.values())) == len(CODES)
