"""`threatmodel diff` on files, folders and git revisions, and its exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_cli import run
from threatmodel.cli.commands.diff import LEVELS
from threatmodel.policy import settings as policies

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")

SAFE = """
threatmodel: 1
name: Guestbook
data: {entry: {confidentiality: confidential, categories: personal}}
actors: {visitor: {human: true}}
services: {web: {}}
flows: [{from: visitor, to: web, protocol: https, data: entry}]
"""
UNSAFE = SAFE.replace("https", "http")
TITLED = SAFE.replace("web: {}", "web: {title: The web, description: so}") + "# a comment\n"


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *who, *words], cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that is safe on its branch `main`, and not on `change`, where it stands."""
    folder = tmp_path / "repository"
    (folder / "models").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for branch, text in (("main", SAFE), ("change", UNSAFE)):
        if branch != "main":
            git(folder, "checkout", "--quiet", "-b", branch)
        (folder / "threatmodel.yaml").write_text(text)
        head, _, flows = text.partition("flows:")
        (folder / "models" / "split.yaml").write_text(f"{head}include: flows.yaml\n")
        (folder / "models" / "flows.yaml").write_text(f"threatmodel: 1\nflows:{flows}")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", branch)
    return folder


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "low"], 1),
        (["--fail-on", "never"], 0),
        (["--exit-zero"], 0),
    ],
)
def test_a_gap_that_the_change_opens_fails(options: list[str], status: int, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SAFE)
    (tmp_path / "new.yaml").write_text(UNSAFE)
    done = run("diff", "old.yaml", "new.yaml", *options, cwd=tmp_path)
    assert done.status == status
    assert "encrypt-in-transit@visitor->web" in done.out


