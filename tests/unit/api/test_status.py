"""A library user gets the exit status that the command gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel import Gate, api
from threatmodel.cli import cli

AS_OF = "2026-06-01"
MODEL = """
threatmodel: 1
name: Shop
data: {record: {confidentiality: confidential, categories: []}}
boundaries: {lan: {trust: trusted}}
actors: {user: {human: true}}
services: {web: {boundary: lan}, api: {boundary: lan}}
stores: {db: {boundary: lan, kind: relational-database, holds: record, controls: {encrypt-at-rest: %s}}}
flows:
  - {from: user, to: web, protocol: https, data: []}
  - {from: api, to: db, protocol: postgresql, data: record%s}
"""
OPEN, HELD = MODEL % ("false", ""), MODEL % ("aes-256", "")
REACHED = f"{HELD}  - {{from: web, to: api, protocol: https, data: record}}\n"
POLICIES = ("", "fail-on: never\n", "fail-on: low\n", "fail-on: never\nlayers: {data-at-rest: low}\n")
FLAGS: tuple[tuple[str | None, bool], ...] = (
    (None, False),
    (None, True),
    ("low", False),
    ("critical", True),
    ("never", True),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def command(*words: str | Path) -> int:
    return int(cli.main([*map(str, words), "--as-of", AS_OF], "threatmodel", standalone_mode=False) or 0)


def flags(fail_on: str | None, unknowns: bool) -> list[str]:
    return [*(["--fail-on", fail_on] if fail_on else []), *(["--fail-on-unknown"] if unknowns else [])]


@pytest.mark.parametrize(("fail_on", "unknowns"), FLAGS)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_check_fails_in_the_library_as_on_the_command_line(
    folder: Path, policy: str, fail_on: str | None, unknowns: bool
) -> None:
    (folder / ".threatmodel.yaml").write_text(policy)
    for name, text in (("open", OPEN), ("held", HELD)):
        (path := folder / f"{name}.yaml").write_text(text)
        settings = api.settings_for(path, given={"fail-on": fail_on})
        review = api.load(path, settings.library(), AS_OF)
        found = api.check(review, settings.gate(unknowns=unknowns), policy=settings.policy)
        assert found.status == command("check", path, *flags(fail_on, unknowns))
        assert bool(found.refusals) is bool(found.status)


def test_gaps_of_a_baseline_fail_nowhere_until_they_are_worse(folder: Path) -> None:
    (path := folder / "m.yaml").write_text(OPEN)
    command("baseline", "create", path)
    known = folder / "baseline.yaml"
    review = api.load(path, api.Library(), AS_OF)
    statuses = []
    for text in (known.read_text(), known.read_text().replace(": medium", ": low")):
        known.write_text(text)
        found = api.check(review, Gate("low"), api.read_baseline(known))
        statuses.append(found.status)
        assert found.status == command("check", path, "--fail-on", "low", "--baseline", known)
    assert statuses == [0, 1]


@pytest.mark.parametrize(("fail_on", "unknowns"), FLAGS)
@pytest.mark.parametrize("reach", ["never", "confidential", "restricted"])
def test_a_change_fails_in_the_library_as_on_the_command_line(
    folder: Path, reach: str, fail_on: str | None, unknowns: bool
) -> None:
    for name, text in (("open", OPEN), ("held", HELD), ("reached", REACHED)):
        (folder / f"{name}.yaml").write_text(text)
    for old, new in (("held", "open"), ("open", "held"), ("held", "reached")):
        files = str(folder / f"{old}.yaml"), str(folder / f"{new}.yaml")
        sources = api.named_sources(*files, None)
        given = {"fail-on": fail_on, "fail-on-reach": reach}
        settings = api.settings_for(sources[1].path, given=given)
        found = api.compare_sources(sources, settings, AS_OF, unknowns=unknowns)
        options = ["--fail-on-reach", reach, *flags(fail_on, unknowns)]
        assert found.status == command("diff", *files, *options)
        assert bool(found.refusals) is bool(found.status)


def test_data_that_are_new_where_untrusted_ground_reaches_are_named_as_what_fails(folder: Path) -> None:
    for name, text in (("old", HELD), ("new", HELD.replace("data: []", "data: record"))):
        (folder / f"{name}.yaml").write_text(text)
    sources = api.named_sources(str(folder / "old.yaml"), str(folder / "new.yaml"), None)
    settings = api.settings_for(sources[1].path, given={"fail-on": "never", "fail-on-reach": "confidential"})
    (refusal,) = api.compare_sources(sources, settings, AS_OF).refusals
    assert (refusal.what, refusal.option, refusal.names) == ("new data", "fail-on-reach", ("web",))
