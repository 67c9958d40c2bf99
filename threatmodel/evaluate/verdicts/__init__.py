"""Verdicts: truths of conditions, statements and where they count, and the steps that decide."""
