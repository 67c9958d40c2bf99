"""Words that all texts for people share."""


def quote(text: str) -> str:
    """User text in backticks, one line, none inside it."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"
