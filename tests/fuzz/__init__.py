"""Fuzzing of the whole way from text to report: whatever a text says, only a ThreatModelError comes out."""
