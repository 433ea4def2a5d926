"""How well a course answers a query.

The text decides, by where it has the words and how exactly; among equals it is how many are enrolled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log10

from kosu.modules.catalog.domain.letters import line_of, words_in
from kosu.modules.catalog.domain.search import Reading, SearchQuery, Term, Weight, begins_any, slices

WORTH: dict[Weight, float] = {"A": 1.0, "B": 0.5, "C": 0.4, "D": 0.2}
EXACT, PREFIX, WITHIN, STEM, SIMILAR = 1.0, 0.9, 0.85, 0.8, 0.7
OTHER_KEYBOARD = 0.9
# Korean words that are written as one may stand apart in a title, with particles: most of their grams stay.
COMPOUND, COMPOUND_SHARE, COMPOUND_KEYS = 0.6, 0.7, 9
# A query is answered by a course that has at least this share of its letters.
COVERAGE = 0.5
POPULARITY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a course is judged by. `described` tells of each word of the query whether the description has it."""

    title: str
    subtitle: str = ""
    instructor: str = ""
    category: str = ""
    described: Sequence[bool] = ()
    enrolment_count: int = 0


def score(query: SearchQuery, candidate: Candidate) -> int:
    """The course's relevance in millionths; 0 where it does not answer the query at all."""
    fields = (
        _Field(WORTH["A"], candidate.title),
        _Field(WORTH["B"], candidate.subtitle),
        _Field(WORTH["C"], candidate.instructor),
        _Field(WORTH["C"], candidate.category),
    )
    best = 0.0
    for number, reading in enumerate(query.readings):
        described = candidate.described if number == 0 else ()
        best = max(best, _fit(reading, fields, described) * (OTHER_KEYBOARD if number else 1.0))
    return round(1_000_000 * best * (1 + POPULARITY * log10(1 + candidate.enrolment_count)))


@dataclass(frozen=True)
class _Field:
    """A text of a candidate, made ready for being looked through when the first word is looked for in it."""

    worth: float
    text: str

    @cached_property
    def words(self) -> list[str]:
        return words_in(self.text)

    @cached_property
    def line(self) -> str:
        return line_of(self.words)


def _fit(reading: Reading, fields: Sequence[_Field], described: Sequence[bool]) -> float:
    total = found = fit = 0.0
    for number, term in enumerate(reading.terms):
        quality = _best(_likeness, term, fields)
        if not quality and number < len(described) and described[number]:
            quality = WORTH["D"]
        if not quality:
            quality = _best(_similarity, term, fields)
        total += term.weight
        found += term.weight if quality else 0
        fit += term.weight * quality
    if not total or found / total < COVERAGE:
        return 0.0
    return fit / total + _phrase(reading.line, fields[0].line)


def _best(measure: Callable[[Term, _Field], float], term: Term, fields: Sequence[_Field]) -> float:
    """The most that the word is worth in one of the fields, of which the worthiest comes first."""
    best = 0.0
    for field in fields:
        if field.worth <= best:
            break
        best = max(best, field.worth * measure(term, field))
    return best


def _likeness(term: Term, field: _Field) -> float:
    """How exactly the field has the word, typos aside."""
    if term.word in field.words:
        return EXACT
    if term.word and begins_any(term.word, field.words):
        return PREFIX
    if not term.keys.startswith(" "):
        return WITHIN if term.keys in field.line else 0.0
    return STEM if begins_any(term.stem, field.words) else 0.0


def _similarity(term: Term, field: _Field) -> float:
    """How much of the word the field has where it has the word with typos, or the parts of a long Korean one."""
    # One edit changes three pairs at most: those of two letters that change places.
    if not term.edits or sum(pair in field.line for pair in term.pairs) < len(term.pairs) - 3 * term.edits:
        return 0.0
    edits = distance(term, field.line)
    if edits <= term.edits:
        return SIMILAR * (1 - edits / len(term.keys))
    if term.keys.startswith(" ") or len(term.keys) < COMPOUND_KEYS:
        return 0.0
    grams = slices(term.keys)
    share = sum(gram in field.line for gram in grams) / len(grams)
    return COMPOUND * share if share >= COMPOUND_SHARE else 0.0


def _phrase(query: str, title: str) -> float:
    """What it adds that the title says little else, has the query in one piece, and begins with it."""
    brevity = min(1.0, len(query) / max(1, len(title)))
    if query not in title:
        return 0.05 * brevity
    return 0.1 + 0.1 * title.startswith(query) + 0.2 * brevity


def distance(term: Term, text: str) -> int:
    """The least number of edits that make the word a part of the text; two letters that change places are one.

    A column of the table of distances is held as bits, for where it rises (`up`) and falls (`down`).
    Source: Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003).
    """
    everything = (1 << len(term.keys)) - 1
    last = 1 << (len(term.keys) - 1)
    up, down, diagonal, matches_before = everything, 0, 0, 0
    least = edits = len(term.keys)
    for letter in text:
        matches = term.places.get(letter, 0)
        swapped = ((~diagonal & matches) << 1) & matches_before
        diagonal = (((matches & up) + up) ^ up) | matches | down | swapped
        right_up = down | (everything & ~(diagonal | up))
        right_down = diagonal & up
        if right_up & last:
            edits += 1
        elif right_down & last:
            edits -= 1
            least = min(least, edits)
        right_up <<= 1
        up = everything & ((right_down << 1) | ~(diagonal | right_up))
        down = everything & right_up & diagonal
        matches_before = matches
    return least
