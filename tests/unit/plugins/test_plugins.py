"""Plug-ins: off unless they are named, found by their entry points, and held to what they promise."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli import test_cli
from tests.cli.test_cli import Ran
from threatmodel.errors import UsageError
from threatmodel.export.registry import format_named
from threatmodel.importers.registry import importers

EXAMPLE = Path(__file__).parents[3] / "docs" / "contributing" / "example-plugin"
MODEL = """
threatmodel: 1
name: m
data: {d: {confidentiality: confidential}}
stores: {db: {holds: d, controls: {encrypt-at-rest: false}}}
"""
Install = Callable[..., None]


def run(*words: str, cwd: Path) -> Ran:
    """A run that finds what is installed for this test."""
    return test_cli.run(*words, cwd=cwd, PYTHONPATH=os.environ["PYTHONPATH"])


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Lays a distribution with its modules and entry points on the path, as an installer does."""
    before = set(sys.modules)

    def installed(name: str, modules: dict[str, str], **points: dict[str, str]) -> None:
        site = tmp_path / f"site-{name}"
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        sections = (
            f"[threatmodel.{group}]\n" + "".join(f"{n} = {place}\n" for n, place in found.items())
            for group, found in points.items()
        )
        (info / "entry_points.txt").write_text("\n".join(sections))
        for module, text in modules.items():
            (site / f"{module}.py").write_text(text)
        _prepend(monkeypatch, site)

    yield installed
    for name in set(sys.modules) - before:
        if name.startswith(("plug_", "threatmodel_example")):
            del sys.modules[name]


@pytest.fixture
def example(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package of the documentation, installed."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    points = {group.removeprefix("threatmodel."): found for group, found in project["entry-points"].items()}
    install(project["name"].replace("-", "_"), {}, **points)
    _prepend(monkeypatch, EXAMPLE)


def _prepend(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Puts a folder on the path of this process and of those that it starts."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "threatmodel.yaml").write_text(MODEL)
    return folder


@pytest.mark.usefixtures("example")
def test_a_format_of_the_example_is_written_where_it_is_named(project: Path) -> None:
    done = run("check", "--plugins", "ndjson", "-o", "ndjson=gaps.ndjson", "--exit-zero", cwd=project)
    assert (done.status, done.err) == (0, "")
    lines = (project / "gaps.ndjson").read_text().splitlines()
    assert '"key": "encrypt-at-rest@db"' in lines[0]
    assert lines[-1].startswith('{"gaps": ')
    assert run("check", "--plugins", "ndjson", "--format", "ndjson", cwd=project).out.splitlines() == lines


@pytest.mark.usefixtures("example")
def test_an_importer_of_the_example_is_a_command_where_it_is_named(project: Path) -> None:
    (project / "arrows.txt").write_text("web -> db\nweb -> web\n\nuser ->  web\n")
    done = run("import", "--plugins", "edges", "edges", "arrows.txt", "-o", "m.yaml", cwd=project)
    assert (done.status, done.out) == (0, "")
    assert "kept: arrows: 2" in done.err
    assert "dropped: a line without an arrow: line 3" in done.err
    assert run("check", "m.yaml", cwd=project).status in (0, 1)
    assert "edges" in run("import", "--plugins", "edges", "--help", cwd=project).out
    assert "no line has an arrow" in run("import", "--plugins", "edges", "edges", "m.yaml", cwd=project).err


def test_without_being_named_a_plug_in_is_neither_used_nor_imported(install: Install, project: Path) -> None:
    install(
        "dist",
        {"plug_a": "raise OSError('imported')"},
        exporters={"own": "plug_a:F"},
        importers={"mine": "plug_a:I"},
    )
    done = run("check", "--format", "own", cwd=project)
    assert (done.status, "no format `own`" in done.err) == (2, True)
    done = run("import", "mine", "threatmodel.yaml", cwd=project)
    assert (done.status, "no importer `mine`" in done.err) == (2, True)
    assert run("check", "--plugins", "own", "--exit-zero", cwd=project).status == 0


@pytest.mark.usefixtures("example")
def test_the_policy_file_may_name_plug_ins(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("plugins: [ndjson, edges]\n")
    assert run("check", "--format", "ndjson", "--exit-zero", cwd=project).status == 0
    (project / "arrows.txt").write_text("web -> db\n")
    assert run("import", "edges", "arrows.txt", cwd=project).status == 0
    assert "plugins" in run("config", cwd=project).out
    assert ".threatmodel.yaml:1:" in run("config", cwd=project).out


FORMAT = "from threatmodel.export.registry import Format\nF = Format({})\n"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("raise OSError('no disk')", "the plug-in `own` cannot be loaded: OSError: no disk"),
        ("F = 1", "the plug-in `own` is no `Format`"),
        (FORMAT.format("'assessment', 'other', '', ''"), "the plug-in `own` calls itself `other`"),
        (FORMAT.format("'weather', 'own', '', ''"), "writes `weather`, and there is no such document"),
    ],
)
def test_a_plug_in_that_is_not_what_it_says_is_refused(module: str, message: str, install: Install) -> None:
    install("dist", {"plug_a": module}, exporters={"own": "plug_a:F"})
    with pytest.raises(UsageError, match=message) as error:
        format_named("assessment", "own", ["own"])
    assert error.value.help.startswith("it comes from dist 1.0")


def test_a_plug_in_takes_no_name_of_ours(install: Install) -> None:
    module = FORMAT.format("'assessment', 'sarif', '', ''")
    reader = "from threatmodel.importers.registry import Importer\nI = Importer('code2dfd', '', '')\n"
    install("a", {"plug_a": module}, exporters={"sarif": "plug_a:F"})
    install("b", {"plug_b": reader}, importers={"code2dfd": "plug_b:I"})
    with pytest.raises(UsageError, match="`sarif` has the name of a format of ours"):
        format_named("assessment", "other", ["sarif"])
    with pytest.raises(UsageError, match="`code2dfd` has the name of an importer of ours"):
        importers(["code2dfd"])


def test_a_name_that_nobody_or_two_install_is_refused(install: Install) -> None:
    for name in ("a", "b"):
        install(name, {}, exporters={"own": f"plug_{name}:F"})
    with pytest.raises(UsageError, match="no plug-in `onw` is installed") as error:
        format_named("assessment", "onw", ["onw"])
    assert error.value.help == "did you mean `own`?"
    with pytest.raises(UsageError, match="the plug-in `own` is installed twice"):
        format_named("assessment", "own", ["own"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 1 / 0", "the plug-in `own` failed: ZeroDivisionError"),
        ("return None", "the plug-in `own` gave neither text nor bytes"),
    ],
)
def test_what_goes_wrong_in_a_plug_in_is_its_makers(
    body: str, message: str, install: Install, project: Path
) -> None:
    module = FORMAT.format("'assessment', 'own', '', 'plug_a:write'") + f"def write(outcome):\n    {body}\n"
    install("dist", {"plug_a": module}, exporters={"own": "plug_a:F"})
    done = run("check", "--plugins", "own", "--format", "own", cwd=project)
    assert (done.status, message in done.err, "it comes from dist 1.0" in done.err) == (2, True, True)
