"""`fix` tells the cheapest work and writes it as planned, `what-if` tells a change; mistakes are told."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from threatmodel.cli import cli
from threatmodel.errors import InputError, UsageError

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DAY = ("--as-of", "2026-11-24")
PLANNED = ("--write", "--owner", "team", "--due", "2027-03-01", *DAY)


def _invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def _run(*arguments: str) -> str:
    result = _invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def _refused(*arguments: str) -> UsageError:
    error = _invoke(*arguments).exception
    assert isinstance(error, UsageError), error
    return error


def _json(*arguments: str) -> Any:
    return json.loads(_run(*arguments, *DAY, "--format", "json"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A place with all samples, to be written to."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    return tmp_path / "samples"


def test_a_set_says_what_to_do_and_how_good_it_is() -> None:
    text = _run("fix", str(SAMPLES / "online-boutique"), *DAY)
    flat = " ".join(text.split())
    assert "10 changes of cost 43 close 41 gaps: nothing cheaper closes as many" in flat
    assert "`pin-images: {mechanism: …}` on service type `workload` closes 11 cost 1" in flat
    assert "now the place says `weak`" in flat
    assert re.search(r"transport\.encrypted is false \(line \d+\): change that with it", flat)
    assert "A statement protects nothing: do the work first" in flat


def test_one_change_is_one_change() -> None:
    text = _run("fix", str(SAMPLES / "tiny"), *DAY)
    assert "1 change of cost 1 closes 1 gap: nothing cheaper closes as many" in text


def test_the_choice_of_gaps_narrows_the_set() -> None:
    shop = str(SAMPLES / "shop")
    assert _json("fix", shop)["chosen"] == 6
    assert _json("fix", shop, "--severity", "high")["closes"] == ["threat:replayed-webhook"]
    assert _json("fix", shop, "--key", "audit-log@*")["closes"] == ["audit-log@orders"]
    assert _json("fix", shop, "--key", "reject-replays@api")["chosen"] == 1, "planned ones only by their key"
    assert _json("fix", shop, "--layer", "audit")["closes"] == ["audit-log@orders"]
    assert _json("fix", str(SAMPLES / "clinic"), "--framework", "hipaa")["chosen"] < 6
    nothing = _run("fix", shop, "--severity", "critical", *DAY)
    assert "no open gap is chosen" in nothing


def test_json_holds_what_the_text_says() -> None:
    plain = _json("fix", str(SAMPLES / "shop"), "--budget", "10")
    assert plain["threatmodel-fix"] == 1
    assert (plain["cost"], plain["budget"], plain["exact"], plain["weight"]) == (10, 10, True, 19)
    assert sum(c["cost"] for c in plain["changes"]) == 10
    assert {f["reason"] for f in plain["left_open"]} == {"to close it costs more than is left of the budget"}
    assert plain["changes"][0]["at"]["file"].endswith("shop/threatmodel.yaml")
    assert len(_json("fix", str(SAMPLES / "shop"), "--top", "2")["changes"]) == 2


def test_a_budget_and_the_best_changes_are_told_in_text() -> None:
    text = " ".join(_run("fix", str(SAMPLES / "clinic"), "--budget", "8", "--top", "1", *DAY).split())
    assert "nothing closes more, by severity, within 8" in text
    assert "… and 2 more changes, for 2 gaps" in text
    assert "LEFT OPEN" in text
    assert "nothing within the budget closes one" in _run(
        "fix", str(SAMPLES / "clinic"), "--budget", "1", "--layer", "privacy", *DAY
    )


def test_own_numbers_come_from_the_policy_and_the_command_line(sample: Path) -> None:
    (sample / "tiny" / ".threatmodel.yaml").write_text("costs: {channel: 7}\n", encoding="utf-8")
    tiny = str(sample / "tiny")
    assert _json("fix", tiny)["cost"] == 7
    assert _json("fix", tiny, "--cost", "channel=9", "--cost", "low=2")["cost"] == 9
    other = _json("fix", tiny, "--cost", "encrypt-in-transit=9")
    assert [c["control"] for c in other["changes"]] == ["encrypt-payload"], "which does as well, and for less"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--key", "audit-lgo@orders"), "no gap has the key"),
        (("--layer", "privcy"), "no layer `privcy`"),
        (("--cost", "chanel=3"), "a cost is given for `chanel`"),
        (("--cost", "channel=0"), "`channel=0` is no cost"),
        (("--cost", "channel"), "`channel` is no cost"),
        (("--write",), "a planned statement needs somebody and a day"),
        (("--write", "--owner", " ", "--due", "2027-01-01"), "a planned statement needs somebody and a day"),
        (("--write", "--owner", "me", "--due", "2026-01-01"), "`2026-01-01` is past on 2026-11-24"),
        (("--write", "--owner", "me", "--due", "soon"), "`soon` is no date"),
        (("--write", "--as", "implemented"), "nobody said how"),
        (("--write", "--mechanism", "mfa=key"), "no change of this set is about `mfa`"),
        (("--write", "--mechanism", "mfa"), "`mfa` names no mechanism"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(
    sample: Path, arguments: tuple[str, ...], message: str
) -> None:
    path = sample / "shop" / "threatmodel.yaml"
    before = path.read_bytes()
    assert message in str(_refused("fix", str(path), *DAY, *arguments))
    assert path.read_bytes() == before


def test_a_model_on_stdin_is_not_written_to() -> None:
    text = (SAMPLES / "tiny" / "threatmodel.yaml").read_text(encoding="utf-8")
    result = CliRunner().invoke(cli, ["fix", "-", *PLANNED], input=text)
    assert "cannot be written to" in str(result.exception)


def test_work_is_written_as_planned_in_every_file_with_comments_kept(sample: Path) -> None:
    shop = sample / "shop"
    output = _run("fix", str(shop), *PLANNED)
    assert "left as it is: `reject-replays` on service `api` is planned already" in output
    assert "still open until that work is done: `threat:replayed-webhook`" in output
    assert "5 of 5 gaps stand as planned now" in output
    delivery = (shop / "delivery.yaml").read_text(encoding="utf-8")
    assert (
        "separate-environments: {status: planned, owner: team, due: 2027-03-01}}}      # every night"
        in delivery
    )
    assert "reason: Testers want real orders and get last month's" in delivery
    assert "transfer-mechanism: {status: planned" in (shop / "parties.yaml").read_text(encoding="utf-8")
    _run("check", str(shop), "--fail-on", "medium", "--exit-zero", *DAY)
    again = _json("fix", str(shop))
    assert [f["key"] for f in again["left_open"]] == []
    assert again["closes"] == ["threat:replayed-webhook"]


def test_a_plan_never_hides_what_satisfies_something(sample: Path) -> None:
    output = _run("fix", str(sample / "online-boutique"), *PLANNED)
    assert "left out: `controlled-entry-point` on flows" in output
    assert "40 of 40 gaps stand as planned now" in output
    assert "nothing is to be written" in _run("fix", str(sample / "online-boutique"), *PLANNED)


def test_what_a_plan_at_a_shared_place_makes_of_questions_is_told(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(
        "threatmodel: 1\nname: m\ndata: {d: {confidentiality: restricted}}\n"
        "boundaries:\n  one: {}   # a mesh\n  two: {}\n"
        "services: {a: {boundary: one}, b: {boundary: two}, c: {boundary: two}}\nflows:\n"
        "  - {from: a, to: b, sends: d, protocol: http}\n  - {from: a, to: c, sends: d, protocol: http}\n"
        "  - {from: b, to: a, sends: d}\n",
        encoding="utf-8",
    )
    output = _run("fix", str(path), "--key", "encrypt-in-transit@*", *PLANNED)
    assert "1 statement written as planned" in output
    assert "2 of 2 gaps stand as planned now" in output
    assert "no longer unknown, but planned: `encrypt-in-transit@b->a`" in output
    assert "# a mesh" in path.read_text(encoding="utf-8")


def test_work_that_is_done_is_written_with_its_mechanism(sample: Path) -> None:
    tiny = str(sample / "tiny")
    done = ("--write", "--as", "implemented", *DAY)
    weak = _refused("fix", tiny, *done, "--mechanism", "encrypt-in-transit=ssl")
    assert "would stay open" in str(weak)
    bad = _invoke("fix", tiny, *done, "--mechanism", "encrypt-in-transit=none")
    assert isinstance(bad.exception, InputError)
    assert "1 statement written as implemented" in _run(
        "fix", tiny, *done, "--mechanism", "encrypt-in-transit=tls 1.3"
    )
    assert _json("fix", tiny)["chosen"] == 0


def test_an_option_of_writing_alone_is_noticed() -> None:
    assert "count with --write only" in _run("fix", str(SAMPLES / "tiny"), "--owner", "me", *DAY)


def test_what_if_tells_a_change_and_touches_nothing(sample: Path) -> None:
    path = sample / "shop" / "threatmodel.yaml"
    before = path.read_bytes()
    better = _run("what-if", str(path), "--set", "orders.controls.audit-log=cloudtrail", *DAY)
    assert "One gap closes, medium: `audit-log@orders`." in better
    worse = _json("what-if", str(path), "--set", 'flows["spa->api"].protocol=http')
    assert [(g["how"], g["key"]) for g in worse["gaps"]] == [("opened", "encrypt-in-transit@spa->api")]
    gone = _run("what-if", str(path), "--unset", "data:order.retention", "--format", "markdown", *DAY)
    assert "retention" in gone
    assert path.read_bytes() == before


def test_what_if_reads_included_files_and_stdin(sample: Path) -> None:
    shop = str(sample / "shop")
    assert "orders-staging" in _run("what-if", shop, "--unset", "orders-staging.holds", *DAY)
    text = (SAMPLES / "tiny" / "threatmodel.yaml").read_text(encoding="utf-8")
    arguments = ["what-if", "-", "--set", "visitor->web.protocol=https", *DAY]
    result = CliRunner().invoke(cli, arguments, input=text)
    assert "One gap closes, critical" in result.output


def test_what_if_names_all_flows_of_an_entry() -> None:
    output = _run(
        "what-if", str(SAMPLES / "online-boutique"), "--set", "shopper->frontend.protocol=https", *DAY
    )
    assert "are one entry, and all of them change" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing is to be changed"),
        (("--set", "ordrs.holds=x"), "nothing is called `ordrs`"),
        (("--unset", "orders.retention"), "there is no `stores.orders.retention`"),
        (("--set", "orders.holds"), "is no assignment"),
        (("--set", "orders.criticality.x=1"), "is no mapping"),
    ],
)
def test_what_if_refuses_what_it_cannot_do(arguments: tuple[str, ...], message: str) -> None:
    assert message in str(_refused("what-if", str(SAMPLES / "shop"), *arguments))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("orders.critcality=high", "unknown-key"),
        ("orders.criticality=hihg", "unknown-word"),
        ("orders.controls.audit-lgo=x", "unknown-control"),
        ("api.controls.audit-log=x", "statement-place"),
        ("api.boundary=moon", "unknown-reference"),
    ],
)
def test_a_change_that_makes_no_valid_model_is_told_with_its_place(change: str, code: str) -> None:
    result = _invoke("what-if", str(SAMPLES / "shop"), "--set", change)
    assert isinstance(result.exception, InputError)
    assert result.exception.diagnostics[0].code == code
    assert result.exception.diagnostics[0].span is not None


def test_a_link_to_a_model_stays_a_link(sample: Path) -> None:
    link = sample / "link.yaml"
    link.symlink_to(sample / "tiny" / "threatmodel.yaml")
    assert "1 statement written as planned" in _run("fix", str(link), *PLANNED)
    assert link.is_symlink()
    assert "status: planned" in (sample / "tiny" / "threatmodel.yaml").read_text(encoding="utf-8")
