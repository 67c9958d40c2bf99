"""Frameworks: the status of every row from the results of its controls and from decisions."""
