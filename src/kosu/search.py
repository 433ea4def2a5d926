"""What somebody typed into a search box, as the words to look for."""

from __future__ import annotations

MAX_QUERY_CHARACTERS = 200
MAX_WORDS = 8


def words_of(q: str | None) -> tuple[str, ...]:
    """The words of a query, the first few of an overlong one. No text that is searched holds a NUL."""
    return tuple((q or "").replace("\0", " ")[:MAX_QUERY_CHARACTERS].split()[:MAX_WORDS])
