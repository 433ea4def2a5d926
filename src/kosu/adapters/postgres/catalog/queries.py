"""catalog's reads: one plain statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter

from psycopg import sql

from kosu.adapters.postgres.catalog.columns import (
    CARD,
    CARD_WIDTH,
    SLUG,
    STUDIO,
    Columns,
    card,
    course_outline,
    lesson_outline,
    studio_fields,
)
from kosu.adapters.postgres.catalog.listing import COURSES, cursor_of, storable
from kosu.adapters.postgres.catalog.pages import by_shape, pages_statement
from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.coalesced import Coalesced
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.views import (
    CategoryView,
    CourseCard,
    CourseDetail,
    CourseOutline,
    CoursePage,
    LessonOutline,
    StudioCard,
    StudioPage,
)
from kosu.paging import BY_ID, Cursor, page_of

# Positions count through the whole course, so the filter by lesson stands outside of the window.
LESSONS = sql.SQL(
    """SELECT * FROM (
           SELECT l.id AS lesson_id, c.id AS course_id, c.slug, l.title, l.kind, l.preview, c.instructor_id, c.state,
                  c.price_minor, c.currency, l.duration_ms,
                  CASE WHEN l.section_id IS NOT NULL THEN
                      row_number() OVER (PARTITION BY c.id ORDER BY s.position NULLS LAST, l.position) - 1 END
           FROM catalog.lessons l
           JOIN catalog.courses c ON c.id = l.course_id
           LEFT JOIN catalog.sections s ON s.id = l.section_id
           WHERE c.id IN (SELECT course_id FROM catalog.lessons WHERE id = ANY(%(ids)s))) outlines
       WHERE lesson_id = ANY(%(ids)s)"""
)
# The curriculum as CurriculumJson; records become JSON in half the time of objects built key by key.
DETAILS = (
    sql.SQL(
        """SELECT {card}, c.description, c.outcomes, c.state, c.instructor_id,
                  (SELECT coalesce(json_agg(x), '[]') FROM (
                       SELECT s.id AS section_id, s.title AS section,
                              coalesce((SELECT json_agg(x) FROM (
                                  SELECT l.id, l.title, l.kind, l.duration_ms, l.preview FROM catalog.lessons l
                                  WHERE l.section_id = s.id ORDER BY l.position) x), '[]') AS lessons
                       FROM catalog.sections s WHERE s.course_id = c.id ORDER BY s.position) x)::text
           FROM {courses} WHERE c.slug = ANY(%(slugs)s)"""
    )
    .format(card=CARD, courses=COURSES)
    .as_string()
)
OUTLINES = sql.SQL(
    """SELECT c.id, c.slug, c.title, c.instructor_id, c.state, c.price_minor, c.currency,
              (SELECT coalesce(jsonb_agg(jsonb_build_array(l.id, l.title, l.kind, l.preview, l.duration_ms)
                                         ORDER BY s.position, l.position), '[]')
               FROM catalog.lessons l JOIN catalog.sections s ON s.id = l.section_id WHERE l.course_id = c.id)
       FROM catalog.courses c WHERE {condition}"""
)


# More would make those wait longest who ask first; and one statement would keep one core of the database at work.
MOST_TOGETHER = 32
STATEMENTS_AT_ONCE = 2


class PostgresCatalogQueries:
    """Lists of courses and their own pages are what most people ask for: those asked for at once share a statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._pages = Coalesced(self._read_pages, most_together=MOST_TOGETHER, at_once=STATEMENTS_AT_ONCE)
        self._details = Coalesced(self._read_details, most_together=MOST_TOGETHER, at_once=STATEMENTS_AT_ONCE)

    async def categories(self) -> Sequence[CategoryView]:
        rows = await fetch_all(
            self._pool, sql.SQL("SELECT slug, name FROM catalog.categories ORDER BY position, slug"), {}
        )
        return [CategoryView(*row) for row in rows]

    async def courses(self, listing: CourseListing) -> CoursePage:
        return await self._pages(listing)

    async def _read_pages(self, listings: Sequence[CourseListing]) -> Sequence[CoursePage]:
        pages: dict[CourseListing, CoursePage] = {}
        for shape, alike in by_shape(listings):
            rows = await fetch_all(self._pool, *pages_statement(shape, alike))
            found = {number: list(page) for number, page in groupby(rows, key=itemgetter(CARD_WIDTH + 1))}
            for number, listing in enumerate(alike, start=1):
                page, following = page_of(found.get(number, []), listing.limit, partial(cursor_of, listing.order))
                pages[listing] = CoursePage([card(row) for row in page], following and following.encode())
        return [pages[listing] for listing in listings]

    async def detail(self, slug: str) -> CourseDetail | None:
        return await self._details(storable(slug))

    async def _read_details(self, slugs: Sequence[str]) -> Sequence[CourseDetail | None]:
        details = {row[SLUG]: _detail(row) for row in await fetch_all(self._pool, DETAILS, {"slugs": list(set(slugs))})}
        return [details.get(slug) for slug in slugs]

    async def cards(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseCard]:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT {card} FROM {courses} WHERE c.id = ANY(%(ids)s)").format(card=CARD, courses=COURSES),
            {"ids": list(course_ids)},
        )
        return {found.id: found for found in map(card, rows)}

    async def studio_courses(self, instructor_id: UserId, *, before: CourseId | None, limit: int) -> StudioPage:
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {card}, {studio} FROM {courses}
                   WHERE c.instructor_id = %(instructor_id)s AND (%(before)s::uuid IS NULL OR c.id < %(before)s::uuid)
                   ORDER BY c.id DESC LIMIT %(limit)s"""
            ).format(card=CARD, studio=STUDIO, courses=COURSES),
            {"instructor_id": instructor_id, "before": before, "limit": limit + 1},
        )
        page, following = page_of(rows, limit, lambda row: Cursor(BY_ID, row[0]))
        cards = [StudioCard(**studio_fields(row)) for row in page]
        return StudioPage(cards, following and following.encode())

    async def lesson_body(self, lesson_id: LessonId) -> str | None:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT body FROM catalog.lessons WHERE id = %(id)s AND kind = 'text' AND section_id IS NOT NULL"),
            {"id": lesson_id},
        )
        return rows[0][0] if rows else None

    async def lessons(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonOutline]:
        rows = await fetch_all(self._pool, LESSONS, {"ids": list(lesson_ids)})
        return {outline.lesson_id: outline for outline in map(lesson_outline, rows)}

    async def outlines(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOutline]:
        outlines = await self._outlines(sql.SQL("c.id = ANY(%(ids)s)"), {"ids": list(course_ids)})
        return {outline.course_id: outline for outline in outlines}

    async def outline_with_slug(self, slug: str) -> CourseOutline | None:
        outlines = await self._outlines(sql.SQL("c.slug = %(slug)s"), {"slug": storable(slug)})
        return outlines[0] if outlines else None

    async def _outlines(self, condition: sql.SQL, values: Mapping[str, object]) -> list[CourseOutline]:
        return [
            course_outline(row) for row in await fetch_all(self._pool, OUTLINES.format(condition=condition), values)
        ]


def _detail(row: Columns) -> CourseDetail:
    description, outcomes, state, instructor_id, curriculum = row[CARD_WIDTH:]
    return CourseDetail(
        card=card(row),
        description=description,
        outcomes=outcomes,
        state=state,
        instructor_id=instructor_id,
        curriculum=curriculum,
    )
