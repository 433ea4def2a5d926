"""Keeps what courses are found by, in the transactions that change them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.catalog.rows import CategoryRow, CourseRow
from kosu.adapters.postgres.catalog.tsearch import vector_of
from kosu.adapters.postgres.plain import execute
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.search import SearchDocument, SearchText

BATCH = 500


class SearchIndex:
    """The rows of `catalog.course_search`, beside those of the courses: these change with every enrolment."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, course: Course) -> None:
        """Index a course that is flushed. What is indexed already is not written again."""
        category = await self._session.get_one(CategoryRow, course.details.category)
        await self._write(course.id, SearchText.of(course, category.name))

    async def refresh(self, condition: ColumnElement[bool]) -> None:
        """Index the courses again whose rows fit the condition."""
        fitting = (
            select(
                CourseRow.id,
                CourseRow.title,
                CourseRow.subtitle,
                CourseRow.instructor_name,
                CategoryRow.name,
                CourseRow.description,
            )
            .join(CategoryRow, CategoryRow.slug == CourseRow.category)
            .where(condition)
            .execution_options(yield_per=BATCH)
        )
        async for course_id, title, subtitle, instructor, category, description in await self._session.stream(fitting):
            await self._write(
                course_id,
                SearchText(
                    title=title, subtitle=subtitle, instructor=instructor, category=category, description=description
                ),
            )

    async def _write(self, course_id: object, text: SearchText) -> None:
        document = SearchDocument.of(text)
        await execute(
            self._session,
            """INSERT INTO catalog.course_search AS stored (course_id, words, grams)
               VALUES (%(course_id)s, %(words)s, %(grams)s)
               ON CONFLICT (course_id) DO UPDATE SET words = excluded.words, grams = excluded.grams
               WHERE (stored.words, stored.grams) IS DISTINCT FROM (excluded.words, excluded.grams)""",
            {"course_id": course_id, "words": vector_of(document), "grams": sorted(document.grams)},
        )
