"""Notes on a model tell what looks forgotten or repeated, each by name, and keep still where nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.evaluate.build import DAY, KINDS, control, engine
from threatmodel.errors import HYGIENE, HYGIENE_RULES, Diagnostic
from threatmodel.evaluate import Engine
from threatmodel.evaluate.notes.hygiene import RULES, hygiene
from threatmodel.graph import build_graph
from threatmodel.model import load_model
from threatmodel.render.text.notes import diagnostics

DATA = "data:\n  a: {categories: []}\n  b: {categories: []}\n"
PAIR = "services: {x: , y: }\n"
A = "flows: [{from: x, to: y, data: a}]\n"
BOTH = "flows: [{from: x, to: y, data: [a, b]}]\n"
NEEDS_NONE = "services: {x: , y: {needs: []}}\n"
DIAMOND = """
data:
  b:
  c: {derived_from: b, transform: selection}
  d: {derived_from: [b, c], transform: combination}
"""
MADE = """data:
  b:
  c: {derived_from: b, transform: selection}
  d: {derived_from: c, transform: selection}
"""
TWO = "flows:\n- {from: x, to: y, data: [a, b]}\n- {from: x, to: y, name: n, "

SEALED = control(
    "sealed",
    "flow",
    expect={"transport.encrypted": True},
    covered_by=[{"boundary": "inside"}],
    redundant="{flow} is sealed twice.",
)
CONTROLS = (SEALED,)


def notes(text: str, off: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    return diagnostics(hygiene(engine(text, *CONTROLS), off))


def names(text: str) -> list[str]:
    return [note.code.removeprefix(HYGIENE) for note in notes(text)]


CLEAN = DATA + PAIR + BOTH
REMINDER = (
    "parties: {us: {own: true, hipaa: provider}}\npurposes: {care: {hipaa_use: treatment}}\n"
    "data: {note: {categories: [personal, contact], purposes: care}}\n"
    "services: {x: {purposes: care}, y: }\nflows: [{from: x, to: y, data: note}]\n"
)
STAFF = "actors: {nurse: {party: us}}\n"
IN_MESH = (
    DATA
    + "boundaries: {mesh: {controls: {sealed: {mechanism: mtls}}}}\n"
    + "services: {x: {boundary: mesh}, y: {boundary: mesh}}\n"
)
CASES = {
    "unused-data": [
        (DATA + PAIR + A, CLEAN),
        (
            DATA + PAIR + A,
            DATA + "services: {x: , y: {holds: b}}\n" + BOTH,
        ),
        (
            DATA + PAIR + A,
            DATA + "services: {x: , y: {needs: b}}\n" + BOTH,
        ),
        (
            "data: {a: }\n" + PAIR + "flows: [{from: x, to: y}]\n",
            "data: {a: , c: {derived_from: a, transform: selection}}\n"
            + PAIR
            + "flows: [{from: x, to: y, data: c}]\n",
        ),
    ],
    "unneeded-data": [
        (
            DATA + "services: {x: , y: {needs: a}}\n" + BOTH,
            DATA + "services: {x: , y: {needs: [a, b]}}\n" + BOTH,
        ),
        (
            DATA + "services: {x: {needs: a}, y: }\nflows: [{from: x, to: y, sends: a, returns: b}]\n",
            DATA + "services: {x: {needs: b}, y: }\nflows: [{from: x, to: y, sends: a, returns: b}]\n",
        ),
        (  # whoever is sent too much of people's confidential data is a result of a control
            "data: {a: {confidentiality: internal, categories: personal}}\n" + NEEDS_NONE + A,
            "data: {a: {confidentiality: restricted, categories: personal}}\n" + NEEDS_NONE + A,
        ),
        (
            "data: {a: {categories: []}}\n" + NEEDS_NONE + A,
            "data: {a: {categories: [], subjects: y}}\nactors: {y: {needs: []}}\nservices: {x: }\n" + A,
        ),
    ],
    "unmet-need": [
        (
            DATA + "services: {x: , y: {needs: [a, b], holds: []}}\n" + A,
            DATA + "services: {x: , y: {needs: [a, b], holds: []}}\n" + BOTH,
        ),
        (
            DATA + "services: {x: {needs: b}, y: }\nflows: [{from: x, to: y, sends: b, returns: a}]\n",
            DATA + "services: {x: {needs: b}, y: }\nflows: [{from: x, to: y}]\n",
        ),
        (
            DATA + "services: {x: , y: {needs: b}}\n" + A,
            "data: {a: {derived_from: b, transform: selection}, b: }\nservices: {x: , y: {needs: b}}\n" + A,
        ),
        (
            DATA + "services: {x: , y: {needs: b}}\n" + A,
            DATA + "services: {x: , y: {needs: [], holds: b}}\n" + A,
        ),
        (
            DATA + "services: {x: , y: {needs: b}}\n" + A,
            DIAMOND + "services: {x: , y: {needs: b}}\nflows: [{from: x, to: y, data: [d, c]}]\n",
        ),
    ],
    "sourceless-data": [
        (
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "services: {x: {holds: b}, y: }\nflows: [{from: x, to: y, sends: d}]\n",
        ),
        (
            MADE + "services: {x: , y: }\nflows: [{from: y, to: x, sends: [], returns: d}]\n",
            MADE + "services: {x: , y: }\nflows: [{from: y, to: x, sends: b, returns: d}]\n",
        ),
        (
            MADE + PAIR + "flows: [{from: x, to: y, sends: d}]\n",
            MADE + PAIR + "flows: [{from: x, to: y, sends: d}, {from: y, to: x, sends: b}]\n",
        ),
        (
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "services: {x: , y: , z: }\nflows: [{from: x, to: y, sends: d}, {from: z, to: x}]\n",
        ),
        (
            MADE + "services: {y: }\nstores: {x: {holds: []}}\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "services: {y: }\nstores: {x: }\nflows: [{from: x, to: y, sends: d}]\n",
        ),
        (
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "services: {y: }\nactors: {x: }\nflows: [{from: x, to: y, sends: d}]\n",
        ),
        (
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "parties: {p: }\nservices: {x: {party: p}, y: }\nflows: [{from: x, to: y, sends: d}]\n",
        ),
        (
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: d}]\n",
            MADE + "services: {x: , y: }\nflows: [{from: x, to: y, sends: b}]\n",
        ),
    ],
    "empty-flow": [
        (
            DATA + PAIR + "flows: [{from: x, to: y, data: []}]\n",
            DATA + PAIR + "flows: [{from: x, to: y, kind: telemetry, data: []}]\n",
        ),
        (
            DATA + PAIR + "flows: [{from: x, to: y, sends: []}]\n",
            DATA + PAIR + "flows: [{from: x, to: y}]\n",
        ),
        (
            DATA + PAIR + "flows: [{from: x, to: y, data: []}]\n",
            PAIR + "flows: [{from: x, to: y, data: []}]\n",
        ),
        (
            DATA + PAIR + "flows: [{from: x, to: y, data: []}]\n",
            DATA + "services: {x: {controls: {c: {by: y}}}, y: }\nflows: [{from: x, to: y, data: []}]\n",
        ),
    ],
    "repeated-flow": [
        (
            DATA
            + PAIR
            + "flows:\n- {from: x, to: y, data: [a, b]}\n- {from: x, to: y, name: n, data: [b, a]}\n",
            DATA + PAIR + "flows:\n- {from: x, to: y, data: [a, b]}\n- {from: x, to: y, name: n, data: a}\n",
        ),
        (
            DATA + PAIR + "flows:\n- {from: x, to: y, sends: a}\n- {from: x, to: y, name: n, sends: a}\n",
            DATA + PAIR + "flows:\n- {from: x, to: y}\n- {from: x, to: y, name: n}\n",
        ),
    ],
    "unconnected-element": [
        (CLEAN + "stores: {z: }\n", CLEAN + "stores: {z: {out_of_scope: bought}}\n"),
        (CLEAN + "actors: {p: }\n", CLEAN.replace("a: {", "a: {subjects: p, ") + "actors: {p: }\n"),
        (
            CLEAN + "stores: {z: }\n",
            CLEAN + "stores: {z: }\nbaseline: {c: {mechanism: aes-256, by: z}}\n",
        ),
    ],
    "empty-boundary": [
        (CLEAN + "boundaries: {o: }\n", CLEAN.replace("x: ,", "x: {boundary: o},") + "boundaries: {o: }\n"),
        (
            CLEAN + "boundaries: {o: , i: {parent: o}}\n",
            CLEAN.replace("x: ,", "x: {boundary: i},") + "boundaries: {o: , i: {parent: o}}\n",
        ),
    ],
    "unused-host": [
        (CLEAN + "hosts: {h: }\n", CLEAN.replace("x: ,", "x: {host: h},") + "hosts: {h: }\n"),
        (CLEAN + "hosts: {h: }\n", CLEAN + "hosts: {h: }\nbaseline: {c: {mechanism: tls, by: h}}\n"),
    ],
    "unused-party": [
        (CLEAN + "parties: {us: {own: true}, p: }\n", CLEAN + "parties: {us: {own: true}}\n"),
        (
            CLEAN + "parties: {us: {own: true}, p: }\n",
            CLEAN.replace("x: ,", "x: {boundary: o},")
            + "parties: {us: {own: true}, p: }\nboundaries: {o: {provider: p}}\n",
        ),
        (
            CLEAN + "parties: {us: {own: true}, p: }\n",
            CLEAN.replace("x: ,", "x: {party: q},")
            + "parties: {us: {own: true}, p: , q: {agreements: {type: baa, with: p}}}\n",
        ),
    ],
    "unused-purpose": [
        (CLEAN + "purposes: {p: }\n", CLEAN.replace("a: {", "a: {purposes: p, ") + "purposes: {p: }\n"),
        (CLEAN + "purposes: {p: }\n", CLEAN.replace("x: ,", "x: {purposes: p},") + "purposes: {p: }\n"),
    ],
    "unused-type": [
        (
            CLEAN + "types: {services: {t: {custom_code: true}}}\n",
            CLEAN.replace("x: ,", "x: {type: t},") + "types: {services: {t: {custom_code: true}}}\n",
        ),
        (CLEAN + "types: {stores: {t: {tenancy: single}}}\n", CLEAN),
    ],
    "nothing-modelled": [("actors: {u: }\n", "services: {x: }\n"), ("data: {d: }\n", "stores: {x: }\n")],
    "unnamed-vendor": [
        (
            CLEAN.replace("x: ,", "x: {technology: okta},"),
            CLEAN.replace("x: ,", "x: {technology: okta, party: p},") + "parties: {p: }\n",
        ),
        (
            CLEAN.replace("x: ,", "x: {technology: aws-kms},"),
            CLEAN.replace("x: ,", "x: {technology: aws-kms, boundary: o},")
            + "parties: {p: }\nboundaries: {o: {provider: p}}\n",
        ),
        (
            CLEAN.replace("x: ,", "x: {technology: okta},"),
            CLEAN.replace("x: ,", "x: {technology: keycloak},"),
        ),
    ],
    "unmarked-phi": [
        (REMINDER, REMINDER.replace("[personal, contact]", "[personal, health]")),
        (REMINDER, REMINDER.replace("hipaa: provider", "hipaa: none")),
        (REMINDER, REMINDER.replace("hipaa_use: treatment", "hipaa_use: authorization")),
        (REMINDER, REMINDER.replace(", purposes: care", "")),
        (REMINDER, STAFF + REMINDER.replace(", purposes: care", ", purposes: care, subjects: nurse")),
        (REMINDER, REMINDER.replace("[personal, contact]", "[personal, genetic]")),
    ],
    "store-among-services": [
        (
            CLEAN.replace("x: ,", "x: {kind: mqtt-broker},"),
            CLEAN.replace("x: ,", "x: {kind: integration-engine},"),
        ),
        (
            CLEAN.replace("x: ,", "x: {kind: secret-store, holds: a},"),
            CLEAN.replace("x: ,", "x: {kind: secret-store},"),
        ),
        (
            CLEAN.replace("x: ,", "x: {kind: queue},"),
            CLEAN.replace("x: ,", "x: {kind: queue, party: p},") + "parties: {p: }\n",
        ),
        (
            CLEAN.replace("x: ,", "x: {kind: topic},"),
            CLEAN.replace("x: ,", "x: {kind: topic, out_of_scope: theirs},"),
        ),
        (
            CLEAN.replace("x: ,", "x: {kind: log-store, holds: a},"),
            CLEAN.replace("services: {x: ,", "stores: {x: {kind: log-store, holds: a}}\nservices: {"),
        ),
    ],
    "redundant-control": [
        (IN_MESH + "flows: [{from: x, to: y, data: [a, b], protocol: https}]\n", IN_MESH + BOTH),
    ],
}


@pytest.mark.parametrize(
    ("name", "noted", "quiet"), [(n, *case) for n, cases in CASES.items() for case in cases]
)
def test_each_rule_tells_what_it_is_named_for_and_nothing_near_it(name: str, noted: str, quiet: str) -> None:
    assert name in names(noted)
    assert name not in names(quiet)


def test_a_model_in_which_everything_is_used_has_no_note() -> None:
    assert names(CLEAN) == []


def test_every_rule_has_a_name_a_meaning_and_a_case() -> None:
    assert tuple(RULES) == HYGIENE_RULES
    assert set(CASES) == set(RULES)


def test_a_note_has_its_place_its_line_and_help_and_is_no_error() -> None:
    (note,) = notes(CLEAN + "boundaries:\n  empty: {trust: trusted}\n")
    assert (note.code, note.level) == ("hygiene:empty-boundary", "note")
    assert note.message == "nothing stands in boundary `empty`"
    assert note.span is not None
    assert (note.span.file, note.span.line, note.span.column) == ("m.yaml", 7, 3)
    assert note.excerpt == "  empty: {trust: trusted}"
    assert note.help == "place elements in it, or take it out"


def test_notes_of_one_rule_come_in_the_order_of_the_file() -> None:
    found = notes(CLEAN + "stores:\n  z: \n  k: \n  m: \n")
    assert [note.span.line for note in found if note.span] == [7, 8, 9]


def test_a_rule_that_is_off_says_nothing() -> None:
    text = CLEAN + "boundaries: {o: }\nhosts: {h: }\n"
    assert names(text) == ["empty-boundary", "unused-host"]
    assert [n.code for n in notes(text, ("unused-host",))] == ["hygiene:empty-boundary"]
    assert notes(text, tuple(RULES)) == ()


def test_unused_entries_of_included_files_are_not_told(tmp_path: Path) -> None:
    (tmp_path / ".threatmodel.yaml").touch()
    shared = "parties: {us: {own: true}, p: }\npurposes: {q: }\nhosts: {h: }\nboundaries: {o: }\n"
    (tmp_path / "shared.yaml").write_text("threatmodel: 1\n" + shared + "data: {c: }\n", encoding="utf-8")
    main = tmp_path / "threatmodel.yaml"
    main.write_text("threatmodel: 1\nname: m\ninclude: shared.yaml\n" + PAIR + "flows: [{from: x, to: y}]\n")
    assert hygiene(Engine(build_graph(load_model(main, KINDS), KINDS, DAY), {})) == ()
