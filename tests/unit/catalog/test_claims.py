"""Known mistakes of public lists, misquoted laws and empty claims are refused; what is shipped has none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.catalog import Framework, lint, load_catalog, load_frameworks, parse_framework
from threatmodel.catalog.claims import claims, framework_claims
from threatmodel.cli import cli
from threatmodel.errors import InputError, UsageError
from threatmodel.resources import resource_dir
from threatmodel.source import parse

LIBRARY = Library()
CONTROLS = LIBRARY.catalog.controls
HIPAA = next(f for f in LIBRARY.frameworks if f.id == "hipaa")
GDPR = next(f for f in LIBRARY.frameworks if f.id == "gdpr")
GOLD = json.loads((Path(__file__).parents[2] / "data" / "compliance_gold.json").read_text(encoding="utf-8"))
CFR = "45 CFR Part 164"
EU = "Regulation (EU) 2016/679"


def framework(*rows: str, source: str = CFR) -> Framework:
    text = f"id: list\ntitle: A list\nsource: {source}\nlaw_as_of: today\nrequirements:\n"
    text += "".join(f"  - {{{row}, category: x, cannot_show: the rest}}\n" for row in rows)
    return parse_framework(parse(text, "list.yaml"))


def row(
    id: str,
    title: str = "",
    designation: str = "",
    *,
    controls: str = "",
    coverage: str = "partial",
    evidence: str = "",
) -> str:
    """A row as the law has it, with what is given instead."""
    law = {r.id: r for f in (HIPAA, GDPR) for r in f.requirements}.get(id)
    title = title or (law.title if law else "a title")
    designation = designation or (law.designation if law else "required")
    parts = [f"id: {id!r}", f"title: {title!r}", f"designation: {designation!r}", f"coverage: {coverage}"]
    parts += [f"controls: [{controls}]"] if controls else []
    parts += [f"evidence: {evidence!r}"] if evidence else []
    return ", ".join(parts)


def codes(*rows: str, source: str = CFR) -> list[str]:
    found = framework_claims(framework(*rows, source=source), CONTROLS, LIBRARY.frameworks)
    return [d.code for d in found]


class Defect(NamedTuple):
    """A mistake of a public list: rows as it has them with the code that refuses each, and what we have."""

    where: str
    wrong: tuple[tuple[str, str], ...]
    ours: Callable[[], bool]


OURS = {r.id: r for law in (HIPAA, GDPR) for r in law.requirements}
QUOTE, MAPPING = "misquoted-requirement", "forbidden-mapping"
TECHNICAL = frozenset(CONTROLS) - {c.id for c in CONTROLS.values() if c.layer == "governance"}
CLOUD_CHECKS = (
    "encrypt-in-transit",
    "encrypt-at-rest",
    "backup",
    "audit-log",
    "log-events",
    "immutable-storage",
)
"""What a list of checks for a cloud sets beside the isolation of a clearinghouse."""


def _free_of(id: str, controls: Collection[str]) -> bool:
    return not set(controls) & set(OURS[id].controls)


def _counts(section: str) -> tuple[int, int]:
    """The specifications of a section, and how many of them are addressable."""
    kinds = {r["id"] for r in GOLD["hipaa"] if r["kind"] == "implementation_specification"}
    found = [OURS[id] for id in kinds if id.startswith(section)]
    return len(found), sum(r.designation == "addressable" for r in found)


DEFECTS = (
    Defect(
        "access authorization under the number of access establishment",
        ((row("164.308(a)(4)(ii)(C)", "Access authorization"), QUOTE),),
        lambda: OURS["164.308(a)(4)(ii)(B)"].title == "Access authorization",
    ),
    Defect(
        "encryption, backups and logs as isolation of a clearinghouse",
        tuple((row("164.308(a)(4)(ii)(A)", controls=c), MAPPING) for c in CLOUD_CHECKS),
        lambda: _free_of("164.308(a)(4)(ii)(A)", TECHNICAL),
    ),
    Defect(
        "isolation of networks, tags of accounts and retention of logs under three wrong numbers",
        (
            (row("164.308(a)(4)(ii)(A)", controls="segment-data"), MAPPING),
            (row("164.308(a)(4)(ii)(A)", controls="deny-by-default"), MAPPING),
            (row("164.308(a)(5)(ii)(A)", controls="patch"), MAPPING),
            (row("164.308(a)(5)(ii)(A)", controls="service-identity"), MAPPING),
            (row("164.316(b)(2)(i)", controls="immutable-storage"), MAPPING),
            (row("164.316(b)(2)(i)", controls="limit-retention"), MAPPING),
        ),
        lambda: _free_of("164.308(a)(5)(ii)(A)", TECHNICAL) and _free_of("164.316(b)(2)(i)", TECHNICAL),
    ),
    Defect(
        "164.408 as the notice to individuals, and wrong counts of safeguards",
        ((row("164.408", "Notification to individuals"), QUOTE),),
        lambda: (
            (OURS["164.408"].title, OURS["164.404(a)"].title)
            == ("Notification to the Secretary", "Standard (Notification to individuals)")
        ),
    ),
    Defect(
        "audit controls as addressable, and fourteen addressable specifications in 164.312",
        ((row("164.312(b)", designation="addressable"), QUOTE),),
        lambda: OURS["164.312(b)"].designation == "required" and _counts("164.312") == (7, 5),
    ),
    Defect(
        "five addressable specifications that are neither required nor addressable",
        tuple(
            (row(id, designation="standard"), QUOTE)
            for id in (
                "164.308(a)(5)(ii)(B)",
                "164.308(a)(5)(ii)(C)",
                "164.308(a)(5)(ii)(D)",
                "164.312(a)(2)(iii)",
                "164.312(a)(2)(iv)",
            )
        ),
        lambda: sum(r.designation == "addressable" for r in HIPAA.requirements) == 22,
    ),
    Defect(
        "a specification that does not exist",
        ((row("164.312(a)(1)(i)", "Unique user identification"), QUOTE),),
        lambda: (
            OURS["164.312(a)(2)(i)"].title == "Unique user identification" and "164.312(a)(1)(i)" not in OURS
        ),
    ),
    Defect(
        "Appendix A: no designation of workforce clearance, and two titles in the singular",
        (
            (row("164.308(a)(3)(ii)(B)", designation="required"), QUOTE),
            (row("164.308(a)(7)(ii)(D)", "Testing and revision procedure"), QUOTE),
            (row("164.308(a)(4)(ii)(A)", "Isolating health care clearinghouse function"), QUOTE),
        ),
        lambda: (
            OURS["164.308(a)(3)(ii)(B)"].designation == "addressable"
            and OURS["164.308(a)(7)(ii)(D)"].title == "Testing and revision procedures"
            and OURS["164.308(a)(4)(ii)(A)"].title == "Isolating health care clearinghouse functions"
        ),
    ),
    Defect(
        "the written contract under the number it had before 2013",
        (
            (row("164.308(b)(4)", controls="business-associate-agreement"), QUOTE),
            (row("164.308(b)(4)", controls="business-associate-agreement"), MAPPING),
        ),
        lambda: (
            "164.308(b)(4)" not in OURS and "business-associate-agreement" in OURS["164.308(b)(3)"].controls
        ),
    ),
)
"""Nine of the ten mistakes found in public material; of the tenth, a text that was cut, see below."""

PATCHING = (row("164.308(a)(5)(ii)(A)", controls="patch"), MAPPING)
PAIRS = (
    ("164.312(a)(2)(iv)", "encrypt-in-transit"),
    ("164.312(e)(2)(ii)", "encrypt-at-rest"),
    ("164.312(f)", "encrypt-at-rest"),
    ("164.312(d)", "mfa"),
    ("164.312(e)(1)", "segment-data"),
    ("164.514(b)", "pseudonymise"),
    ("164.502(e)(1)", "transfer-mechanism"),
)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda d: d.where)
def test_a_known_mistake_is_refused_and_we_do_not_make_it(defect: Defect) -> None:
    assert defect.ours()
    for wrong, code in defect.wrong:
        assert code in codes(wrong), wrong


def test_there_are_ten_of_them() -> None:
    assert len(DEFECTS) + 1 == 10


@pytest.mark.parametrize(("id", "control"), PAIRS)
def test_a_forbidden_mapping_is_refused(id: str, control: str) -> None:
    assert "forbidden-mapping" in codes(row(id, controls=control))


@pytest.mark.parametrize("law", ["Art. 5(1)(a)", "Art. 47", "164.312(e)(1)"])
def test_a_title_that_was_cut_is_refused_and_none_of_ours_is(law: str) -> None:
    source = EU if law.startswith("Art.") else CFR
    assert codes(row(law, OURS[law].title[1:]), source=source) == [QUOTE]
    assert codes(row(law), source=source) == []
    gold = {r["id"]: r for name in ("gdpr", "hipaa") for r in GOLD[name]}
    for id, ours in OURS.items():
        assert ours.title.startswith(gold[id].get("article_title") or gold[id]["title"]), id


def test_the_same_rows_without_the_mistake_are_not() -> None:
    ids = {m[1] for d in DEFECTS for wrong, _ in d.wrong if (m := re.match(r"id: '([^']+)'", wrong))}
    right = [row(id) for id in sorted(ids) if id in OURS]
    assert len(right) >= 12
    assert codes(*right) == []
    assert codes(row("164.312(e)(2)(ii)", controls="encrypt-in-transit")) == []
    assert codes(row("164.308(b)(3)", controls="business-associate-agreement")) == []


def test_another_law_may_number_its_articles_alike() -> None:
    assert codes(row("Art. 32(1)", "Supervisory measures"), source="Directive (EU) 2022/2555") == []


def test_what_is_shipped_has_none_of_it() -> None:
    for law in LIBRARY.frameworks:
        assert list(framework_claims(law, CONTROLS, LIBRARY.frameworks)) == []


def test_lint_says_it_too() -> None:
    wrong, code = PATCHING
    found = lint(CONTROLS, (framework(wrong),), LIBRARY.frameworks)
    assert code in [d.code for d in found]
    assert all(d.span for d in found)


def test_a_framework_of_ones_own_with_a_mistake_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(framework(PATCHING[0]).document.text)
    with pytest.raises(InputError, match="does not support"):
        load_frameworks(resource_dir("catalogs"), LIBRARY.catalog, (path,))
    result = CliRunner().invoke(cli, ["catalog", "lint", str(path)])
    assert isinstance(result.exception, InputError)


CLAIMS = (
    "The system is GDPR compliant",
    "a certified provider",
    "the check passed",
    "82% compliance",
    "97 % of requirements",
    "12 per cent of the controls",
    "a compliance score",
    "GDPR requires encryption",
    "HIPAA mandates strong multi-factor authentication",
    "the law demands encryption",
    "encryption at rest is required by HIPAA",
    "Pseudonymised data are not personal data",
    "a line that is\ncompliant",
)
HONEST = (
    "the GDPR asks for measures that are appropriate to the risk, such as encryption",
    "what is addressable is not optional",
    "non-compliance",
    "messages that are passed on",
    "compliance officer",
    "80% of the disk",
    "certification under Article 42",
    "HIPAA, 164.312(e)(1)",
)


@pytest.mark.parametrize("text", CLAIMS)
def test_a_claim_that_nothing_shows_is_found(text: str) -> None:
    assert list(claims(text))


@pytest.mark.parametrize("text", HONEST)
def test_honest_words_are_not(text: str) -> None:
    assert list(claims(text)) == []


@pytest.mark.parametrize("text", CLAIMS)
def test_a_framework_may_not_claim_it(text: str) -> None:
    quoted = " ".join(text.split())
    assert "forbidden-claim" in codes(row("R1", evidence=quoted), source="House")


CONTROL = """
id: lock-up
title: Doors are locked
layer: perimeter
subject: store
severity: low
threats: [tampering]
gap: "{store} stands open"
fix: lock it
rationale: An open door lets anybody in.
examples: ["flows: []  # gap", "flows: []  # satisfied"]
"""
WRONG_TEXTS = (
    ("title: Doors are locked", "title: HIPAA requires encryption"),
    ("stands open", "is not certified"),
    ("fix: lock it", "fix: get 100% compliance"),
    ("An open door lets anybody in.", "The GDPR mandates encryption."),
)


@pytest.mark.parametrize(("right", "wrong"), WRONG_TEXTS)
def test_a_control_of_ones_own_may_not_claim_it_either(right: str, wrong: str, tmp_path: Path) -> None:
    place = tmp_path / "controls" / "perimeter" / "lock-up.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(CONTROL)
    assert "lock-up" in load_catalog(resource_dir("catalogs"), (tmp_path,)).controls
    place.write_text(CONTROL.replace(right, wrong))
    with pytest.raises(InputError) as caught:
        load_catalog(resource_dir("catalogs"), (tmp_path,))
    assert [d.code for d in caught.value.diagnostics] == ["forbidden-claim"]


def test_nor_may_an_override(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text("overrides: {encrypt-at-rest: {fix: 'Encrypt it, since HIPAA requires encryption.'}}\n")
    with pytest.raises(InputError) as caught:
        load_catalog(resource_dir("catalogs"), (tmp_path,))
    (told,) = caught.value.diagnostics
    assert (told.code, told.span and told.span.file) == ("forbidden-claim", path.as_posix())


def test_no_control_that_is_shipped_does() -> None:
    found = [d.message for d in lint(CONTROLS, LIBRARY.frameworks, LIBRARY.frameworks) if d.level == "error"]
    assert found == []


# what is printed


NOTHING_TO_WRITE = {("export oscal-poam", sample) for sample in ("tiny", "online-boutique")}
"""No gap stands against a row of a law that is not known to apply."""
SAMPLES = ("tiny", "shop", "clinic", "online-boutique")
COMMANDS = (
    "check",
    "check --format json",
    "check --format sarif",
    "check --format csv",
    "check --format markdown",
    "threats",
    "explain gdpr",
    "explain hipaa",
    "explain encrypt-in-transit",
    "report",
    "matrix",
    "matrix --format markdown",
    "matrix --format csv",
    "matrix --format html",
    "matrix --framework nist-800-53",
    "matrix --format xlsx",
    "gdpr record",
    "gdpr transfers",
    "gdpr rights",
    "gdpr dpia",
    "hipaa associates",
    "hipaa decisions",
    "hipaa minimum-necessary",
    "hipaa disclosures",
    "export oscal-component-definition",
    "export oscal-assessment-results",
    "export oscal-poam",
    "export oscal-catalog --framework hipaa",
    "export oscal-catalog --framework gdpr",
    "export oscal-mapping-collection --framework hipaa",
    "export ciso-assistant --framework gdpr",
)


def templates() -> Iterator[Path]:
    return (p for p in resource_dir("templates").rglob("*") if p.is_file())


def test_no_template_claims_anything() -> None:
    found = [(p.name, claim) for p in templates() for claim in claims(p.read_text(encoding="utf-8"))]
    assert found == []
    assert len(list(templates())) > 5


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_output_claims_anything(command: str, sample: str, tmp_path: Path) -> None:
    words = [*command.split(), str(resource_dir("samples") / sample), "--as-of", "2026-11-01"]
    target = tmp_path / ("matrix.xlsx" if "xlsx" in command else "report.html")
    to_file = command == "report" or "xlsx" in command
    result = CliRunner().invoke(cli, [*words, "-o", str(target)] if to_file else words)
    if isinstance(result.exception, UsageError):
        assert (command, sample) in NOTHING_TO_WRITE
        return
    assert result.exit_code in (0, 1), result.output
    text = _cells(target) if "xlsx" in command else target.read_text("utf-8") if to_file else result.stdout
    assert len(text) > 100
    assert list(claims(re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", text, flags=re.S))) == []


def _cells(file: Path) -> str:
    sheets = openpyxl.load_workbook(file).worksheets
    assert len(sheets) >= 6
    return "\n".join(str(v) for sheet in sheets for row in sheet.values for v in row if v is not None)
