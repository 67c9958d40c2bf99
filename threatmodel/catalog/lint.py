"""Checks between catalog files: places, references, cycles; and the notes of `catalog lint`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from threatmodel.catalog.claims import control_claims, framework_claims
from threatmodel.catalog.conditions import Claimed, EveryPath, Satisfied, leaves
from threatmodel.catalog.controls import Control, shown_on_paths
from threatmodel.catalog.form import form
from threatmodel.catalog.frameworks import Framework
from threatmodel.catalog.satisfiability import LIMIT, Trial, combinations, try_out
from threatmodel.errors import Diagnostic, Level, did_you_mean, quoted
from threatmodel.model import Path
from threatmodel.model.ids import ID_HELP, is_id
from threatmodel.source import Document


def cross_check(controls: Sequence[Control], by_id: Mapping[str, Control]) -> list[Diagnostic]:
    """Errors between control files: an id against its file and layer, unknown references, cycles."""
    problems: list[Diagnostic] = []
    for control in controls:
        problems += _place(control, by_id)
        problems += _paths(control, by_id)
        for leaf in _references(control):
            if leaf.control not in by_id:
                help = did_you_mean(leaf.control, by_id)
                problems.append(
                    _error(control.document, leaf.at, "unknown-control", f"no control `{leaf.control}`", help)
                )
            elif not set(control.subjects) <= set(by_id[leaf.control].subjects):
                problems.append(
                    _error(
                        control.document,
                        leaf.at,
                        "control-subject",
                        f"`{leaf.control}` is not asked of every subject of `{control.id}`",
                    )
                )
    return problems or _cycles(by_id)


def framework_check(frameworks: Iterable[Framework], controls: Mapping[str, Control]) -> list[Diagnostic]:
    """Errors between framework files, and against the catalog: ids given twice, unknown controls."""
    frameworks = tuple(frameworks)
    ids = [framework.id for framework in frameworks]
    twice = [
        _error(framework.document, ("id",), "duplicate-id", f"framework `{framework.id}` exists twice")
        for i, framework in enumerate(frameworks)
        if framework.id in ids[:i]
    ]
    return twice + [
        _error(
            framework.document,
            (*row.at, "controls"),
            "unknown-control",
            f"no control `{name}`",
            did_you_mean(name, controls),
        )
        for framework in frameworks
        for row in framework.requirements
        for name in row.controls
        if name not in controls
    ]


def lint(
    controls: Mapping[str, Control],
    frameworks: Sequence[Framework],
    official: Sequence[Framework] = (),
    only: Iterable[str] | None = None,
) -> tuple[Diagnostic, ...]:
    """What a valid catalog may still be told: its form, dead conditions, unmapped controls.

    Frameworks are held to `official` ones, where they quote the same law. `only` these controls are told of.
    """
    mapped = {name for f in frameworks for row in f.requirements for name in row.controls}
    found: list[Diagnostic] = []
    for control in controls.values() if only is None else [controls[name] for name in only]:
        found += form(control)
        found += control_claims(control)
        found += _conditions(control)
        if control.id not in mapped:
            message = f"`{control.id}` supports no requirement of any framework"
            found.append(_error(control.document, ("id",), "unmapped-control", message, level="note"))
    for framework in frameworks:
        found += framework_claims(framework, controls, official)
    return tuple(found)


def _conditions(control: Control) -> Iterator[Diagnostic]:
    """What trying out every combination of values shows of `when` and `expect`."""
    size = combinations(control)
    if size > LIMIT:
        message = f"its conditions tell {size} combinations apart: too many to try out"
        yield _error(control.document, ("id",), "large-condition", message, level="warning")
        return
    trial = try_out(control)
    if not trial.when_holds:
        yield _error(control.document, ("when",), "dead-when", "`when` can never be true")
    elif control.expect is not None:
        yield from _expectation(control, trial)


def _expectation(control: Control, trial: Trial) -> Iterator[Diagnostic]:
    at: Path = ("expect",)
    if not trial.expect_holds:
        yield _error(control.document, at, "impossible-expect", "`expect` can never be true where `when` is")
    elif not trial.expect_fails:
        yield _error(control.document, at, "vacuous-expect", "`expect` is always true where `when` is")
    else:
        for place in trial.decided:
            message = f"`{place[-1]}` is decided by `when` already"
            yield _error(control.document, place, "dead-condition", message, level="warning")


def _place(control: Control, by_id: Mapping[str, Control]) -> list[Diagnostic]:
    path = PurePosixPath(control.document.file)
    problems = []
    if control.id and not is_id(control.id):
        message = f"{quoted(control.id)} is no id for a control"
        problems.append(_error(control.document, ("id",), "bad-id", message, ID_HELP))
    if path.stem != control.id:
        problems.append(
            _error(
                control.document, ("id",), "control-file", f"`{control.id}` must stand in `{control.id}.yaml`"
            )
        )
    if path.parent.name != control.layer:
        problems.append(
            _error(
                control.document,
                ("layer",),
                "control-file",
                f"the file must stand in the folder `{control.layer}`",
            )
        )
    if by_id[control.id] is not control:
        problems.append(
            _error(control.document, ("id",), "duplicate-id", f"control `{control.id}` exists twice")
        )
    return problems


def _references(control: Control) -> list[Claimed | Satisfied]:
    return [leaf for leaf in leaves(control.expect) if isinstance(leaf, (Claimed, Satisfied))]


def _paths(control: Control, by_id: Mapping[str, Control]) -> Iterator[Diagnostic]:
    """Path obligations that name no control, or one that nothing on a path can show."""
    for leaf in leaves(control.expect):
        for name in leaf.route.controls if isinstance(leaf, EveryPath) else ():
            if name not in by_id:
                help = did_you_mean(name, by_id)
                yield _error(control.document, leaf.at, "unknown-control", f"no control `{name}`", help)
            elif not shown_on_paths(by_id[name]):
                message = f"no element and no flow can show `{name}`, so no path passes it"
                yield _error(control.document, leaf.at, "path-control", message)


def _cycles(by_id: Mapping[str, Control]) -> list[Diagnostic]:
    state: dict[str, int] = {}
    problems: list[Diagnostic] = []

    def visit(name: str) -> None:
        state[name] = 1
        for leaf in _references(by_id[name]):
            if state.get(leaf.control) == 1:
                message = f"`{name}` and `{leaf.control}` rest on each other"
                problems.append(_error(by_id[name].document, leaf.at, "control-cycle", message))
            elif leaf.control not in state:
                visit(leaf.control)
        state[name] = 2

    for name in by_id:
        if name not in state:
            visit(name)
    return problems


def _error(
    document: Document, at: Path, code: str, message: str, help: str = "", level: Level = "error"
) -> Diagnostic:
    return document.diagnostic(code, message, at, help, level=level)
