"""Ids, own parties, types and derived data: what the loader makes of entities together."""

from __future__ import annotations

import pytest

from threatmodel.model import stated

from .build import model, problems, told


@pytest.mark.parametrize("name", ["a", "9", "a.b_c-d", "Ä", "日本", "élan", "x" * 200])
def test_an_id_is_letters_digits_dots_underscores_and_hyphens(name: str) -> None:
    assert list(model(f"data: {{{name}: }}").data) == [name]


@pytest.mark.parametrize(
    "name", ["_a", "-a", ".a", "'a b'", "a/b", "a@b", "a>b", "'a:b'", "''", "x" * 201, "🏦"]
)
def test_anything_else_is_no_id(name: str) -> None:
    assert [d.code for d in problems(f"data: {{? {name} : }}")] == ["bad-id"]


def test_an_entity_with_a_bad_id_is_read_like_the_others() -> None:
    text = "services: {a b: {kindd: cdn}, c: }\nflows: [{from: a b, to: c}]"
    assert [d.code for d in problems(text)] == ["bad-id", "unknown-key"]


def test_ids_are_compared_in_normal_form_c() -> None:
    decomposed, composed = "e\u0301tat", "\u00e9tat"
    read = model(
        f"""
services:
  {decomposed}:
  b: {{holds: {decomposed}, controls: {{backup: {{status: absent, by: {decomposed}}}}}}}
data: {{{composed}: }}
types: {{services: {{{decomposed}: {{custom_code: true}}}}}}
flows: [{{from: {composed}, to: b, name: {decomposed}}}]
scenarios: {{s: {{steps: "{decomposed}->b:{composed}"}}}}
threats: {{t: {{against: [{decomposed}, "{composed}->b:{decomposed}"], answered_by: "patch@{decomposed}"}}}}
"""
    )
    assert list(read.services) == [composed, "b"]
    assert read.services["b"].holds == (composed,)
    assert read.services["b"].controls["backup"].by == (composed,)
    assert list(read.service_types) == [composed]
    assert read.flows[0].id == f"{composed}->b:{composed}"
    assert read.scenarios["s"].steps == (read.flows[0].id,)
    assert read.threats["t"].against == (composed, read.flows[0].id)
    assert read.threats["t"].answered_by == (f"patch@{composed}",)


@pytest.mark.parametrize("section", ["parties", "purposes", "data", "scenarios", "threats"])
def test_other_sections_have_name_spaces_of_their_own(section: str) -> None:
    body = {"scenarios": "{steps: shop->b}", "threats": "{against: shop}"}.get(section, "")
    text = f"services: {{shop: , b: }}\nflows: [{{from: shop, to: b}}]\n{section}: {{shop: {body}}}"
    assert "shop" in getattr(model(text), section)


def own(text: str) -> list[str]:
    return [p.id for p in model(text).parties.values() if p.own]


def test_without_an_own_party_one_unnamed_is_implied() -> None:
    assert own("parties: {acme: }") == [""]
    assert own("services: {web: }") == [""]


def test_one_own_party_is_ours() -> None:
    assert own("parties: {acme: , shop: {own: true}}") == ["shop"]
    assert "" not in model("parties: {shop: {own: true}}").parties


def test_several_own_parties_leave_whose_it_is_open() -> None:
    read = model("parties: {shop: {own: true}, shop-us: {own: true}}")
    assert [(p.id, p.own) for p in read.parties.values()] == [("", False), ("shop", True), ("shop-us", True)]


@pytest.mark.parametrize(
    ("parties", "counterpart"),
    [
        ("x: {agreements: {type: dpa}}", ""),
        ("shop: {own: true}, x: {agreements: {type: dpa}}", "shop"),
        ("shop: {own: true}, x: {agreements: {type: baa, with: y}}, y: ", "y"),
        ("shop: {own: true}, us: {own: true}, x: {agreements: [{type: dpa, with: us}]}", "us"),
    ],
)
def test_an_agreement_is_with_the_only_own_party_unless_it_says_so(parties: str, counterpart: str) -> None:
    agreements = model(f"parties: {{{parties}}}").parties["x"].agreements
    assert agreements is not None
    assert [a.counterpart for a in agreements] == [counterpart]


def test_no_agreements_and_nothing_said_of_agreements_are_told_apart() -> None:
    parties = model("parties: {none: {agreements: []}, silent: }").parties
    assert (parties["none"].agreements, parties["silent"].agreements) == ((), None)


TYPES = """
types:
  services: {base: {custom_code: true, needs: [x, y], holds: x, controls: {patch: yearly, monitor: true}}}
  stores: {base: {tenancy: shared}}
data: {x: , y: }
"""


def test_a_key_of_an_entity_replaces_its_types_whole() -> None:
    read = model(TYPES + "services: {a: {type: base}, b: {type: base, needs: [y], holds: [], title: B}, c: }")
    a, b, c = read.services.values()
    assert (a.custom_code, a.needs, a.holds, a.title) == (True, ("x", "y"), ("x",), None)
    assert (b.custom_code, b.needs, b.holds, b.title) == (True, ("y",), (), "B")
    assert (c.custom_code, c.needs, c.holds, c.tls_passthrough) == (None, None, None, False)


def test_types_of_services_and_of_stores_have_the_same_names_apart() -> None:
    read = model(TYPES + "stores: {db: {type: base}}")
    assert read.stores["db"].tenancy == "shared"
    assert told(TYPES + "types2: \nstores: {db: {type: bas}}")[-1][0] == "unknown-reference"


