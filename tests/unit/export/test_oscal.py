"""OSCAL documents: valid by NIST's schema, sound in their references, stable, honest about what is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.unit.export.dossiers import LIBRARY, of_framework, other_frameworks, sample, small
from tests.unit.render.written import HOSTILE
from threatmodel.errors import InternalError, UsageError
from threatmodel.export import oscal
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.check import faults
from threatmodel.export.oscal.parts import OSCAL_VERSION, control_id, token
from threatmodel.export.oscal.results import assessment_results

DATA = Path(__file__).parents[2] / "data"
GOLD = json.loads((DATA / "compliance_gold.json").read_text(encoding="utf-8"))
FRAMEWORKS = {f.id: f for f in LIBRARY.frameworks}
Plain = dict[str, Any]


@cache
def validator() -> jsonschema.Draft7Validator:
    """NIST's schema; Python's patterns know no `\\p`."""
    text = (DATA / "oscal_complete_schema.json").read_text(encoding="utf-8")
    schema = json.loads(text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d"))
    return jsonschema.Draft7Validator(schema)


ABOUT_THE_MODEL = {
    "oscal-component-definition": oscal.write_components,
    "oscal-assessment-results": oscal.write_results,
    "oscal-poam": oscal.write_poam,
}


def documents(dossier: Dossier) -> Iterator[tuple[str, Plain]]:
    for name, write in ABOUT_THE_MODEL.items():
        yield name, json.loads(write(dossier))
    for framework in dossier.frameworks:
        only = dossier._replace(frameworks=(framework,))
        yield f"oscal-catalog-{framework.id}", json.loads(oscal.write_catalog(only))
    for framework in dossier.frameworks:
        if framework.id == "hipaa":
            only = dossier._replace(frameworks=(framework,))
            yield "oscal-mapping-collection-hipaa", json.loads(oscal.write_mapping(only))


@cache
def written(name: str) -> dict[str, Plain]:
    return dict(documents(sample(name)))


@pytest.mark.parametrize("name", ["clinic", "shop"])
def test_every_document_follows_the_schema(name: str) -> None:
    for document, plain in (*written(name).items(), *documents(other_frameworks(name))):
        found = [f"{document}: {e.json_path}: {e.message[:200]}" for e in validator().iter_errors(plain)]
        assert found == []


def test_the_schema_refuses_what_is_wrong() -> None:
    plain = json.loads(json.dumps(written("clinic")["oscal-catalog-hipaa"]))
    plain["catalog"]["groups"][0]["controls"][0]["id"] = "164.306(a)"
    assert list(validator().iter_errors(plain))


def test_all_six_documents_are_written() -> None:
    assert written("clinic").keys() == {
        "oscal-component-definition",
        "oscal-assessment-results",
        "oscal-poam",
        "oscal-catalog-gdpr",
        "oscal-catalog-hipaa",
        "oscal-mapping-collection-hipaa",
    }


def test_documents_never_change_by_themselves() -> None:
    assert dict(documents(sample("clinic"))) == written("clinic")
    for plain in written("clinic").values():
        metadata = next(iter(plain.values()))["metadata"]
        assert metadata["oscal-version"] == OSCAL_VERSION
        assert metadata["last-modified"] == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("law", ["hipaa", "gdpr"])
def test_a_catalog_has_every_row_under_the_id_of_the_reference(law: str) -> None:
    groups = written("clinic")[f"oscal-catalog-{law}"]["catalog"]["groups"]
    ids = {c["id"] for g in groups for c in g["controls"]}
    assert ids == {gold["oscal_id"] for gold in GOLD[law]}
    framework = FRAMEWORKS[law]
    assert [control_id(framework, r) for r in framework.requirements] == [g["oscal_id"] for g in GOLD[law]]


def test_an_addressable_row_is_so_in_the_catalog() -> None:
    groups = written("clinic")["oscal-catalog-hipaa"]["catalog"]["groups"]
    controls = {c["id"]: c for g in groups for c in g["controls"]}
    assert controls["hipaa-164.312.a.2.iv"]["class"] == "addressable"
    assert sum(c["class"] == "addressable" for c in controls.values()) == 22


def test_no_finding_says_satisfied_and_what_is_not_modelled_is_an_observation_only() -> None:
    results = written("clinic")["oscal-assessment-results"]["assessment-results"]["results"]
    for framework, result in zip(LIBRARY.frameworks, results, strict=True):
        rows = sample("clinic").result(framework).rows
        assert len(result["observations"]) == len(rows)
        findings = result.get("findings", [])
        assert len(findings) == sum(r.status == "gap" for r in rows) > 0
        assert {f["target"]["status"]["state"] for f in findings} == {"not-satisfied"}


def test_a_row_whose_gaps_are_waived_keeps_its_finding() -> None:
    [result, _] = written("shop")["oscal-assessment-results"]["assessment-results"]["results"]
    rows = sample("shop").result(LIBRARY.frameworks[0]).rows
    assert any(r.status == "risk-accepted" and r.gaps for r in rows)
    assert len(result["findings"]) == sum(bool(r.gaps) for r in rows)


def test_a_waived_gap_is_a_deviation_and_a_planned_one_has_its_deadline() -> None:
    plan = written("clinic")["oscal-poam"]["plan-of-action-and-milestones"]
    by_key = {next(p["value"] for p in r["props"] if p["name"] == "key"): r for r in plan["risks"]}
    assert by_key["audit-log@ehr-us"]["status"] == "remediating"
    assert by_key["audit-log@ehr-us"]["deadline"] == "2027-02-28T00:00:00Z"
    assert len(plan["poam-items"]) == len(plan["risks"])


def test_a_component_carries_out_only_what_is_in_the_scope_of_the_law() -> None:
    components = written("clinic")["oscal-component-definition"]["component-definition"]["components"]
    titles = {c["title"]: c.get("control-implementations", []) for c in components}
    laws = {
        title: [i["implemented-requirements"][0]["control-id"].split("-")[0] for i in found]
        for title, found in titles.items()
    }
    assert laws["ehr-de"] == ["gdpr"]
    assert laws["ehr-us"] == ["hipaa"]
    assert laws["kms-us"] == []


def test_what_is_inherited_is_told_of_the_provider_and_of_nobody_else() -> None:
    dossier = sample("clinic")
    (hipaa,) = (f for f in dossier.frameworks if f.id == "hipaa")
    inherited = [row.id for row, result in dossier.rows(hipaa) if result.inherited_from == "aws"]
    assert inherited == ["164.310(d)(2)(i)", "164.310(d)(2)(ii)"]
    ids = {control_id(hipaa, row) for row in hipaa.requirements if row.id in inherited}

    results = written("clinic")["oscal-assessment-results"]["assessment-results"]
    ((party,),) = [results["metadata"]["parties"]]
    assert party["name"] == "Amazon Web Services"
    found = {
        prop["value"]
        for result in results["results"]
        for observation in result["observations"]
        for prop in observation["props"]
        if {"subject-uuid": party["uuid"], "type": "party"} in observation.get("subjects", [])
        and prop["name"] == "control-id"
    }
    assert found == ids

    components = written("clinic")["oscal-component-definition"]["component-definition"]["components"]
    carried = {
        component["title"]: requirement["props"]
        for component in components
        for implementation in component.get("control-implementations", ())
        for requirement in implementation["implemented-requirements"]
        if requirement["control-id"] in ids
    }
    assert carried.keys() == {"Amazon Web Services"}
    assert [prop["value"] for prop in carried["Amazon Web Services"]] == ["inherited"]
    assert "parties" not in written("shop")["oscal-assessment-results"]["assessment-results"]["metadata"]


def test_no_component_implements_a_row_that_the_design_cannot_show_anything_of() -> None:
    outside = {
        control_id(f, row) for f in LIBRARY.frameworks for row in f.requirements if row.coverage == "outside"
    }
    text = json.dumps(written("shop")["oscal-component-definition"])
    assert not [id for id in outside if f'"{id}"' in text]


def test_the_mapping_is_that_of_the_reference_and_only_intersects() -> None:
    (mapping,) = written("clinic")["oscal-mapping-collection-hipaa"]["mapping-collection"]["mappings"]
    assert {m["relationship"] for m in mapping["maps"]} == {"intersects-with"}
    targets = {m["sources"][0]["id-ref"]: [t["id-ref"] for t in m["targets"]] for m in mapping["maps"]}
    assert targets["hipaa-164.312.a.2.iv"] == ["sc-13"]
    assert targets["hipaa-164.308.a.7.ii.e"] == ["cp-2", "cp-2.8", "ra-2", "ra-2.1"]
    assert len(targets) == 68


def test_a_framework_without_references_has_no_mapping() -> None:
    with pytest.raises(UsageError, match="no row of `gdpr`"):
        oscal.write_mapping(of_framework(sample("clinic"), "gdpr"))


def test_without_gaps_there_is_nothing_to_plan_and_without_elements_nothing_to_describe() -> None:
    with pytest.raises(UsageError, match="nothing to plan"):
        oscal.write_poam(small(""))
    with pytest.raises(UsageError, match="no services or stores"):
        oscal.write_components(small(""))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_valid(text: str) -> None:
    quoted = json.dumps(text)
    dossier = small(f"""description: {quoted}
