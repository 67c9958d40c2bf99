"""Threats: those that follow from the controls, and those that people reported."""
