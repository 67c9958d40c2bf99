"""Explanations: the reason of a verdict, read from what decided it."""