parties: {{p: {{own: true, gdpr: controller, title: {quoted}}}}}
data: {{who: {{categories: personal, confidentiality: restricted, title: {quoted}}}}}
services: {{web: {{title: {quoted}, description: {quoted}}}}}
stores: {{db: {{title: {quoted}, holds: who, controls: {{encrypt-at-rest: false}}}}}}
flows: [{{from: web, to: db, data: who, title: {quoted}}}]
""")
    for name, plain in documents(dossier):
        found = [f"{name}: {e.json_path}: {e.message[:200]}" for e in validator().iter_errors(plain)]
        assert found == []


def test_an_id_that_leads_nowhere_is_refused() -> None:
    dossier = of_framework(sample("clinic"), "hipaa")
    document = assessment_results(dossier)
    result = document["assessment-results"]["results"][0]
    result["findings"][0]["related-risks"][0]["risk-uuid"] = "0"
    with pytest.raises(InternalError, match="is not in the document"):
        oscal.write(document, dossier)


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"a": {"uuid": "1"}, "b": {"uuid": "1"}}, "1 identifies two things"),
        ({"a": {"id": "x"}, "b": {"id": "x"}}, "x identifies two things"),
        ({"subject-uuid": "1"}, "/subject-uuid: 1 is not in the document"),
        ({"links": [{"href": "#1"}]}, "/links/0/href: #1 is not in the document"),
        ({"control-id": "z"}, "/control-id: no catalog has the control z"),
        ({"target-id": "z"}, "/target-id: no catalog has the statement z"),
    ],
)
def test_each_sort_of_broken_reference_is_found(document: Plain, fault: str) -> None:
    assert faults(document, {"c"}, {"s"}) == (fault,)


@pytest.mark.parametrize(("text", "found"), [("A b", "A-b"), ("1x", "_1x"), ("(", "x"), ("é", "é")])
def test_tokens_begin_with_a_letter_and_have_no_blanks(text: str, found: str) -> None:
    assert token(text) == found


def read_by_others() -> Iterator[tuple[str, Plain]]:
    """Every document of the clinic, SP 800-53 included, that is only written when it is asked for by name."""
    yield from written("clinic").items()
    yield from ((f"{name}-800-53", plain) for name, plain in documents(other_frameworks("clinic")))


def test_compliance_trestle_reads_every_document() -> None:
    models = {
        "catalog": ("catalog", "Catalog"),
        "component-definition": ("component", "ComponentDefinition"),
        "assessment-results": ("assessment_results", "AssessmentResults"),
        "plan-of-action-and-milestones": ("poam", "PlanOfActionAndMilestones"),
        "mapping-collection": ("mapping", "MappingCollection"),
    }
    for _, plain in read_by_others():
        ((root, content),) = plain.items()
        module, name = models[root]
        trestle = pytest.importorskip(f"trestle.oscal.{module}", reason="compliance-trestle is not installed")
        assert str(getattr(trestle, name)(**content).uuid) == content["uuid"]


def test_oscal_validate_finds_no_error(tmp_path: Path) -> None:
    pytest.importorskip("oscal_validate", reason="oscal-validate is not installed")
    files = {name: tmp_path / f"{name}.json" for name, _ in read_by_others()}
    for name, plain in read_by_others():
        files[name].write_text(json.dumps(plain), encoding="utf-8")
    for name, file in files.items():
        command = [sys.executable, "-m", "oscal_validate", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, "0 ERROR" in done.stdout) == (0, True), f"{name}: {done.stdout[-2000:]}"