def test_the_statements_of_a_type_stand_at_the_type_and_an_entitys_own_at_itself() -> None:
    read = model(TYPES + "services: {a: {type: base, controls: {patch: weekly}}}")
    said = {(kind, name, s.control): s.mechanism for kind, name, all_ in stated(read) for s in all_.values()}
    assert said == {
        ("service", "a", "patch"): "weekly",
        ("service type", "base", "patch"): "yearly",
        ("service type", "base", "monitor"): None,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("types: {services: , stores: {a: , b: {}}}", []),
        ("types: {services: {a: {type: a}}}", ["nested-type"]),
        ("types: {services: {a: {type: }}}", ["nested-type"]),
        ("types: {services: {a: x}}", ["wrong-type"]),
        ("types: {services: {a b: }}", ["bad-id"]),
        ("types: {services: {é: , e\u0301: }}", ["duplicate-id"]),
        ("types: {hosts: {a: }}", ["unknown-key"]),
        ("types: {services: [a]}", ["wrong-type"]),
        ("types: [a]", ["wrong-type"]),
        ("types: {stores: {a: {custom_code: true}}}", ["unknown-key"]),
    ],
)
def test_types_have_one_level_and_the_keys_of_their_section(text: str, expected: list[str]) -> None:
    assert ([d.code for d in problems(text)] if expected else model(text) and []) == expected


PERSONAL = "a: {categories: personal}, b: {derived_from: a, transform: selection}"
MIXED = "{derived_from: [a, b], transform: combination}"
SUMS = "a: {categories: personal}, b: {derived_from: a, transform: aggregation, categories: []}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a: {categories: personal}, b: {derived_from: a, transform: selection, categories: [logs]}", "b"),
        ("a: {categories: personal}, b: {derived_from: a, transform: selection, categories: [health]}", None),
        ("a: {categories: belief}, b: {derived_from: a, transform: selection, categories: [logs]}", "b"),
        ("a: {categories: personal}, b: {derived_from: a, transform: encryption, categories: []}", "b"),
        ("a: {categories: personal}, b: {derived_from: a, transform: aggregation, categories: []}", None),
        ("a: {categories: personal}, b: {derived_from: a, transform: anonymisation, categories: []}", None),
        ("a: {categories: personal}, b: {derived_from: a, transform: selection}", None),
        (
            "a: {categories: PII}, b: {derived_from: a, transform: redaction, categories: [user, health]}",
            None,
        ),
        ("a: , b: {derived_from: a, transform: selection, categories: []}", None),
        ("a: {categories: []}, b: {derived_from: a, transform: selection, categories: []}", None),
        (
            f"{PERSONAL}, x: , c: {{derived_from: [x, b], transform: combination, categories: []}}",
            "c",
        ),
        (
            f"{PERSONAL}, c: {MIXED}, d: {{derived_from: [b, c], transform: redaction, categories: []}}",
            "d",
        ),
        (
            f"{SUMS}, c: {{derived_from: b, transform: selection, categories: []}}",
            None,
        ),
    ],
)
def test_only_some_transforms_may_leave_personal_out(data: str, expected: str | None) -> None:
    text = f"data: {{{data}}}"
    if expected is None:
        assert model(text).data
    else:
        (problem,) = problems(text)
        assert problem.code == "personal-dropped"
        assert problem.message.startswith(f"`{expected}` drops `personal`")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a: {derived_from: b}", ["unknown-reference"]),
        ("a: {derived_from: [], transform: selection}", ["missing-key"]),
        ("a: , b: {derived_from: a, transform: selektion}", ["unknown-word"]),
        ("a: {derived_from: b, transform: selection}", ["unknown-reference"]),
        ("a: , b: {derived_from: a, transform: differential-privac, epsilon: 1}", ["unknown-word"]),
        (
            "a: {categories: personal}, b: {derived_from: a, transform: selection, categories: pers}",
            ["unknown-word"],
        ),
        ("a: {epsilon: 1, delta: 0}", ["key-without-use", "key-without-use"]),
        (
            "a: {derived_from: a, transform: selection}, b: {derived_from: b, transform: selection}",
            ["cycle"] * 2,
        ),
    ],
)
def test_what_follows_from_a_fault_is_not_told(data: str, expected: list[str]) -> None:
    assert [d.code for d in problems(f"data: {{{data}}}")] == expected


def test_a_circle_is_told_once_however_many_lead_into_it() -> None:
    members = ", ".join(f"b{i}: {{parent: b{(i + 1) % 9}}}" for i in range(9))
    (problem,) = problems(f"boundaries: {{{members}, x: {{parent: b3}}, y: {{parent: x}}}}")
    ring = " -> ".join(f"`b{i}`" for i in range(6))
    assert problem.message == f"`parent` goes in a circle: {ring} ..."


def test_long_chains_are_no_circles() -> None:
    chain = "".join(f"  b{i}: {{parent: b{i + 1}}}\n" for i in range(5_000))
    assert len(model(f"boundaries:\n{chain}  b5000:\n").boundaries) == 5_001


def test_two_sources_with_a_common_source_are_no_circle() -> None:
    text = "d: , " + ", ".join(
        f"{n}: {{derived_from: [{s}], transform: combination}}"
        for n, s in (("b", "d"), ("c", "d"), ("a", "b, c"))
    )
    assert model(f"data: {{{text}}}").data["a"].derived_from == ("b", "c")
