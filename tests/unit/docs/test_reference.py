"""The reference pages are what the code and the catalogs say today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.reference import pages

DOCS = Path(__file__).resolve().parents[3] / "docs"


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name], "run `python -m tools.update`"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in (DOCS / "reference").glob("*.md")} == set(PAGES)


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_page_for_contributors_is_in_their_index() -> None:
    folder = DOCS / "contributing"
    listed = set(re.findall(r"\]\(([a-z-]+\.md)\)", (folder / "index.md").read_text(encoding="utf-8")))

    assert listed == {path.name for path in folder.glob("*.md")} - {"index.md"}
