"""Models of several files: merged section by section, nothing overrides, nothing leaves the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from threatmodel.errors import Diagnostic, InputError
from threatmodel.model import Model, load_model, parse_model
from threatmodel.model.files import MOST_FILES, project_root
from threatmodel.source import parse

from .build import kinds

TOP = "threatmodel: 1\nname: Shop\n"
PART = "threatmodel: 1\n"


def write(folder: Path, **files: str) -> Path:
    """Writes files, `a__b` as `a/b.yaml`, and gives the path of `main`."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "main.yaml"


def load(folder: Path, **files: str) -> Model:
    return load_model(write(folder, **files), kinds())


def refused(folder: Path, **files: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        load(folder, **files)
    return caught.value.diagnostics


def test_sections_are_merged_and_flows_appended_in_the_order_of_the_files(tmp_path: Path) -> None:
    model = load(
        tmp_path,
        main=f"{TOP}include: [b.yaml, a.yaml]\nservices: {{w: }}\nflows: [{{from: w, to: x}}]",
        a=f"{PART}services: {{y: }}\nflows: [{{from: y, to: w}}]\ntypes: {{stores: {{t: }}}}",
        b=PART + "include: sub/c.yaml\nservices: {x: }\nflows: [{from: x, to: y}]\nbaseline: {patch: weekly}",
        sub__c=f"{PART}owner: team\ndata: {{d: }}\nstores: {{z: {{type: t}}}}\nflows: [{{from: z, to: w}}]",
    )
    assert list(model.services) == ["w", "x", "y"]
    assert [f.id for f in model.flows] == ["w->x", "x->y", "y->w", "z->w"]
    assert (model.name, model.owner, list(model.baseline)) == ("Shop", "team", ["patch"])
    names = [Path(d.file).relative_to(tmp_path).as_posix() for d in model.documents]
    assert names == ["main.yaml", "b.yaml", "a.yaml", "sub/c.yaml"]
    assert model.stores["z"].at == (3, "stores", "z")
    assert model.span(model.flows[3].at).file.endswith("sub/c.yaml")


def test_a_file_is_read_once_however_often_and_in_whatever_circle_it_is_named(tmp_path: Path) -> None:
    model = load(
        tmp_path,
        main=f"{TOP}include: [a.yaml, ./a.yaml, x/../b.yaml, main.yaml]",
        a=f"{PART}include: [b.yaml, main.yaml]\ndata: {{a: }}",
        b=f"{PART}include: a.yaml\ndata: {{b: }}",
        x__y=PART,
    )
    assert list(model.data) == ["a", "b"]
    assert len(model.documents) == 3


@pytest.mark.parametrize("mark", [".threatmodel.yaml", ".git"])
def test_the_project_is_the_nearest_marked_folder_above(mark: str, tmp_path: Path) -> None:
    (tmp_path / mark).mkdir()
    deep = tmp_path / "a" / "b"
    files = {"a__b__main": f"{TOP}include: ../../c.yaml", "c": f"{PART}data: {{c: }}"}
    write(tmp_path, **files)
    assert project_root(deep / "main.yaml") == tmp_path.resolve()
    assert list(load_model(deep / "main.yaml", kinds()).data) == ["c"]
    (deep / ".git").mkdir()
    with pytest.raises(InputError) as caught:
        load_model(deep / "main.yaml", kinds())
    assert [d.code for d in caught.value.diagnostics] == ["include-outside"]


def test_a_link_cannot_lead_out_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / ".git").mkdir()
    (tmp_path / "secret.yaml").write_text("password: hunter2", encoding="utf-8")
    (project / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (problem,) = refused(project, main=f"{TOP}include: link.yaml")
    assert (problem.code, problem.message) == ("include-outside", "`link.yaml` is outside the project")
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("path", ["a" * 300, "a\\0b", "nothing.yaml/x", "loop.yaml", "folder", "pipe"])
def test_what_is_no_file_is_told_and_never_waited_for(path: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    os.mkfifo(tmp_path / "pipe")
    (problem,) = refused(tmp_path, main=f'{TOP}include: "{path}"')
    assert problem.code == "unreadable-file"
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == (3, 10)


def test_a_broken_file_is_told_with_the_place_that_includes_it(tmp_path: Path) -> None:
    second, first = refused(tmp_path, main=f"{TOP}include: a.yaml\nservces: ", a="a: [")
    assert (first.code, second.code) == ("unknown-key", "yaml-syntax")
    assert second.span is not None
    assert second.span.file.endswith("a.yaml")
    assert [(what, where.line, where.column) for what, where in second.related] == [("included here", 3, 10)]


@pytest.mark.parametrize(
    ("main", "part", "message"),
    [
        ("data: {x: }", "data: {x: }", "data asset `x` is declared twice"),
        ("services: {x: }", "services: {x: }", "service `x` is declared twice"),
        ("types: {stores: {x: }}", "types: {stores: {x: }}", "type `x` is declared twice"),
        ("owner: a", "owner: a", "`owner` is declared twice"),
        ("baseline: {patch: a}", "baseline: {monitor: b}", "`baseline` is declared twice"),
        ("description: a", "description: b", "`description` is declared twice"),
    ],
)
def test_a_key_in_two_files_is_an_error_that_names_both(
    main: str, part: str, message: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, main=f"{TOP}include: a.yaml\n{main}", a=PART + part)
    assert problem.message.startswith(f"{message}: in `")
    assert "main.yaml`" in problem.message or len(str(tmp_path)) > 30
    (first,) = problem.related
    assert first[0] == "first here"
    assert first[1].file.endswith("main.yaml")


def test_a_file_that_is_too_large_is_told_last_because_it_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_bytes(b"")
    os.truncate(tmp_path / "large.yaml", 33 * 1024 * 1024)
    first, second = refused(tmp_path, main=f"{TOP}include: large.yaml\nservces: ")
    assert (first.code, second.code, second.span) == ("unknown-key", "too-large", None)
    assert [where.line for _, where in second.related] == [3]


def test_more_files_than_the_limit_are_refused(tmp_path: Path) -> None:
    for i in range(MOST_FILES + 1):
        (tmp_path / f"p{i}.yaml").write_text(PART, encoding="utf-8")
    names = ", ".join(f"p{i}.yaml" for i in range(MOST_FILES + 1))
    problems = refused(tmp_path, main=f"{TOP}include: [{names}]")
    assert {d.code for d in problems} == {"too-many-files"}


def test_a_model_from_a_text_includes_nothing() -> None:
    with pytest.raises(InputError) as caught:
        parse_model(parse(f"{TOP}include: a.yaml"), kinds())
    assert [(d.code, d.span and d.span.line) for d in caught.value.diagnostics] == [("include-outside", 3)]


def test_every_file_says_its_version_and_the_first_one_a_name(tmp_path: Path) -> None:
    problems = refused(tmp_path, main="threatmodel: 1\ninclude: a.yaml", a="data: {x: }")
    assert [(d.code, d.message) for d in problems] == [
        ("missing-key", "this model has no `name`"),
        ("missing-key", "this model has no `threatmodel`"),
    ]


@pytest.mark.parametrize(
    "part", ["a: [", f"{PART}services: {{\n<<<<<<< HEAD\n  x: ,\n=======\n  y: ,\n>>>>>>> b\n}}", None]
)
def test_what_an_unread_file_may_declare_is_no_second_problem(part: str | None, tmp_path: Path) -> None:
    main = f"{TOP}include: a.yaml\nservices: {{w: {{host: h}}}}\nflows: [{{from: w, to: x}}]"
    found = refused(tmp_path, main=main, **({"a": part} if part else {}))
    assert len(found) == 1
    assert found[0].code in ("yaml-syntax", "merge-conflict", "unreadable-file")
