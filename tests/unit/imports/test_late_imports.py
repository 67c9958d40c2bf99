"""Where a module may import inside a function: the rule of docs/contributing/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import threatmodel

PACKAGE = Path(threatmodel.__file__).parent
FREE = ("cli", "api")
"""Here a function may import what it runs: most commands need only some of it."""
WRITERS = ("render", "export")
RARE: dict[str, set[str]] = {
    "__init__.py": {"importlib"},
    "catalog/library.py": {"threatmodel.catalog.overlay.editions"},
    "catalog/load.py": {"threatmodel.catalog.overlay.apply"},
    "errors.py": {"difflib"},
    "graph/to_networkx.py": {"networkx"},
    "plugins.py": {"importlib", "importlib.metadata"},
    "source/toml.py": {"tomllib"},
}
"""What one module elsewhere needs once in many runs."""


def late(source: str) -> Iterator[str]:
    """The modules that functions in a text import."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield node.module or "."


def allowed(module: str, imported: str) -> bool:
    folder = module.partition("/")[0]
    if folder in FREE or imported in RARE.get(module, ()):
        return True
    own = imported.partition(".")[0] == "threatmodel"
    return folder in WRITERS and (
        not own or imported.startswith(("threatmodel.render.", "threatmodel.export."))
    )


@pytest.mark.parametrize(
    "file", sorted(PACKAGE.rglob("*.py")), ids=lambda f: f.relative_to(PACKAGE).as_posix()
)
def test_a_function_imports_only_what_start_up_is_to_be_spared(file: Path) -> None:
    module = file.relative_to(PACKAGE).as_posix()

    assert [name for name in late(file.read_text(encoding="utf-8")) if not allowed(module, name)] == []


def test_an_import_inside_a_function_is_seen_however_deep_it_stands() -> None:
    source = "import a\ndef f():\n    if a:\n        import b.c\n    def g():\n        from d.e import f\n"

    assert set(late(source)) == {"b.c", "d.e"}


def test_no_exception_is_kept_for_what_is_imported_no_longer() -> None:
    for module, names in RARE.items():
        assert names <= set(late((PACKAGE / module).read_text(encoding="utf-8"))), module
