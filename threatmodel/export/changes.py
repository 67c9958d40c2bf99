"""The changes as plain data in their versioned JSON form."""

from __future__ import annotations

from typing import Any

from threatmodel.diff.changes import (
    AttributeChange,
    Changes,
    DepthChange,
    GapChange,
    StatementChange,
    UnknownChange,
    Values,
)
from threatmodel.export.assessment import plain_edition
from threatmodel.render.changes.statements import place_text, statement_text
from threatmodel.render.changes.summary import title
from threatmodel.render.changes.system import value_texts
from threatmodel.render.changes.unknowns import ordered, question_text
from threatmodel.render.changes.warnings import worded
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.plain import plain_place
from threatmodel.render.text.reasons import reason_text

FORMAT = 1


def to_plain(changes: Changes) -> dict[str, object]:
    """The JSON form: what the change means, then every typed change; lists stand in their order."""
    return {
        "threatmodel-diff": FORMAT,
        "name": changes.name,
        "as_of": changes.as_of,
        "empty": changes.empty,
        "text_differs": changes.text_differs,
        "catalogs": [plain_edition(edition) for edition in changes.catalogs],
        "beside": [_change(change) for change in changes.context],
        "title": list(title(changes)),
        **{
            field: _listed(changes, field)
            for field in changes._fields
            if field not in ("name", "as_of", "text_differs", "catalogs", "context")
        },
    }


def _listed(changes: Changes, field: str) -> list[dict[str, object]]:
    """The changes of one kind, those that are told in words by these where nothing else ranks them."""
    match field:
        case "unknowns":
            return [_change(change) for change in ordered(changes)]
        case "warnings":
            return [
                {"how": how, "code": w.code, "message": w.message, "place": plain_place(w.span)}
                for how in ("new", "gone")
                for w in worded(changes, how)
            ]
        case _:
            return [_change(change) for change in getattr(changes, field)]


def _change(change: Any) -> dict[str, object]:
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in change._asdict().items()}
    match change:
        case AttributeChange(before=before, after=after):
            plain |= {"before": _texts(before), "after": _texts(after)}
        case StatementChange(before=before, after=after, place=place):
            said = {"before": statement_text(before), "after": statement_text(after)}
            plain |= {**said, "place": place_text(place)}
        case DepthChange(detours=detours):
            del plain["detours"]
            plain["ways"] = [{"layer": one.layer, "path": list(one.path)} for one in detours]
        case UnknownChange(how=how):
            del plain["how"], plain["asked"]
            question, answer = question_text(change)
            plain = {"how": how, "question": question, "answer": answer, **plain}
        case GapChange(finding=finding):
            plain["finding"] = {
                "control": finding.control,
                "subject_kind": finding.subject_kind,
                "subject": finding.subject,
                "layer": finding.layer,
                "message": message_text(finding.message),
                "because": reason_text(finding.because),
                "fix": message_text(finding.fix),
                "place": plain_place(finding.span),
            }
    return plain


def _texts(values: Values) -> list[str] | None:
    texts = value_texts(values)
    return None if texts is None else list(texts)
