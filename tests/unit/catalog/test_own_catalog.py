"""A folder of a user is laid over the catalog whole, or refused with everything that is wrong in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.catalog.build import text
from tests.unit.catalog.test_lint import FRAMEWORK
from tests.unit.catalog.test_load import write
from threatmodel.catalog import Catalog, load_catalog, load_frameworks
from threatmodel.errors import InputError

DOORS = "controls/perimeter/lock-doors.yaml"
WINDOWS = "controls/perimeter/bar-windows.yaml"
BARS = text(id="id: bar-windows", title="title: Windows are barred")


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole catalog of one control; everything is named from the folder around it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, f"base/{DOORS}", text())
    return Path("base")


@pytest.fixture
def acme(base: Path) -> Path:
    Path("acme").mkdir()
    return Path("acme")


def loaded(base: Path, *added: Path) -> Catalog:
    return load_catalog(base, added)


def told(base: Path, *added: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        loaded(base, *added)
    return [
        f"{d.span.file if d.span else ''} {d.code}: {d.message}" + (f" | {d.help}" if d.help else "")
        for d in caught.value.diagnostics
    ]


def test_controls_are_added_in_the_order_of_their_ids(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    catalog = loaded(base, acme)
    assert list(catalog.controls) == ["bar-windows", "lock-doors"]
    [edition] = catalog.added
    assert (edition.name, edition.version, edition.controls, edition.changes) == (
        "acme",
        "",
        ("bar-windows",),
        (),
    )


def test_a_catalog_says_its_name_and_version(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    write(acme, "catalog.yaml", "name: ACME rules\nversion: 2.1-beta\n")
    [edition] = loaded(base, acme).added
    assert (edition.name, edition.version) == ("ACME rules", "2.1-beta")


def test_each_is_laid_over_what_those_before_it_left(base: Path, acme: Path) -> None:
    team = Path("team")
    write(acme, WINDOWS, BARS)
    write(acme, "overrides.yaml", "overrides: {lock-doors: {severity: critical}}\n")
    write(
        team,
        "overrides.yaml",
        "overrides:\n"
        "  lock-doors: {severity: high, reason: a guard stands there}\n"
        "  bar-windows: {disable: true, reason: no windows}\n",
    )
    catalog = loaded(base, acme, team)
    assert catalog.controls["lock-doors"].severity == "high"
    assert [c.what for c in catalog.controls["lock-doors"].changes] == [
        "severity critical instead of high",
        "severity high instead of critical",
    ]
    assert catalog.controls["bar-windows"].disabled
    assert [(e.name, len(e.changes)) for e in catalog.added] == [("acme", 1), ("team", 2)]
    assert told(base, team, acme)[0].startswith(
        "team/overrides.yaml unknown-control: no control `bar-windows`"
    )


def test_the_same_folder_twice_counts_once(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    assert len(loaded(base, acme, acme).added) == 1


def test_added_controls_read_those_that_are_there(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS + "expect: {any: [{crosses_boundary: false}, {claimed: lock-doors}]}\n")
    assert "bar-windows" in loaded(base, acme).controls
    write(acme, WINDOWS, BARS + "expect: {any: [{crosses_boundary: false}, {claimed: lock-dors}]}\n")
    assert told(base, acme) == [
        f"acme/{WINDOWS} unknown-control: no control `lock-dors` | did you mean `lock-doors`?"
    ]


def test_frameworks_are_added_and_held_to_the_controls(base: Path, acme: Path) -> None:
    write(base, "frameworks/law.yaml", FRAMEWORK.replace("{controls}", "lock-doors").replace("rules", "law"))
    write(acme, WINDOWS, BARS)
    write(acme, "frameworks/rules.yaml", FRAMEWORK.replace("{controls}", "[lock-doors, bar-windows]"))
    catalog = loaded(base, acme)
    assert [f.id for f in load_frameworks(base, catalog)] == ["law", "rules"]
    write(
        acme,
        "frameworks/rules.yaml",
        FRAMEWORK.replace("{controls}", "bar-window").replace("id: rules", "id: law"),
    )
    assert told(base, acme) == [
        "acme/frameworks/rules.yaml duplicate-id: framework `law` exists twice",
        "acme/frameworks/rules.yaml unknown-control: no control `bar-window` | did you mean `bar-windows`?",
    ]


def test_the_digest_is_of_all_that_can_change_a_verdict(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    found = {loaded(base, acme).added[0].digest}
    write(acme, "references/ours.yaml", "id: ours\n")
    write(acme, "README.md", "x")
    assert {loaded(base, acme).added[0].digest} == found
    write(acme, "catalog.yaml", "name: acme\n")
    found.add(loaded(base, acme).added[0].digest)
    write(acme, "overrides.yaml", "overrides: {lock-doors: {fix: shut}}\n")
    found.add(loaded(base, acme).added[0].digest)
    assert len(found) == 3


def test_a_control_that_exists_is_overridden_and_not_defined_again(base: Path, acme: Path) -> None:
    write(acme, DOORS, text())
    write(acme, WINDOWS, BARS)
    write(acme, "controls/access/bar-windows.yaml", BARS.replace("perimeter", "access"))
    help = "to change it, override it in `overrides.yaml`; a control of your own needs another id"
    assert told(base, acme) == [
        f"acme/controls/access/bar-windows.yaml duplicate-id: control `bar-windows` exists already | {help}",
        f"acme/{DOORS} duplicate-id: control `lock-doors` exists already | {help}",
    ]


def test_two_catalogs_have_two_names(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    other = Path("other")
    write(other, "catalog.yaml", "name: acme\n")
    help = "give it another `name` in its `catalog.yaml`"
    assert told(base, acme, other) == [
        f" duplicate-id: the catalog in `other` is called `acme`, as another one is | {help}"
    ]
    write(other, "catalog.yaml", "name: threatmodel\n")
    assert len(told(base, other)) == 1


def test_everything_that_is_wrong_in_every_catalog_is_told_at_once(base: Path, acme: Path) -> None:
    team = Path("team")
    write(acme, WINDOWS, BARS.replace("severity: high", "severity: severe"))
    write(acme, "catalog.yaml", "name: acme\nowner: us\n")
    write(acme, "overrides.yaml", "overrides: {lock-doors: {disable: true}}\n")
    write(team, "frameworks/rules.yaml", FRAMEWORK.replace("{controls}", "lock-dors"))
    write(team, "overrides.yaml", "overrides: [\n")
    write(team, "controls/access/é.yaml", text(id="id: a@b", layer="layer: access"))
    assert [line.split(":")[0] for line in told(base, acme, team)] == [
        "acme/catalog.yaml unknown-key",
        f"acme/{WINDOWS} unknown-word",
        "acme/overrides.yaml missing-reason",
        "team/overrides.yaml yaml-syntax",
        "team/controls/access/é.yaml bad-id",
        "team/controls/access/é.yaml control-file",
        "team/frameworks/rules.yaml unknown-control",
    ]


def test_an_empty_folder_is_no_catalog(base: Path, acme: Path) -> None:
    (acme / "README.md").write_text("nothing yet")
    assert told(base, acme) == [
        (
            " empty-catalog: there is no control, framework or override in `acme`"
            " | `threatmodel catalog new` writes a first control; else it holds"
            " `overrides.yaml`, `controls/*/*.yaml` or `frameworks/*.yaml`"
        )
    ]


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("override.yaml", " | did you mean `overrides.yaml`?"),
        ("controls/lock-gates.yaml", ""),
        ("controls/perimeter/gates/lock-gates.yaml", ""),
        ("controls/perimeter/lock-gates.yml", ""),
        ("kinds/kinds.yaml", ""),
    ],
)
def test_a_file_that_nothing_reads_is_told(name: str, help: str, base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    write(acme, name, "id: lock-gates\n")
    places = (
        "`catalog.yaml`, `overrides.yaml`, `controls/*/*.yaml`, `frameworks/*.yaml` or `references/*.yaml`"
    )
    assert told(base, acme) == [
        f"acme/{name} catalog-file: nothing reads `{name}`: a catalog holds {places}{help}"
    ]


def test_hidden_files_are_left_alone(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    for name in (".git/config.yaml", ".editor.yaml", ".github/workflows/check.yml"):
        write(acme, name, "x: 1\n")
    assert "bar-windows" in loaded(base, acme).controls


def test_what_leads_out_of_the_folder_is_not_read(base: Path, acme: Path) -> None:
    write(Path(), "secret/bar-windows.yaml", BARS)
    (acme / "controls" / "perimeter").mkdir(parents=True)
    (acme / WINDOWS).symlink_to(Path("secret").resolve() / "bar-windows.yaml")
    (acme / "frameworks").symlink_to(Path("secret").resolve())
    assert told(base, acme) == [
        f"acme/{WINDOWS} catalog-file: `{WINDOWS}` leads out of the catalog",
        "acme/frameworks catalog-file: `frameworks` leads out of the catalog",
    ]


def test_a_file_that_cannot_be_read_is_told(base: Path, acme: Path) -> None:
    write(acme, WINDOWS, BARS)
    (acme / "overrides.yaml").write_bytes(b"overrides: {lock-doors: {fix: \xff}}")
    assert told(base, acme) == [
        "acme/overrides.yaml not-utf8: byte 0xff is not UTF-8 | save the file as UTF-8"
    ]


def test_a_whole_disk_is_no_catalog(base: Path, acme: Path) -> None:
    folder = acme / "controls"
    folder.mkdir()
    for i in range(5001):
        os.close(os.open(folder / f"{i}.yaml", os.O_CREAT))
    assert told(base, acme) == [" catalog-file: `acme` is no catalog: it holds more than 5000 files"]


def test_what_is_wrong_in_the_whole_catalog_is_told_too(base: Path, acme: Path) -> None:
    write(base, DOORS, text(severity="severity: severe"))
    write(base, "frameworks/law.yaml", "id: [")
    write(acme, WINDOWS, BARS)
    write(acme, "frameworks/rules.yaml", FRAMEWORK.replace("{controls}", "bar-windows"))
    assert [line.split(":")[0] for line in told(base, acme)] == [
        f"base/{DOORS} unknown-word",
        "base/frameworks/law.yaml yaml-syntax",
    ]
