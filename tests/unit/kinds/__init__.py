"""The kinds catalog: what it says, and how it is read."""
