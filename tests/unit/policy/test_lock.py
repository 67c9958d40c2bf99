"""The lock file holds each catalog by its digest; whatever differs is told with its place and the way out."""

from __future__ import annotations

import pytest

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import InputError
from threatmodel.policy.lock import check_lock, lock_text, parse_lock
from threatmodel.source import parse

SHIPPED = Edition("threatmodel", "0.1.0", "sha256:" + 64 * "1")
ACME = Edition('a "c" me: é', "2.1", "sha256:" + 64 * "2")
TEAM = Edition("team", "", "sha256:" + 64 * "3")


def told(text: str, *used: Edition) -> list[str]:
    with pytest.raises(InputError) as caught:
        check_lock(parse_lock(parse(text, "threatmodel.lock")), used)
    return [f"{d.span} {d.code}: {d.message}" for d in caught.value.diagnostics]


def test_what_was_locked_passes() -> None:
    text = lock_text((SHIPPED, ACME, TEAM))
    lock = parse_lock(parse(text, "threatmodel.lock"))
    assert lock.catalogs == tuple(e[:3] for e in (SHIPPED, ACME, TEAM))
    check_lock(lock, (SHIPPED, ACME, TEAM))


def test_another_version_with_the_same_digest_passes() -> None:
    check_lock(parse_lock(parse(lock_text((SHIPPED,)))), (SHIPPED._replace(version="0.1.1"),))


def test_every_difference_is_told_at_once() -> None:
    changed = SHIPPED._replace(version="0.2.0", digest="sha256:" + 64 * "a")
    assert told(lock_text((SHIPPED, TEAM)), changed, ACME) == [
        (
            "threatmodel.lock:4:5 locked-catalog: the catalog `threatmodel` is not the one that is locked: "
            "`0.1.0` (111111111111) is locked, `0.2.0` (aaaaaaaaaaaa) is used"
        ),
        "threatmodel.lock:5:5 locked-catalog: the catalog `team` is locked, but not used here",
        'threatmodel.lock:3:1 locked-catalog: the catalog `a "c" me: é` is used, but not locked',
    ]


def test_a_catalog_without_a_version_is_told_by_its_digest() -> None:
    [line] = told(lock_text((TEAM,)), TEAM._replace(digest="sha256:" + 64 * "b"))
    assert line.endswith("333333333333 is locked, bbbbbbbbbbbb is used")


def test_the_order_counts() -> None:
    assert told(lock_text((SHIPPED, ACME, TEAM)), SHIPPED, TEAM, ACME) == [
        (
            "threatmodel.lock:3:1 locked-catalog: "
            "the catalogs are laid over each other in another order than is locked"
        )
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "threatmodel-lock: 2\ncatalogs: []",
            "1:1 unsupported-version: this program reads version 1 of the lock file",
        ),
        ("threatmodel-lock: 1", "1:1 missing-key: this lock file has no `catalogs`"),
        ("threatmodel-lock: 1\ncatalogs: {}", "2:11 wrong-type: `catalogs` takes a list, not a mapping"),
        ("threatmodel-lock: 1\ncatalogs: [{name: x}]", "2:12 missing-key: this catalog has no `digest`"),
        (
            "threatmodel-lock: 1\ncatalogs: [{name: x, digest: y, hash: z}]",
            "2:33 unknown-key: a catalog has no key `hash`",
        ),
        ("[]", "1:1 wrong-type: a lock file is a mapping of keys, not a list"),
    ],
)
def test_it_is_read_strictly(text: str, problem: str) -> None:
    assert told(text) == [f"threatmodel.lock:{problem}"]
