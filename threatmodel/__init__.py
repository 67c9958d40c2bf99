"""Threat models and compliance evidence, kept as code."""

__version__ = "0.1.0"
