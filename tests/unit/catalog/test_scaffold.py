"""A new control is sound as it is written, whatever it is asked of: lint is content, and its marks hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.catalog.test_load import write
from threatmodel.api import Library
from threatmodel.api.examples import run_examples
from threatmodel.catalog import LAYERS, SUBJECTS, lint
from threatmodel.catalog.scaffold import control_text, fit_for_a_file


@pytest.mark.parametrize("subject", SUBJECTS)
def test_lint_finds_nothing_and_every_mark_holds(subject: str, tmp_path: Path) -> None:
    layer = sorted(LAYERS)[SUBJECTS.index(subject)]
    write(tmp_path, f"controls/{layer}/mine.yaml", control_text("mine", layer, subject))
    library = Library(catalogs=(tmp_path,))
    control = library.catalog.controls["mine"]
    assert (control.layer, control.subjects) == (layer, (subject,))
    found = lint(library.catalog.controls, library.frameworks, (), ["mine"])
    assert [d.code for d in found] == ["unmapped-control"]
    outcome = run_examples(control, library)
    assert outcome.failures == ()
    assert outcome.marks == 4
    words = ("gap", "satisfied", "unknown", "not-applicable")
    assert all(f"# {word}" in "\n".join(control.examples) for word in words)


def test_it_explains_each_key_and_is_no_wider_than_an_editor() -> None:
    text = control_text("review-access", "access", "flow")
    assert "$" not in text
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 120
    assert text.count("\n# ") > 15


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("review-access", True),
        ("mfa2", True),
        ("Review", False),
        ("a--b", False),
        ("-a", False),
        ("a_b", False),
        ("../a", False),
        ("a/b", False),
        ("", False),
        ("é", False),
        ("a\n", False),
        (60 * "a", True),
        (61 * "a", False),
    ],
)
def test_an_id_is_a_plain_file_name(name: str, fit: bool) -> None:
    assert fit_for_a_file(name) is fit
