"""Search of the catalogue in memory: every course is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import nlargest

from kosu.adapters.memory.catalog import CATEGORIES, MemoryCatalogQueries, cursor_of
from kosu.adapters.memory.database import MemoryDatabase
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.listing import CourseListing, page_of_all
from kosu.modules.catalog.domain.relevance import Candidate, score
from kosu.modules.catalog.domain.search import (
    CANDIDATES,
    ENOUGH,
    SearchDocument,
    SearchQuery,
    SearchText,
    describes,
)
from kosu.modules.catalog.views import CoursePage, Suggestion

# What other adapters keep in an index.
_document_of = lru_cache(maxsize=1_000)(SearchDocument.of)


class MemoryCourseSearch:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._queries = MemoryCatalogQueries(database)

    async def courses(self, listing: CourseListing) -> CoursePage:
        query = listing.query
        if query is None:
            return CoursePage([], None)
        fitting = self._queries.fitting(listing)
        scored = [
            (score(query, self._candidate(course, describes(query, document))), course)
            for course, document in self._looked_at(query, fitting)
        ]
        best = _best(scored, CANDIDATES)
        page, following = page_of_all(
            ((cursor_of(course, listing.order, relevance=relevance), course) for relevance, course in best), listing
        )
        return CoursePage([self._queries.card(course) for course in page], following and following.encode())

    async def suggest(self, query: SearchQuery, *, limit: int) -> Sequence[Suggestion]:
        scored = [
            (score(query, Candidate(title=course.details.title, enrolment_count=course.enrolment_count)), course)
            for course, _ in self._looked_at(query, self._queries.published())
        ]
        return [Suggestion(course.details.title, course.slug) for _, course in _best(scored, limit)]

    def _looked_at(self, query: SearchQuery, courses: Iterable[Course]) -> list[tuple[Course, SearchDocument]]:
        documents = [(course, self._document(course)) for course in courses]
        covered = [entry for entry in documents if query.covers(entry[1])]
        if len(covered) >= ENOUGH:
            return covered
        return [entry for entry in documents if query.covers(entry[1]) or query.resembles(entry[1])]

    def _candidate(self, course: Course, described: Sequence[bool]) -> Candidate:
        return Candidate(
            title=course.details.title,
            subtitle=course.details.subtitle,
            instructor=course.instructor_name,
            category=self._category_name(course),
            described=described,
            enrolment_count=course.enrolment_count,
        )

    def _document(self, course: Course) -> SearchDocument:
        return _document_of(SearchText.of(course, self._category_name(course)))

    def _category_name(self, course: Course) -> str:
        name: str = self._database.table(CATEGORIES)[course.details.category].name
        return name


def _best(scored: Iterable[tuple[int, Course]], most: int) -> list[tuple[int, Course]]:
    return nlargest(most, (entry for entry in scored if entry[0]), key=lambda entry: (entry[0], entry[1].id))
