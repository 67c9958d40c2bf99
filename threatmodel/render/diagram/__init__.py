"""Diagrams: what a picture shows, and how it is written as DOT, Mermaid, SVG and PNG."""
