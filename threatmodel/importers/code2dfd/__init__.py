"""Importer of the data flow diagrams of Code2DFD."""