def test_a_gap_that_was_there_before_does_not_fail(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(UNSAFE)
    (tmp_path / "new.yaml").write_text(UNSAFE.replace("web: {}", "web: {}, mail: {}"))
    done = run("diff", "old.yaml", "new.yaml", "--fail-on", "low", cwd=tmp_path)
    assert done.status == 0
    assert "added: service `mail`" in done.out


GUARDED = """
threatmodel: 1
name: Guestbook
data: {entry: {confidentiality: restricted}}
actors: {visitor: }
services:
  gate: {controls: {authenticate-caller: oidc, rate-limit: usage plan}}
  book: {controls: {authorize: roles}}
stores: {entries: {holds: entry}, archive: {holds: entry}}
flows:
  - {from: visitor, to: gate, protocol: https, data: entry}
  - {from: gate, to: book, protocol: https, data: entry}
  - {from: book, to: entries, protocol: postgresql-tls, data: entry}
"""
ROUND = GUARDED + "  - {from: visitor, to: book, protocol: https, data: entry}\n"
NEARER = GUARDED + "  - {from: book, to: archive, protocol: postgresql-tls, data: entry}\n"


def test_layers_that_paths_no_longer_pass_are_told_with_the_way_that_goes_round_them(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(GUARDED)
    (tmp_path / "new.yaml").write_text(ROUND)
    there = run("diff", "old.yaml", "new.yaml", "--exit-zero", cwd=tmp_path).out
    assert "LAYERS OF DEFENCE LOST" in there
    assert "without perimeter, identity: `visitor` → `book`" in there
    assert "and 1 more element likewise" in " ".join(there.split())
    back = run("diff", "new.yaml", "old.yaml", "--exit-zero", cwd=tmp_path).out
    assert "LAYERS OF DEFENCE LOST" not in back
    assert "↑ `book` has" in back.partition("BETTER THAN BEFORE")[2]


@pytest.mark.parametrize(
    ("options", "policy", "status"),
    [
        ([], "", 0),
        (["--fail-on-reach", "restricted"], "", 1),
        (["--fail-on-reach", "never"], "fail-on-reach: internal\n", 0),
        ([], "fail-on-reach: confidential\n", 1),
    ],
)
def test_a_change_that_lets_untrusted_ground_reach_data_can_fail(
    options: list[str], policy: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / "old.yaml").write_text(GUARDED)
    (tmp_path / "new.yaml").write_text(NEARER)
    (tmp_path / ".threatmodel.yaml").write_text("fail-on: never\n" + policy)
    assert run("diff", "old.yaml", "new.yaml", *options, cwd=tmp_path).status == status


@pytest.mark.parametrize(
    ("options", "policy", "status"),
    [
        ([], "", 1),
        ([], "fail-on: never\n", 0),
        ([], "fail-on: never\nlayers: {channel: low}\n", 1),
        (["--fail-on", "high"], "fail-on: never\n", 1),
    ],
)
def test_the_gate_of_a_change_is_that_of_the_policy(
    options: list[str], policy: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / "old.yaml").write_text(SAFE)
    (tmp_path / "new.yaml").write_text(UNSAFE)
    (tmp_path / ".threatmodel.yaml").write_text(policy)
    assert run("diff", "old.yaml", "new.yaml", *options, cwd=tmp_path).status == status


def test_results_that_become_unknown_fail_where_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SAFE)
    (tmp_path / "new.yaml").write_text(SAFE.replace(", protocol: https", ""))
    assert run("diff", "old.yaml", "new.yaml", cwd=tmp_path).status == 0
    assert run("diff", "old.yaml", "new.yaml", "--fail-on-unknown", cwd=tmp_path).status == 1


def test_unknowns_that_turned_into_gaps_are_not_called_better(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SAFE.replace(", protocol: https", ""))
    (tmp_path / "new.yaml").write_text(UNSAFE)
    told = run("diff", "old.yaml", "new.yaml", "--exit-zero", cwd=tmp_path).out
    assert "encrypt-in-transit@visitor->web" in told
    assert "BETTER THAN BEFORE" not in told
    assert "Is `visitor->web` encrypted? No longer asked for 1 result" in told


def test_what_ends_with_a_removed_element_is_not_called_better(tmp_path: Path) -> None:
    scanned = GUARDED.replace("services:\n", "services:\n  scan: {kind: worker, custom_code: true}\n")
    scanned += "  - {from: book, to: scan, protocol: https, sends: entry}\n"
    (tmp_path / "old.yaml").write_text(scanned)
    (tmp_path / "new.yaml").write_text(GUARDED)
    done = run("diff", "old.yaml", "new.yaml", cwd=tmp_path)
    assert "Service `scan` is removed, with 1 flow." in done.out
    assert "settled" not in done.out
    assert "BETTER THAN BEFORE" not in done.out
    found = json.loads(run("diff", "old.yaml", "new.yaml", "--format", "json", cwd=tmp_path).out)
    ended = [u for u in found["unknowns"] if any("scan" in key for key in u["keys"])]
    assert ended
    assert all(u["how"] == "settled" and u["absent"] == len(u["keys"]) for u in ended)


def test_a_gap_that_ends_with_its_element_says_so(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(UNSAFE)
    (tmp_path / "new.yaml").write_text(UNSAFE.partition("flows:")[0])
    done = run("diff", "old.yaml", "new.yaml", cwd=tmp_path)
    assert "closed, with `visitor->web` gone: `encrypt-in-transit@visitor->web`" in " ".join(done.out.split())


def test_many_requirements_that_moved_alike_stand_in_one_line(tmp_path: Path) -> None:
    party = "threatmodel: 1\nname: N\nparties: {us: {own: true, jurisdiction: IE%s}}\nservices: {a: }\n"
    (tmp_path / "old.yaml").write_text(party % "")
    (tmp_path / "new.yaml").write_text(party % ", hipaa: none")
    lines = run("diff", "old.yaml", "new.yaml", cwd=tmp_path).out.splitlines()
    hipaa = [line for line in lines if "HIPAA" in line]
    assert 1 <= len(hipaa) <= 3
    assert all("requirements: " in line and "→ not-applicable" in line for line in hipaa)


def test_many_elements_that_are_reached_alike_stand_in_one_line(tmp_path: Path) -> None:
    inner = (
        "threatmodel: 1\nname: N\nactors: {u: }\nservices: {gate: , a: , b: , c: , d: , e: , f: }\nflows:\n"
    )
    inner += "  - {from: gate, to: [a, b, c, d, e, f], data: []}\n"
    (tmp_path / "old.yaml").write_text(inner)
    (tmp_path / "new.yaml").write_text(inner + "  - {from: u, to: gate, data: []}\n")
    out = " ".join(run("diff", "old.yaml", "new.yaml", cwd=tmp_path).out.split())
    assert "now reaches `a` in 2 hops (before: never), and 5 more elements likewise" in out
    assert "likewise `b`, `c`, `d`, `e`, `f`" in out


def test_the_levels_of_reach_are_those_of_the_policy() -> None:
    assert LEVELS == policies.LEVELS


def test_titles_and_comments_are_said_to_change_nothing(tmp_path: Path) -> None:
    for name, text in (("old", SAFE), ("new", TITLED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "threatmodel.yaml").write_text(text)
    done = run("diff", "old", "new", "--fail-on", "low", cwd=tmp_path)
    assert done.status == 0
    assert "Nothing changes for security: only titles, descriptions, comments or order differ." in done.out
    assert "differ" not in run("diff", "old", "old", cwd=tmp_path).out


@pytest.mark.parametrize(
    "names",
    [
        ["main..change"],
        ["main..."],
        ["main", "change"],
        ["main:threatmodel.yaml", "change:threatmodel.yaml"],
        ["main"],
        ["HEAD~1"],
        ["HEAD~1:models/split.yaml"],
        ["main:."],
        ["main:models/split.yaml", "threatmodel.yaml"],
        ["main..HEAD", "--model", "models/split.yaml"],
    ],
)
def test_revisions_are_compared(names: list[str], repository: Path) -> None:
    done = run("diff", *names, cwd=repository)
    assert done.err == ""
    assert done.status == 1
    assert "encrypt-in-transit@visitor->web" in done.out
    assert run("diff", "main..main", cwd=repository).status == 0


def test_paths_can_be_named_from_a_folder_inside(repository: Path) -> None:
    done = run("diff", "main:./split.yaml", cwd=repository / "models")
    assert done.status == 1
    assert "at models/flows.yaml:2" in done.out


def test_nothing_in_the_repository_is_touched(repository: Path) -> None:
    (repository / "threatmodel.yaml").write_text(SAFE)
    before = {p: p.stat().st_mtime_ns for p in repository.rglob("*") if p.is_file()}
    assert run("diff", "main..change", cwd=repository).status == 1
    assert {p: p.stat().st_mtime_ns for p in repository.rglob("*") if p.is_file()} == before
    assert git(repository, "status", "--porcelain") == " M threatmodel.yaml\n"


def test_three_dots_begin_where_the_branches_parted(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    (repository / "threatmodel.yaml").write_text(SAFE.replace("web: {}", "web: {}, mail: {}"))
    git(repository, "commit", "--quiet", "-a", "-m", "main goes on")
    assert "removed: service `mail`" in run("diff", "main..change", cwd=repository).out
    assert "mail" not in run("diff", "main...change", cwd=repository).out


@pytest.mark.parametrize("names", [["main..change"], ["main...change"], ["main", "change"], ["main"]])
def test_of_a_model_that_the_base_does_not_have_everything_is_new(names: list[str], repository: Path) -> None:
    git(repository, "checkout", "--quiet", "change")
    (repository / "new.yaml").write_text(UNSAFE)
    git(repository, "add", "new.yaml")
    git(repository, "commit", "--quiet", "-m", "another model")
    done = run("diff", *names, "--model", "new.yaml", cwd=repository)
    assert done.status == 1
    assert "has no model `new.yaml`: everything in it is new" in done.err
    assert "added: service `web`" in done.out
    backwards = run("diff", "change..main", "--model", "new.yaml", cwd=repository)
    assert backwards.status == 2
    assert "there is no model `new.yaml` in `main`" in backwards.err


def test_a_branch_that_is_only_fetched_is_named_as_git_knows_it(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "repository", "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "--quiet", "--detach", "origin/change")
    git(clone, "branch", "--quiet", "-D", "change")
    done = run("diff", "main...HEAD", cwd=clone)
    assert done.status == 2
    assert "no revision `main`\nhelp: write `origin/main`: the branch is fetched, but" in done.err
    assert run("diff", "origin/main...HEAD", cwd=clone).status == 1


def test_a_repository_without_commits_is_told_as_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "threatmodel.yaml").write_text(SAFE)
    for words in (["diff", "HEAD"], ["history"]):
        done = run(*words, cwd=tmp_path)
        assert done.status == 2
        assert "this repository has no commit yet" in done.err


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["nowhere"], "no revision `nowhere`"),
        (["--", "--output=x"], "`--output=x` is no revision"),
        (["main..--help"], "`--help` is no revision"),
        (["a b"], "`a b` is no revision"),
        (["missing.yaml", "threatmodel.yaml"], "cannot read `missing.yaml`"),
        (["main..HEAD", "--model", "missing.yaml"], "there is no model `missing.yaml` in `HEAD`"),
        (["main:missing.yaml"], "there is no model `missing.yaml` in `main:missing.yaml`"),
        (["main:../outside.yaml"], "outside the repository"),
        (["threatmodel.yaml"], "nothing to compare it with"),
    ],
)
def test_what_cannot_be_read_is_told(names: list[str], expected: str, repository: Path) -> None:
    done = run("diff", *names, cwd=repository)
    assert done.status == 2
    assert expected in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(SAFE)
    done = run("diff", "main", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.status == 2
    assert "there is no git repository" in done.err
    assert "git says" in done.err


def test_a_machine_without_git_is_told(repository: Path) -> None:
    done = run("diff", "main", cwd=repository, PATH="/nowhere")
    assert done.status == 2
    assert "cannot run git" in done.err


def test_a_model_that_is_not_valid_says_on_which_side(repository: Path) -> None:
    (repository / "threatmodel.yaml").write_text(UNSAFE.replace("services", "servces"))
    git(repository, "commit", "--quiet", "-a", "-m", "broken")
    done = run("diff", "main..change", cwd=repository)
    assert done.status == 2
    assert "the model in `change` is not valid" in done.err
    assert "unknown-key" in done.err


def test_an_include_cannot_leave_the_revision(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("threatmodel: 1\nservices: {stolen: {}}\n")
    (repository / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    for path in ("../secret.yaml", "link.yaml"):
        (repository / "threatmodel.yaml").write_text(f"{SAFE}include: {path}\n")
        git(repository, "add", ".")
        git(repository, "commit", "--quiet", "-m", path)
        done = run("diff", "main..change", cwd=repository)
        assert done.status == 2, path
        assert "stolen" not in done.out


def test_a_link_inside_the_revision_is_followed(repository: Path) -> None:
    (repository / "again.yaml").symlink_to("models/split.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "link")
    done = run("diff", "main:threatmodel.yaml", "HEAD:again.yaml", cwd=repository)
    assert done.status == 2  # its include is taken from the folder of the link
    assert "cannot read `flows.yaml`" in done.err


def test_the_waivers_beside_a_model_come_from_the_same_revision(repository: Path) -> None:
    waiver = "{finding: encrypt-in-transit@*, reason: r, owner: o, until: 2030-01-01}"
    (repository / "decisions.yaml").write_text(f"threatmodel-decisions: 1\nwaivers: [{waiver}]\n")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "waived")
    assert "high, waived" in run("diff", "HEAD~1..HEAD", cwd=repository).out.replace("critical", "high")
    assert run("diff", "HEAD..HEAD~1", cwd=repository).status == 1


def test_json_is_versioned_and_markdown_has_its_marker(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SAFE)
    (tmp_path / "new.yaml").write_text(UNSAFE)
    words = ("diff", "old.yaml", "new.yaml", "--exit-zero", "--as-of", "2026-11-01")
    plain = json.loads(run(*words, "--format", "json", cwd=tmp_path).out)
    assert plain["threatmodel-diff"] == 1
    assert plain["gaps"][0]["key"] == "encrypt-in-transit@visitor->web"
    markdown = run(*words, "--format", "markdown", cwd=tmp_path).out
    assert markdown.startswith("<!-- threatmodel-diff:new.yaml -->\n")
    assert "```mermaid" in markdown
    assert run(*words, "--format", "html", "-o", "page.html", cwd=tmp_path).status == 0
    page = (tmp_path / "page.html").read_text()
    assert "<svg" in page
    assert "<script" not in page


def test_the_marker_is_the_path_of_the_later_model_whatever_its_name(repository: Path) -> None:
    def marked(*words: str, cwd: str = ".") -> str:
        done = run(*words, "--format", "markdown", cwd=repository / cwd)
        return done.out.partition("\n")[0]

    (repository / "threatmodel.yaml").write_text(SAFE.replace("Guestbook", "Another name"))
    assert marked("diff", "main..change") == "<!-- threatmodel-diff:threatmodel.yaml -->"
    assert marked("diff", "main") == "<!-- threatmodel-diff:threatmodel.yaml -->"
    split = "<!-- threatmodel-diff:models/split.yaml -->"
    assert marked("diff", "main..change", "--model", "models/split.yaml") == split
    assert marked("diff", "main..change", "--model", "split.yaml", cwd="models") == split
    assert marked("diff", "main:./split.yaml", cwd="models") == split
    what_if = ("what-if", "split.yaml", "--set", 'flows["visitor->web"].protocol=https')
    assert marked(*what_if, cwd="models") == split


@pytest.fixture
def moved(repository: Path) -> Path:
    """The repository after its model moved to another folder."""
    (repository / "docs").mkdir()
    git(repository, "mv", "threatmodel.yaml", "docs/threatmodel.yaml")
    git(repository, "commit", "--quiet", "-m", "moved")
    return repository


@pytest.mark.parametrize(
    "words", [["HEAD~1..HEAD"], ["HEAD~1..HEAD", "--model", "docs"], ["HEAD~1", "--model", "docs"]]
)
def test_a_model_that_was_moved_is_the_same_model(words: list[str], moved: Path) -> None:
    done = run("diff", *words, cwd=moved)
    assert done.status == 0
    assert "Nothing changes for security" in done.out
    assert "these are compared" in done.err
    assert "`docs/threatmodel.yaml`" in done.err or "`threatmodel.yaml`" in done.err


def test_another_model_in_another_folder_is_no_moved_one(moved: Path) -> None:
    (moved / "docs" / "threatmodel.yaml").write_text(SAFE.replace("Guestbook", "Shop"))
    git(moved, "commit", "--quiet", "-am", "another")
    done = run("diff", "main..HEAD", "--model", "docs", "--exit-zero", cwd=moved)
    assert "everything in it is new" in done.err
    nowhere = run("diff", "main..HEAD", cwd=moved)
    assert nowhere.status == 2
    assert "BASE:PATH HEAD:PATH" in nowhere.err
