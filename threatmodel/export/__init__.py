"""Writes documents in formats: `registry` names them all, and a module for each holds its writer."""
