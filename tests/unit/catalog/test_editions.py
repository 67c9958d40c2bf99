"""A digest is of what a catalog says, and of nothing else: not of its place, its line breaks or its lint."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from threatmodel._version import __version__
from threatmodel.api import Library
from threatmodel.catalog.overlay.editions import base_edition, digest
from threatmodel.resources import resource_dir


def test_it_is_the_hash_of_a_list_that_any_shell_can_make() -> None:
    lines = [
        f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in (("a/b.yaml", b"1"), ("c", b"2"))
    ]
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert digest({"c": b"2", "a/b.yaml": b"1"}) == f"sha256:{expected}"


def test_line_breaks_do_not_count() -> None:
    assert digest({"a": b"x\r\ny\rz\n"}) == digest({"a": b"x\ny\nz\n"})


def test_names_and_texts_do() -> None:
    found = {digest(files) for files in ({"a": b"x"}, {"b": b"x"}, {"a": b"y"}, {"a": b"x", "b": b""}, {})}
    assert len(found) == 5


def test_a_copy_elsewhere_with_other_line_breaks_has_the_same_digest(tmp_path: Path) -> None:
    copy = tmp_path / "other" / "catalogs"
    shutil.copytree(resource_dir("catalogs"), copy)
    for path in copy.glob("*/*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert base_edition(copy, "x", "").digest == base_edition(resource_dir("catalogs"), "x", "").digest


def test_references_and_other_files_do_not_count(tmp_path: Path) -> None:
    copy = tmp_path / "catalogs"
    shutil.copytree(resource_dir("catalogs"), copy)
    shutil.rmtree(copy / "references")
    (copy / "README.md").write_text("x", encoding="utf-8")
    assert base_edition(copy, "x", "").digest == Library().editions[0].digest


def test_each_control_framework_kind_and_jurisdiction_counts(tmp_path: Path) -> None:
    copy = tmp_path / "catalogs"
    shutil.copytree(resource_dir("catalogs"), copy)
    found = {base_edition(copy, "x", "").digest}
    for name in (
        "controls/identity/mfa.yaml",
        "frameworks/gdpr.yaml",
        "frameworks/by-name/nist-800-53.yaml",
        "kinds/kinds.yaml",
        "jurisdictions.yaml",
    ):
        with (copy / name).open("a", encoding="utf-8") as stream:
            stream.write("# more\n")
        found.add(base_edition(copy, "x", "").digest)
    assert len(found) == 6


def test_the_shipped_catalog_has_the_version_of_the_program_and_others_none(tmp_path: Path) -> None:
    assert Library().editions[0][:2] == ("threatmodel", __version__)
    (tmp_path / "mine").mkdir()
    assert Library(tmp_path / "mine").editions[0][:2] == ("mine", "")


def test_a_short_digest_is_its_beginning() -> None:
    edition = Library().editions[0]
    assert edition.digest == f"sha256:{edition.short}{edition.digest[19:]}"
    assert len(edition.short) == 12
