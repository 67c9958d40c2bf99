"""Ids of a model, as they are written and compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ID_HELP: Final = "use letters, digits, `.`, `_` and `-`, a letter or digit first"

_ID: Final = re.compile(r"[^\W_][\w.\-]*")


def normal_id(text: str) -> str:
    """An id as it is compared: Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_id(text: str) -> bool:
    """Whether a normal text may be an id: letters, digits, `.`, `_`, `-`, a letter or digit first."""
    return len(text) <= 200 and _ID.fullmatch(text) is not None
