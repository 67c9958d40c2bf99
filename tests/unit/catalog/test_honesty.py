"""Known mistakes of public lists, misquoted laws and empty claims are refused; what is shipped has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.catalog import Framework, lint, load_frameworks, parse_framework
from threatmodel.catalog.honesty import claims, honesty_check
from threatmodel.cli import cli
from threatmodel.errors import InputError
from threatmodel.resources import resource_dir
from threatmodel.source import parse

LIBRARY = Library()
CONTROLS = LIBRARY.catalog.controls
HIPAA = next(f for f in LIBRARY.frameworks if f.id == "hipaa")
GDPR = next(f for f in LIBRARY.frameworks if f.id == "gdpr")
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
    found = honesty_check(framework(*rows, source=source), CONTROLS, LIBRARY.frameworks)
    return [d.code for d in found]


DEFECTS = {
    "access authorization under the number of access establishment": (
        row("164.308(a)(4)(ii)(C)", "Access authorization"),
        "misquoted-requirement",
    ),
    "encryption, backups and logs as isolation of a clearinghouse": (
        row(
            "164.308(a)(4)(ii)(A)",
            controls="encrypt-in-transit, encrypt-at-rest, backup, audit-log, log-events",
        ),
        "forbidden-mapping",
    ),
    "segmentation as isolation of a clearinghouse": (
        row("164.308(a)(4)(ii)(A)", controls="segment-data"),
        "forbidden-mapping",
    ),
    "patching as security reminders": (
        row("164.308(a)(5)(ii)(A)", controls="patch"),
        "forbidden-mapping",
    ),
    "retention of logs as the time limit of documentation": (
        row("164.316(b)(2)(i)", controls="immutable-storage"),
        "forbidden-mapping",
    ),
    "164.408 as the notice to individuals": (
        row("164.408", "Notification to individuals"),
        "misquoted-requirement",
    ),
    "audit controls as addressable": (row("164.312(b)", designation="addressable"), "misquoted-requirement"),
    "log-in monitoring as neither required nor addressable": (
        row("164.308(a)(5)(ii)(C)", designation="standard"),
        "misquoted-requirement",
    ),
    "a specification that does not exist": (
        row("164.312(a)(1)(i)", "Unique user identification"),
        "misquoted-requirement",
    ),
    "workforce clearance without its designation": (
        row("164.308(a)(3)(ii)(B)", designation="required"),
        "misquoted-requirement",
    ),
    "a procedure in the singular": (
        row("164.308(a)(7)(ii)(D)", "Testing and revision procedure"),
        "misquoted-requirement",
    ),
    "the written contract under the number it had before 2013": (
        row("164.308(b)(4)", controls="business-associate-agreement"),
        "misquoted-requirement",
    ),
}
"""The mistakes found in public material."""

PAIRS = (
    ("164.312(a)(2)(iv)", "encrypt-in-transit"),
    ("164.312(e)(2)(ii)", "encrypt-at-rest"),
    ("164.312(f)", "encrypt-at-rest"),
    ("164.312(d)", "mfa"),
    ("164.312(e)(1)", "segment-data"),
    ("164.514(b)", "pseudonymise"),
    ("164.502(e)(1)", "transfer-mechanism"),
)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_known_mistake_is_refused(name: str) -> None:
    wrong, code = DEFECTS[name]
    assert set(codes(wrong)) >= {code}


@pytest.mark.parametrize(("id", "control"), PAIRS)
def test_a_forbidden_mapping_is_refused(id: str, control: str) -> None:
    assert "forbidden-mapping" in codes(row(id, controls=control))


def test_a_title_that_was_cut_is_refused() -> None:
    cut = GDPR.requirements[0].title[1:]
    assert codes(row("Art. 5(1)(a)", cut), source=EU) == ["misquoted-requirement"]


def test_the_same_rows_without_the_mistake_are_not() -> None:
    ids = [re.match(r"id: '([^']+)'", wrong) for wrong, _ in DEFECTS.values()]
    right = [row(m[1]) for m in ids if m and m[1] in {r.id for r in HIPAA.requirements}]
    assert len(right) >= 9
    assert codes(*dict.fromkeys(right)) == []
    assert codes(row("164.312(e)(2)(ii)", controls="encrypt-in-transit")) == []
    assert codes(row("164.308(b)(3)", controls="business-associate-agreement")) == []


def test_another_law_may_number_its_articles_alike() -> None:
    assert codes(row("Art. 32(1)", "Supervisory measures"), source="Directive (EU) 2022/2555") == []


def test_what_is_shipped_has_none_of_it() -> None:
    for law in LIBRARY.frameworks:
        assert list(honesty_check(law, CONTROLS, LIBRARY.frameworks)) == []


def test_lint_says_it_too() -> None:
    (wrong, code) = DEFECTS["patching as security reminders"]
    found = lint(CONTROLS, (framework(wrong),), LIBRARY.frameworks)
    assert code in [d.code for d in found]
    assert all(d.span for d in found)


def test_a_framework_of_ones_own_with_a_mistake_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(framework(DEFECTS["patching as security reminders"][0]).document.text)
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


# what is printed


SAMPLES = ("tiny", "shop", "clinic", "online-boutique")
COMMANDS = (
    "check",
    "check --format json",
    "report",
    "matrix",
    "matrix --format markdown",
    "matrix --format csv",
    "matrix --format html",
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
    "export oscal-catalog --framework hipaa",
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
    target = tmp_path / "report.html"
    if command == "report":
        words += ["-o", str(target)]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code in (0, 1), result.output
    text = target.read_text(encoding="utf-8") if command == "report" else result.stdout
    assert len(text) > 100
    assert list(claims(re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", text, flags=re.S))) == []
