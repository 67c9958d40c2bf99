"""The made parts of the architecture page are what the code is today."""

from __future__ import annotations

from tools import architecture


def test_the_page_is_current() -> None:
    written = (architecture.ROOT / architecture.PAGE).read_text(encoding="utf-8")

    assert written == architecture.texts()[architecture.PAGE], "run `python -m tools.update`"


def test_a_part_is_put_between_its_marks_and_the_rest_stays() -> None:
    page = "a\n<!-- made: x -->\nold\n<!-- end -->\nb\n<!-- made: y -->\nkept\n<!-- end -->\n"

    assert architecture.filled(page, "x", ["new", "", ""]) == page.replace("old", "new")
