"""A format and an importer for threatmodel."""
