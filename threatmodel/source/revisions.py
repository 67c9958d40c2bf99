"""Reads the files of a git revision through the `git` program; nothing is checked out or written.

Every argument that a user wrote is checked and stands behind `--end-of-options`; no shell, no network, and
bounds on time and output. Links inside the revision are followed, those that lead out of it are refused.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.errors import Diagnostic, InputError, UsageError, quoted
from threatmodel.source import Limits

_SECONDS: Final = 30
_MOST_SAID: Final = 200
_REVISION: Final = re.compile(r"(?!-)[^\s\x00-\x20\x7f:\\?*\[]{1,250}")
_READ: Final = ("cat-file", "--follow-symlinks")
_SETTINGS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.fsmonitor=false",
)
_QUIET: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}


class Object(NamedTuple):
    """What stands at a path of a revision: "blob" or "tree", and how many bytes it has."""

    kind: str
    size: int


class Commit(NamedTuple):
    """A commit: its id, its day, and the first line of its message."""

    id: str
    day: str
    subject: str


class Repository:
    """The repository around a folder; raises UsageError when there is none, or no git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        answer = _run(folder, ["rev-parse", "--show-toplevel"])
        if answer.failed:
            message = f"there is no git repository to read in {quoted(str(folder))}"
            raise UsageError(message, f"git says: {answer.failed}")
        self.root = Path(os.path.realpath(answer.line))

    def commit(self, revision: str) -> str:
        """The commit that a revision names; raises UsageError when there is none."""
        if not _REVISION.fullmatch(revision) or ".." in revision:
            raise UsageError(f"{quoted(revision)} is no revision", "name a commit, a branch or a tag")
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        answer = _run(self.root, words).line
        if not answer or not re.fullmatch(r"[0-9a-f]{40,64}", answer):
            if not _run(self.root, ["rev-list", "--max-count=1", "--all"]).line:
                raise UsageError("this repository has no commit yet", "commit the model first")
            raise UsageError(
                f"this repository has no revision {quoted(revision)}", self._instead_of(revision)
            )
        return answer

    def _instead_of(self, revision: str) -> str:
        """What to write for a revision that is not here: its remote-tracking branch, where there is one."""
        words = ["for-each-ref", "--format=%(refname:lstrip=2)", f"refs/remotes/*/{revision}"]
        if there := _run(self.root, words).line.partition("\n")[0]:
            return f"write {quoted(there)}: the branch is fetched, but this checkout has none of its own"
        return "fetch it first; a shallow clone holds one commit only (`fetch-depth: 0` in GitHub Actions)"

    def merge_base(self, one: str, other: str) -> str:
        """The commit where two revisions parted; raises UsageError when they have none in common."""
        words = ["merge-base", "--end-of-options", self.commit(one), self.commit(other)]
        answer = _run(self.root, words).line
        if not answer:
            raise UsageError(f"{quoted(one)} and {quoted(other)} have no commit in common")
        return answer

    def commits(self, revision: str, inside: str, most: int) -> tuple[Commit, ...]:
        """The last commits up to a revision that touch a path of the repository, oldest first.

        Of a merge only the side that was merged into is followed.
        """
        words = ["--literal-pathspecs", "log", "--first-parent", "--no-show-signature", "--no-color"]
        words += [f"--max-count={most}", "--format=%H %cs %s", "--end-of-options", self.commit(revision)]
        answer = _run(self.root, [*words, "--", inside])
        if answer.failed:
            raise UsageError(f"cannot read the history of {quoted(inside)}", f"git says: {answer.failed}")
        lines = answer.output.decode("utf-8", "replace").split("\n")
        found = [Commit(*line.split(" ", 2)) for line in lines if line.count(" ") >= 2]
        return tuple(reversed(found))

    def at(self, revision: str) -> Revision:
        """The files of a revision."""
        return Revision(self.root, self.commit(revision))

    def inside(self, path: Path) -> str:
        """A path as the repository names it; raises UsageError when it is outside."""
        full = Path(os.path.normpath(Path(os.path.realpath(self.folder)) / path))
        if not full.is_relative_to(self.root):
            raise UsageError(f"{quoted(str(path))} is outside the repository")
        return full.relative_to(self.root).as_posix()


