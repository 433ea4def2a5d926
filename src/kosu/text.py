"""What a text of one line may hold, such as a title or a filename."""

from __future__ import annotations

from unicodedata import category

# Emoji and several scripts join their letters by these; all else that is unprintable is refused.
_JOINERS = "\u200c\u200d"


def is_one_line(text: str) -> bool:
    """Whether the text shows as it is written: without controls, line breaks and marks that turn its direction.

    Spaces of every width pass, also the narrow one that macOS puts into the names of screen recordings.
    """
    return all(char.isprintable() or char in _JOINERS or category(char) == "Zs" for char in text)
