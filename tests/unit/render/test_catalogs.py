"""What catalogs weaken is told by catalog, disabled controls first, and every edition by name and digest."""

from __future__ import annotations

from threatmodel.catalog.controls import Change
from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Span
from threatmodel.render.catalogs import editions, weakened

PLACE = Span("o.yaml", 1, 1, 1, 2)
SHIPPED = Edition("threatmodel", "0.1.0", "sha256:" + 64 * "1")


def change(control: str, key: str, what: str, *, weaker: bool = True) -> Change:
    return Change(control, "acme", key, what, weaker, f"why {control}", PLACE)


def acme(*changes: Change) -> Edition:
    return Edition("acme", "", "sha256:" + 64 * "a", ("x",), changes)


def test_each_catalog_tells_what_it_disables_and_then_what_it_weakens() -> None:
    changes = (
        change("d", "severity", "severity low instead of high"),
        change("a", "disable", "disabled"),
        change("d", "mechanisms", "no longer weak: `x`"),
        change("c", "severity", "severity critical instead of high", weaker=False),
        change("b", "disable", "disabled"),
    )
    assert list(weakened((SHIPPED, acme(*changes)))) == [
        "2 controls disabled by the catalog `acme`: `a` (why a); `b` (why b)",
        (
            "1 control weakened by the catalog `acme`: "
            "`d`: severity low instead of high (why d); `d`: no longer weak: `x` (why d)"
        ),
    ]


def test_catalogs_that_weaken_nothing_tell_nothing() -> None:
    assert list(weakened((SHIPPED, acme(change("c", "fix", "another text for `fix`", weaker=False))))) == []


def test_every_edition_is_named() -> None:
    assert editions(()) == ""
    assert editions((SHIPPED,)) == "catalog: threatmodel 0.1.0 (111111111111)"
    assert editions((SHIPPED, acme())) == "catalogs: threatmodel 0.1.0 (111111111111), acme (aaaaaaaaaaaa)"
