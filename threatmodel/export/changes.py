"""The changes as plain data in their versioned JSON form."""

from __future__ import annotations

from typing import Any

from threatmodel.diff.changes import Changes, DepthChange, GapChange, WarningChange
from threatmodel.render.changes.summary import title
from threatmodel.results.plain import plain_edition, plain_place

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
        "beside": [_change(change) for change in changes.beside],
        "title": list(title(changes)),
        **{
            field: [_change(change) for change in getattr(changes, field)]
            for field in changes._fields
            if field not in ("name", "as_of", "text_differs", "catalogs", "beside")
        },
    }


def _change(change: Any) -> dict[str, object]:
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in change._asdict().items()}
    if isinstance(change, DepthChange):
        plain["ways"] = [{"layer": way.layer, "path": list(way.path)} for way in change.ways]
    if isinstance(change, WarningChange):
        del plain["span"]
        plain["place"] = plain_place(change.span)
    if isinstance(change, GapChange):
        found = change.finding
        plain["finding"] = {
            "control": found.control,
            "subject_kind": found.subject_kind,
            "subject": found.subject,
            "layer": found.layer,
            "message": found.message,
            "because": found.because,
            "fix": found.fix,
            "place": plain_place(found.span),
        }
    return plain
