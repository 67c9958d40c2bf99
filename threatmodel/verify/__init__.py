"""Checks proofs of verdicts: an evaluation of its own, from the texts of model and catalog alone."""

from threatmodel.verify.check import Catalog, Checked, Difference, check, is_asked
from threatmodel.verify.proof import FORMAT, FORMAT_KEY, Proof, read_proof
from threatmodel.verify.rules import Asked, Decided, Rules, Shown, Step, Trace
from threatmodel.verify.said import Said
from threatmodel.verify.text import Entity, Text, quote
from threatmodel.verify.values import Truth, Value
from threatmodel.verify.ways import Route, Way
from threatmodel.verify.written import tables

__all__ = [
    "FORMAT",
    "FORMAT_KEY",
    "Asked",
    "Catalog",
    "Checked",
    "Decided",
    "Difference",
    "Entity",
    "Proof",
    "Route",
    "Rules",
    "Said",
    "Shown",
    "Step",
    "Text",
    "Trace",
    "Truth",
    "Value",
    "Way",
    "check",
    "is_asked",
    "quote",
    "read_proof",
    "tables",
]
