"""A model finds the places of its parts, and lists everything that is stated."""

from __future__ import annotations

from threatmodel.model import stated

from .build import model

TEXT = """
services: {web: {type: t, controls: {patch: weekly}}, db: }
types: {services: {t: {controls: {monitor: true}}}}
flows:
  - {from: web, to: db, controls: {mfa: passkey}}
  - {from: db, to: web}
baseline: {audit-log: false}
"""


def test_a_place_is_found_from_a_path_and_a_key_of_it() -> None:
    read = model(TEXT)
    at = read.services["web"].at
    assert (read.span(at).line, read.span(at).column) == (2, 12)
    assert (read.span(at, "controls").line, read.span(at, "controls").column) == (2, 27)
    assert read.span((*at, "controls", "patch")) == read.span(at, "controls")._replace(
        column=38, end_column=43
    )


def test_only_what_is_written_at_a_place_is_declared_there() -> None:
    read = model(TEXT)
    at = read.services["web"].at
    assert read.declares(at, "type")
    assert not read.declares(at, "kind")
    assert not read.declares((0, "services", "db"), "type")


def test_every_statement_is_listed_with_the_kind_and_id_of_its_place() -> None:
    found = [(kind, name, list(controls)) for kind, name, controls in stated(model(TEXT)) if controls]
    assert found == [
        ("flow", "web->db", ["mfa"]),
        ("service", "web", ["patch"]),
        ("service type", "t", ["monitor"]),
        ("baseline", "", ["audit-log"]),
    ]
