"""A framework as an OSCAL catalog: numbers, titles, designations, what a design shows; no text of the law."""

from __future__ import annotations

from threatmodel.catalog import Framework, Requirement
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.parts import (
    Plain,
    control_id,
    line,
    metadata,
    prop,
    stable,
    token,
    value,
    without_empty,
)


def catalog(dossier: Dossier, framework: Framework) -> Plain:
    """The catalog of one framework, grouped by category in official order."""
    groups: dict[str, list[Plain]] = {}
    for number, row in enumerate(framework.requirements):
        groups.setdefault(row.category, []).append(_control(framework, row, number))
    about = metadata(dossier, framework.title)
    about["props"].append(prop("law-as-of", framework.law_as_of))
    return {
        "catalog": {
            "uuid": stable("catalog", framework.id),
            "metadata": {**about, "remarks": line(f"{framework.source}. The law itself is not copied.")},
            "groups": [
                {
                    "id": f"{token(framework.id)}-group-{token(category)}",
                    "class": "category",
                    "title": line(category),
                    "controls": controls,
                }
                for category, controls in groups.items()
            ],
        }
    }


def statement_id(framework: Framework, row: Requirement) -> str:
    """The id of the part of a row that a finding speaks of."""
    return f"{control_id(framework, row)}_smt"


def _control(framework: Framework, row: Requirement, number: int) -> Plain:
    id = control_id(framework, row)
    shown = {"name": "guidance", "ns": None, "title": "What a design shows", "prose": row.evidence}
    hidden = {"name": "guidance", "ns": None, "title": "What a design cannot show", "prose": row.cannot_show}
    guidance = [p for p in (shown, hidden) if p["prose"]]
    return without_empty(
        {
            "id": id,
            "class": token(row.designation),
            "title": line(row.title),
            "props": [
                {"name": "label", "value": value(row.id)},
                {"name": "sort-id", "value": f"{token(framework.id)}-{number:04}"},
                prop("designation", row.designation),
                prop("coverage", row.coverage),
                *(prop("reference", name) for name in row.references),
            ],
            "links": [{"href": row.url, "rel": "reference"}] if row.url else [],
            "parts": [
                {
                    "id": statement_id(framework, row),
                    "name": "statement",
                    "prose": f"See {line(row.id)} in {line(framework.source)}.",
                },
                *(
                    {
                        "id": f"{id}_gdn.{i}",
                        "name": "guidance",
                        "title": part["title"],
                        "prose": line(str(part["prose"])),
                    }
                    for i, part in enumerate(guidance, 1)
                ),
            ],
        }
    )
