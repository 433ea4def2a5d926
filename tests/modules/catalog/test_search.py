"""How texts are compared in a search, and what of a course answers a query how well."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.modules.catalog.domain.letters import (
    is_hangul,
    keys_of,
    line_of,
    typed_in_hangul,
    typed_in_latin,
    words_in,
)
from kosu.modules.catalog.domain.relevance import Candidate, distance, score
from kosu.modules.catalog.domain.search import (
    SearchDocument,
    SearchQuery,
    SearchText,
    Term,
    grams_of,
)

LETTERS = "abcㄱㅏ"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Data by Demonstration!", ["data", "by", "demonstration"]),
        ("Café ＳＱＬ ﬁne Łódź Straße", ["cafe", "sql", "fine", "lodz", "strasse"]),
        ("C++, C# & .NET", ["c++", "c#", "net"]),
        ("파이썬으로 python기초", ["파이썬으로", "python", "기초"]),
        (normalize("NFD", "파이썬 é"), ["파이썬", "e"]),
        ("ガイド 日本語", ["ガイド", "日本語"]),
        ("'; -- \0 🐍 \u202e _", []),
        ("x" * 50, ["x" * 40]),
    ],
)
def test_words_are_folded_and_hold_nothing_that_could_be_syntax(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@given(st.text())
def test_any_text_has_words_of_letters_digits_and_what_languages_are_named_with(text: str) -> None:
    for word in words_in(text):
        assert word.rstrip("+#").isalnum()


@pytest.mark.parametrize(
    ("word", "keys"),
    [("파이썬", "ㅍㅏㅇㅣㅆㅓㄴ"), ("닭", "ㄷㅏㄹㄱ"), ("과외", "ㄱㅗㅏㅇㅗㅣ"), ("ㅋㅋ", "ㅋㅋ"), ("ㅘ", "ㅗㅏ")],
)
def test_korean_is_compared_key_by_key(word: str, keys: str) -> None:
    (folded,) = words_in(word)
    assert is_hangul(folded)
    assert keys_of(folded) == keys


def test_korean_words_stand_in_a_line_without_spaces() -> None:
    assert line_of(words_in("자료 구조 in Java 입문")) == line_of(words_in("자료구조 in java 입 문"))
    assert line_of(["data", "by"]) == " data by"
    assert grams_of(["data", "by"]) == {" da", "dat", "ata", " by"}


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("gksrmf", ["ㅎㅏㄴㄱㅡㄹ"]),
        ("vkdlTjs", ["ㅍㅏㅇㅣㅆㅓㄴ"]),
        ("rkskek fkak", ["ㄱㅏㄴㅏㄷㅏ", "ㄹㅏㅁㅏ"]),
        ("go", None),
        ("python", None),
        ("한글", None),
        ("", None),
    ],
)
def test_korean_that_was_typed_in_latin_is_recognised(typed: str, keys: list[str] | None) -> None:
    assert typed_in_hangul(typed) == keys


@pytest.mark.parametrize(
    ("typed", "words"),
    [("ㅔㅛ쇄ㅜ", ["python"]), ("ㅓㅁㅍㅁ", ["java"]), ("파이썬", None), ("파이ㅆ", None), ("java", None), ("", None)],
)
def test_latin_that_was_typed_in_korean_is_recognised(typed: str, words: list[str] | None) -> None:
    assert typed_in_latin(typed) == words


@given(st.text(LETTERS, min_size=1, max_size=9), st.text(LETTERS, max_size=14))
def test_the_distance_is_that_of_the_table(word: str, text: str) -> None:
    assert distance(Term("", word), text) == distance_by_table(word, text)


def distance_by_table(word: str, text: str) -> int:
    """Source: Sellers, "The theory and computation of evolutionary distances: pattern recognition" (1980)."""
    before: Sequence[int] = ()
    row: Sequence[int] = [0] * (len(text) + 1)
    for place, letter in enumerate(word):
        following = [place + 1]
        for column, other in enumerate(text):
            cost = min(row[column] + (letter != other), row[column + 1] + 1, following[column] + 1)
            if column and place and letter == text[column - 1] and other == word[place - 1]:
                cost = min(cost, before[column - 1] + 1)
            following.append(cost)
        before, row = row, following
    return min(row)


@given(st.text("abcdefghij", min_size=8, max_size=20), st.data())
def test_a_word_with_as_many_typos_as_it_may_have_is_looked_at(word: str, data: st.DataObject) -> None:
    """Substitutions, insertions and deletions leave one of the pieces whole, wherever they are."""
    typed = word
    for _ in range(Term.of(word).edits):
        place = data.draw(st.integers(0, len(typed) - 1))
        typed = data.draw(
            st.sampled_from(
                [
                    typed[:place] + "x" + typed[place + 1 :],
                    typed[:place] + "x" + typed[place:],
                    typed[:place] + typed[place + 1 :],
                ]
            )
        )
    # What was typed may be too short for so many.
    if Term.of(typed).edits == Term.of(word).edits:
        query = SearchQuery.of(typed)
        document = document_of(word)
        assert query.covers(document) or query.resembles(document)


def document_of(title: str, description: str = "") -> SearchDocument:
    return SearchDocument.of(SearchText(title=title, subtitle="", instructor="", category="", description=description))


def test_a_document_says_of_words_where_they_stand_and_leaves_the_description_without_grams() -> None:
    document = document_of("Bread", description="With sourdough")
    assert document.words == (("bread", "A"), ("with", "D"), ("sourdough", "D"))
    assert document.grams == {" br", "bre", "rea", "ead"}


def worth(q: str, title: str, *, enrolment_count: int = 0) -> int:
    return score(SearchQuery.of(q), Candidate(title=title, enrolment_count=enrolment_count))


@pytest.mark.parametrize(
    ("q", "better", "worse"),
    [
        ("bread", "Bread", "Bread and butter"),
        ("bread", "Bread and butter", "Butter and bread"),
        ("bread", "Fine bread", "Fine breads"),
        ("breads", "Breads", "Bread"),
        ("braed", "Bread", "Bread and butter"),
        ("파이썬", "파이썬 기초", "파이썬으로 기초"),
        ("파이썬", "파이썬으로 기초", "모두의파이썬 기초"),
        ("파이썬", "모두의파이썬 기초", "파이선 기초"),
        ("baking bread", "Bread baking", "Bread"),
        ("the bread", "Bread", "The cake"),
    ],
)
def test_the_nearer_a_title_is_the_more_it_counts(q: str, better: str, worse: str) -> None:
    assert worth(q, better) > worth(q, worse) >= 0


def test_popularity_decides_among_equals_and_not_against_the_text() -> None:
    assert worth("bread", "Bread", enrolment_count=10) > worth("bread", "Bread")
    assert worth("bread", "Bread") > worth("bread", "Broad", enrolment_count=100_000) > 0


@pytest.mark.parametrize(
    ("q", "title"),
    [("bread", "Cake"), ("abc", "abd"), ("blockchain 강의", "요리 강의"), ("the", "A cake"), ("?!", "What?!")],
)
def test_what_has_too_little_of_a_query_does_not_answer_it(q: str, title: str) -> None:
    assert worth(q, title) == 0


def test_overlong_queries_are_cut() -> None:
    query = SearchQuery.of("word " * 1_000 + "x" * 10_000)
    assert [len(reading.terms) for reading in query.readings] == [8]
    assert len(SearchQuery.of("a-" * 5_000).readings[0].terms) == 8
