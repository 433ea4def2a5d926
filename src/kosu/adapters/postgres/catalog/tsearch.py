"""Words as PostgreSQL's text search takes them: without a dictionary, since they are folded already.

Source: PostgreSQL documentation, 8.11 Text Search Types.
"""

from __future__ import annotations

from collections.abc import Iterable

from kosu.modules.catalog.domain.search import SearchDocument, Weight

LAST_POSITION = 16_383


def vector_of(document: SearchDocument) -> str:
    """The text of a tsvector. Words hold letters, digits, + and # only, so that quotes are all that they need."""
    return " ".join(
        f"'{word}':{min(position, LAST_POSITION)}{weight}"
        for position, (word, weight) in enumerate(document.words, start=1)
    )


def begins(word: str, weight: Weight | None = None) -> str:
    """The text of a tsquery for words that begin with this one, anywhere or where the weight says."""
    return f"'{word}':*{weight or ''}"


def all_of(words: Iterable[str], weight: Weight | None = None) -> str:
    return " & ".join(begins(word, weight) for word in words)


def any_of(alternatives: Iterable[str]) -> str:
    return " | ".join(f"({alternative})" for alternative in alternatives if alternative)
