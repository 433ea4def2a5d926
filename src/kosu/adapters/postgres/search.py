"""Text to search for, in PostgreSQL's patterns."""

from __future__ import annotations

import re

_WILDCARD = re.compile(r"[%_\\]")


def containing(word: str) -> str:
    """The pattern of LIKE and ILIKE for every text with this word in it, whatever characters the word holds."""
    return "%" + _WILDCARD.sub(r"\\\g<0>", word) + "%"
