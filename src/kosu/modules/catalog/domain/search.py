"""Searching the catalogue: what is kept of a course for it, what a query asks for, and which courses are looked at.

`covers` and `resembles` tell these of what is kept in indexes alone; databases repeat them in their own language.
How well a course answers is judged in `relevance.py`.

Source: Ukkonen, "Approximate string-matching with q-grams and maximal matches" (1992): d edits leave one of d + 1 parts
of a word whole, and destroy at most q·d of its q-grams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.letters import is_hangul, keys_of, line_of, typed_in_hangul, typed_in_latin, words_in
from kosu.search import words_of

Weight = Literal["A", "B", "C", "D"]
"""Where a word stands: in the title, the subtitle, the instructor's or category's name, the description."""

GRAM = 3
ENOUGH = 20
"""Courses that cover a query; with fewer of them, those that resemble it are looked at too."""
CANDIDATES = 100
"""So many courses are judged, at most, and so many a search finds."""

# Words that tell nothing of a course.
STOP_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with", "your"}
)
SUFFIXES = ("ings", "ing", "ers", "er", "ed", "es", "s", "ly")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """The texts of a course by which it is found."""

    title: str
    subtitle: str
    instructor: str
    category: str
    description: str

    @classmethod
    def of(cls, course: Course, category_name: str) -> SearchText:
        return cls(
            title=course.details.title,
            subtitle=course.details.subtitle,
            instructor=course.instructor_name,
            category=category_name,
            description=course.details.description,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """What is indexed of a course: its words in order, with where they stand, and grams of all but the description."""

    words: tuple[tuple[str, Weight], ...]
    grams: frozenset[str]

    @classmethod
    def of(cls, text: SearchText) -> SearchDocument:
        parts: tuple[tuple[Weight, str], ...] = (
            ("A", text.title),
            ("B", text.subtitle),
            ("C", text.instructor),
            ("C", text.category),
            ("D", text.description),
        )
        words = [(weight, words_in(part)) for weight, part in parts]
        return cls(
            words=tuple((word, weight) for weight, part in words for word in part),
            grams=frozenset(gram for weight, part in words if weight != "D" for gram in grams_of(part)),
        )


@dataclass(frozen=True)
class Term:
    """A word of a query. `keys` are what of it is looked for in a line; `word` is empty where only they are known."""

    word: str
    keys: str

    @classmethod
    def of(cls, word: str) -> Term:
        return cls(word, keys_of(word) if is_hangul(word) else f" {word}")

    @cached_property
    def weight(self) -> float:
        return 0.5 if self.word in STOP_WORDS else float(len(self.keys.strip()))

    @cached_property
    def stem(self) -> str:
        """What words of another inflection begin with as well: the word itself, but for Latin ones with an ending."""
        for suffix in SUFFIXES:
            stem = self.word.removesuffix(suffix)
            if stem != self.word and self.word.isascii() and len(stem) >= 4 and stem[-1] != "s":
                return stem[:-1] if stem[-1] == stem[-2] else stem
        return self.word

    @cached_property
    def edits(self) -> int:
        """How many typos it may have."""
        return 0 if len(self.keys) <= 4 else 1 if len(self.keys) <= 8 else 2

    @property
    def pieces(self) -> tuple[frozenset[str], ...]:
        """Grams of parts of the word, one of which is whole whatever the typos; none for a word without grams."""
        size = max(GRAM, len(self.keys) // (self.edits + 1))
        if len(self.keys) < GRAM:
            return ()
        last = len(self.keys) - size
        starts = sorted({part * last // max(1, self.edits) for part in range(self.edits + 1)})
        return tuple(frozenset(slices(self.keys[start : start + size])) for start in starts)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(map("".join, pairwise(self.keys)))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each letter of the word stands in it, as bits."""
        return {
            letter: sum(1 << place for place, other in enumerate(self.keys) if other == letter) for letter in self.keys
        }


@dataclass(frozen=True)
class Reading:
    """One way to understand what was typed."""

    terms: tuple[Term, ...]

    @cached_property
    def line(self) -> str:
        return "".join(term.keys for term in self.terms)

    @cached_property
    def grams(self) -> frozenset[str]:
        return frozenset(gram for term in self.terms for gram in slices(term.keys))

    @property
    def words(self) -> tuple[str, ...]:
        """The beginnings of words that are looked for; none where only keys are known."""
        return tuple(term.stem for term in self.terms if term.word)

    @property
    def telling(self) -> tuple[Term, ...]:
        """The terms that tell something of a course, or all of them where none does."""
        return tuple(term for term in self.terms if term.word not in STOP_WORDS) or self.terms


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for. The first reading is as it was typed; another is by the other setting of the keyboard.

    Without readings nothing can be found, as of a query of punctuation alone.
    """

    readings: tuple[Reading, ...]

    @classmethod
    def of(cls, q: str) -> SearchQuery:
        q = " ".join(words_of(q))
        readings = [tuple(Term.of(word) for word in words_in(q))]
        if keys := typed_in_hangul(q):
            readings.append(tuple(Term("", word) for word in keys))
        if words := typed_in_latin(q):
            readings.append(tuple(map(Term.of, words)))
        return cls(tuple(Reading(terms[:8]) for terms in readings if terms))

    def covers(self, document: SearchDocument) -> bool:
        """Whether the course has all of the query: each word as the beginning of one of its own, or all grams."""
        words = [word for word, _ in document.words]
        return any(
            (bool(reading.words) and all(begins_any(word, words) for word in reading.words))
            or (bool(reading.grams) and reading.grams <= document.grams)
            for reading in self.readings
        )

    def resembles(self, document: SearchDocument) -> bool:
        """Whether the course has each word of the query but for typos, or one of several words."""
        if not self.readings:
            return False
        reading = self.readings[0]
        words = [word for word, _ in document.words]
        with_pieces = [term.pieces for term in reading.telling if term.pieces]
        return (
            bool(with_pieces) and all(any(piece <= document.grams for piece in pieces) for pieces in with_pieces)
        ) or (len(reading.terms) > 1 and any(begins_any(term.stem, words) for term in reading.telling))


def grams_of(words: Sequence[str]) -> set[str]:
    """Three letters each, of which the first of a word is the space before it; of Korean three keys.

    They do not stretch over words, but over spaces between Korean ones.
    """
    line = line_of(words)
    return {gram for gram in slices(line) if " " not in gram[1:]}


def describes(query: SearchQuery, document: SearchDocument) -> list[bool]:
    """Of each word of the query, whether the description has a word that begins with it."""
    words = [word for word, weight in document.words if weight == "D"]
    return [begins_any(term.stem, words) for term in query.readings[0].terms] if query.readings else []


def begins_any(beginning: str, words: Iterable[str]) -> bool:
    return any(word.startswith(beginning) for word in words)


def slices(text: str) -> list[str]:
    return [text[start : start + GRAM] for start in range(len(text) - GRAM + 1)]
