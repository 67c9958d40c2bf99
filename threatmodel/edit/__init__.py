"""Edits the text of files that people keep: text in, text out, and what was written stays as it was."""
