"""Importers: a diagram or model in a foreign format becomes YAML text and a report, never a model.

`registry` names them all.
"""

from threatmodel.importers.outcome import Imported, Note, Outcome

__all__ = ["Imported", "Note", "Outcome"]
