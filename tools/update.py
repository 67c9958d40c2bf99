"""Writes every generated file anew: `python -m tools.update` (`--check` only names those that are stale)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.corpus import comments
from tests.golden import outputs
from tools import architecture, readme, reference

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final[tuple[Callable[[], Mapping[str, str]], ...]] = (
    reference.texts,
    readme.texts,
    architecture.texts,
    outputs.texts,
    comments.texts,
)
"""What gives the generated files, each by its path from the root of the checkout."""
OWNED: Final = ("docs/reference/*.md", *outputs.OWNED, *comments.OWNED)
"""Where nothing but generated files stands: what no source gives any more goes."""


def main() -> int:
    """Writes what is stale, with `--check` only names it; the exit status says whether anything was."""
    check = "--check" in sys.argv[1:]
    wanted = {path: text for source in SOURCES for path, text in source().items()}
    stale = sorted(changes(ROOT, wanted, OWNED))
    for path, text in stale:
        print(f"{'stale' if check else 'written' if text is not None else 'removed'}: {path}")
        if not check:
            write(ROOT / path, text)
    if check and stale:
        print("run `python -m tools.update`, then read the difference")
    return 1 if check and stale else 0


def changes(root: Path, wanted: Mapping[str, str], owned: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """The files below `root` that are not as they should be, and what they should hold; None: not be there.

    `wanted` gives the files by their paths, `owned` patterns of the places where no others may stand.
    """
    for path, text in wanted.items():
        if _current(root / path) != text:
            yield path, text
    for pattern in owned:
        for file in root.glob(pattern):
            if (path := file.relative_to(root).as_posix()) not in wanted:
                yield path, None


def write(file: Path, text: str | None) -> None:
    """Makes a file hold a text, or takes it away."""
    if text is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def _current(file: Path) -> str | None:
    return file.read_bytes().decode("utf-8") if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
