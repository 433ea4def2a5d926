"""The words of a query."""

from __future__ import annotations

import pytest

from kosu.search import MAX_QUERY_CHARACTERS, MAX_WORDS, words_of


@pytest.mark.parametrize(
    ("q", "words"),
    [
        (None, ()),
        ("", ()),
        (" \t\n", ()),
        ("\0", ()),
        ("  data  파이썬 100%\n", ("data", "파이썬", "100%")),
        ("nul\0within", ("nul", "within")),
    ],
)
def test_words_stand_between_spaces(q: str | None, words: tuple[str, ...]) -> None:
    assert words_of(q) == words


def test_of_an_overlong_query_the_beginning_counts() -> None:
    assert words_of("w " * 50) == ("w",) * MAX_WORDS
    assert words_of("x" * 1000) == ("x" * MAX_QUERY_CHARACTERS,)
