"""Checks proofs of verdicts: takes facts from the model, and decides again with an evaluator of its own."""

from threatmodel.verify.check import Checked, Difference, check
from threatmodel.verify.proof import FORMAT, FORMAT_KEY, Proof, read_proof

__all__ = ["FORMAT", "FORMAT_KEY", "Checked", "Difference", "Proof", "check", "read_proof"]
