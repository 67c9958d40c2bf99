"""A generated model under the shipped catalog: its review, its results, and what is compared of them."""

from __future__ import annotations

from typing import Any

from tests.properties.models import AS_OF, Plain, yaml
from threatmodel.api import Library, Review, parse
from threatmodel.errors import Diagnostic
from threatmodel.evaluate import Reason
from threatmodel.render.text.notes import diagnostics
from threatmodel.results import Assessment, Note, Premise, Verdict, result_key
from threatmodel.source import parse as parse_yaml

SHIPPED = Library()


def review(model: Plain, text: str | None = None) -> Review:
    """The review of a model, written plainly or as this text."""
    return parse(parse_yaml(text or yaml(model), "model.yaml"), SHIPPED, AS_OF)


def verdicts(found: Review) -> dict[str, Verdict]:
    """Every verdict by its key."""
    return {
        result_key(control.id, kind, name): Verdict(found.engine.decide(control, kind).verdicts[i])
        for control in SHIPPED.catalog.controls.values()
        for kind in control.subjects
        for i, name in enumerate(found.graph.subjects[kind])
    }


def why(found: Review, key: str) -> Reason:
    """The reason for one result."""
    control, _, subject = key.partition("@")
    wanted = SHIPPED.catalog.controls[control]
    for kind in wanted.subjects:
        for name in found.graph.subjects[kind]:
            if result_key(control, kind, name) == key:
                return found.reason(wanted, kind, name)
    raise AssertionError(f"no result {key}: {subject}")


def without_spans(assessment: Assessment) -> Any:
    """An assessment as plain values, places left out."""
    return _plain(assessment._replace(warnings=tuple(sorted(assessment.warnings, key=_spoken))))


def _spoken(warning: Note | Diagnostic) -> tuple[str, str]:
    (found,) = diagnostics((warning,))
    return found.code, found.message


def _plain(value: Any) -> Any:
    match value:
        case Premise(text, _):
            return text
        case tuple() if hasattr(value, "_asdict"):
            fields = value._asdict()
            return {k: _plain(v) for k, v in fields.items() if k not in ("span", "excerpt")}
        case tuple() | list():
            return [_plain(v) for v in value]
        case _:
            return value