class Revision:
    """The files of one commit, under the paths that they have in the working tree."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.commit = commit
        self._objects: dict[str, Object | None] = {}

    def resolve(self, path: Path) -> Path:
        """The absolute path without `..`; links are followed when the file is read."""
        return Path(os.path.normpath(self.root / path))

    def exists(self, path: Path) -> bool:
        """Whether the revision has a file or a folder there; the root counts as a repository."""
        return path == self.root / ".git" or self._object(path) is not None

    def is_file(self, path: Path) -> bool:
        """Whether the revision has a file there."""
        return self._kind(path) == "blob"

    def is_dir(self, path: Path) -> bool:
        """Whether the revision has a folder there."""
        return path == self.root or self._kind(path) == "tree"

    def read(self, path: Path, name: str, limits: Limits) -> bytes:
        """The bytes of a file, one more than allowed at most; raises InputError when it cannot be read."""
        found = self._object(path)
        if found is None or found.kind != "blob":
            why = "no such file in this revision" if found is None else "it is no file"
            raise _unreadable(name, why)
        if found.size > limits.size:
            return b" " * (limits.size + 1)  # what is too large is refused by its size alone
        answer = _run(self.root, [*_READ, "--batch"], self._name(path))
        head, _, rest = answer.output.partition(b"\n")
        if not head.split(b" ")[1:2] == [b"blob"] or len(rest) < found.size:
            raise _unreadable(name, "git does not give it")
        return rest[: found.size]

    def under(self, folder: Path) -> tuple[Path, ...] | None:
        """The files in a folder and below it, in order; None for a folder outside the repository."""
        if not folder.is_relative_to(self.root):
            return None
        inside = folder.relative_to(self.root).as_posix()
        words = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--name-only", "--full-tree"]
        answer = _run(self.root, [*words, "--end-of-options", self.commit, "--", inside])
        if answer.failed:
            raise UsageError(f"cannot list {quoted(inside)} in this revision", f"git says: {answer.failed}")
        return tuple(sorted(self.root / os.fsdecode(name) for name in answer.output.split(b"\0") if name))

    def _kind(self, path: Path) -> str:
        found = self._object(path)
        return found.kind if found else ""

    def _object(self, path: Path) -> Object | None:
        if not path.is_relative_to(self.root):
            return None
        name = path.relative_to(self.root).as_posix()
        if name not in self._objects:
            self._objects[name] = self._look(path)
        return self._objects[name]

    def _look(self, path: Path) -> Object | None:
        if any(ord(c) < 32 or c == "\x7f" for c in str(path)):
            return None  # a line break would begin another request
        answer = _run(self.root, [*_READ, "--batch-check"], self._name(path))
        match answer.output.split():
            case [_, (b"blob" | b"tree") as kind, size] if size.isdigit():
                return Object(kind.decode(), int(size))
            case _:
                return None

    def _name(self, path: Path) -> bytes:
        inside = path.relative_to(self.root).as_posix()
        return os.fsencode(f"{self.commit}:{'' if inside == '.' else inside}\n")


def _unreadable(name: str, why: str) -> InputError:
    return InputError((Diagnostic("unreadable-file", f"cannot read {quoted(name)}: {why}"),))


class _Answer(NamedTuple):
    """What git printed; `failed` is why it gave up, "" when it did not."""

    output: bytes
    failed: str

    @property
    def line(self) -> str:
        """The answer as one line, "" when git gave up."""
        return "" if self.failed else os.fsdecode(self.output).strip()


def _run(folder: Path, words: Sequence[str], request: bytes = b"") -> _Answer:
    """The answer of one git command; raises UsageError when it cannot run or does not end."""
    try:
        done = subprocess.run(
            ["git", *_SETTINGS, *words],
            cwd=folder,
            input=request,
            capture_output=True,
            env={**os.environ, **_QUIET},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"git did not answer within {_SECONDS} seconds") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(
            f"cannot run git: {why}", "install git, or name files instead of revisions"
        ) from None
    if done.returncode == 0:
        return _Answer(done.stdout, "")
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    return _Answer(b"", said.removeprefix("fatal: ")[:_MOST_SAID] or f"status {done.returncode}")
