"""catalog's reads: one plain statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
from psycopg import sql

from kosu.adapters.postgres.catalog.columns import (
    CARD,
    CARD_WIDTH,
    STUDIO,
    Columns,
    card,
    course_outline,
    lesson_outline,
    studio_fields,
)
from kosu.adapters.postgres.catalog.listing import COURSES, SORTED_BY, cursor_of, filters, storable
from kosu.adapters.postgres.connections import Pool, connection
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.views import (
    CategoryView,
    CourseCard,
    CourseDetail,
    CourseOutline,
    CoursePage,
    DetailSection,
    LessonOutline,
    StudioCard,
    StudioPage,
)
from kosu.paging import BY_ID, Cursor, moment, page_of

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
OUTLINES = sql.SQL(
    """SELECT c.id, c.slug, c.title, c.instructor_id, c.state, c.price_minor, c.currency,
              (SELECT coalesce(jsonb_agg(jsonb_build_array(l.id, l.title, l.kind, l.preview, l.duration_ms)
                                         ORDER BY s.position, l.position), '[]')
               FROM catalog.lessons l JOIN catalog.sections s ON s.id = l.section_id WHERE l.course_id = c.id)
       FROM catalog.courses c WHERE {condition}"""
)


class PostgresCatalogQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def categories(self) -> Sequence[CategoryView]:
        rows = await self._rows(sql.SQL("SELECT slug, name FROM catalog.categories ORDER BY position, slug"), {})
        return [CategoryView(*row) for row in rows]

    async def courses(self, listing: CourseListing) -> CoursePage:
        statement, values = _page_statement(listing)
        rows = await self._rows(statement, values)
        page, following = page_of(rows, listing.limit, lambda row: cursor_of(listing.order, row))
        return CoursePage([card(row) for row in page], following and following.encode())

    async def detail(self, slug: str) -> CourseDetail | None:
        rows = await self._rows(
            sql.SQL(
                """SELECT {card}, c.description, c.outcomes, c.state, c.instructor_id,
                          (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                      'section_id', s.id, 'section', s.title, 'lessons',
                                      (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                                  'id', l.id, 'title', l.title, 'kind', l.kind,
                                                  'duration_ms', l.duration_ms, 'preview', l.preview)
                                              ORDER BY l.position), '[]')
                                       FROM catalog.lessons l WHERE l.section_id = s.id)) ORDER BY s.position), '[]')
                           FROM catalog.sections s WHERE s.course_id = c.id)
                   FROM {courses} WHERE c.slug = %(slug)s"""
            ).format(card=CARD, courses=COURSES),
            {"slug": storable(slug)},
        )
        if not rows:
            return None
        description, outcomes, state, instructor_id, curriculum = rows[0][CARD_WIDTH:]
        return CourseDetail(
            **msgspec.structs.asdict(card(rows[0])),
            description=description,
            outcomes=outcomes,
            state=state,
            instructor_id=instructor_id,
            curriculum=msgspec.convert(curriculum, list[DetailSection]),
        )

    async def cards(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseCard]:
        rows = await self._rows(
            sql.SQL("SELECT {card} FROM {courses} WHERE c.id = ANY(%(ids)s)").format(card=CARD, courses=COURSES),
            {"ids": list(course_ids)},
        )
        return {found.id: found for found in map(card, rows)}

    async def studio_courses(self, instructor_id: UserId, *, before: CourseId | None, limit: int) -> StudioPage:
        rows = await self._rows(
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
        rows = await self._rows(
            sql.SQL("SELECT body FROM catalog.lessons WHERE id = %(id)s AND kind = 'text' AND section_id IS NOT NULL"),
            {"id": lesson_id},
        )
        return rows[0][0] if rows else None

    async def lessons(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonOutline]:
        rows = await self._rows(LESSONS, {"ids": list(lesson_ids)})
        return {outline.lesson_id: outline for outline in map(lesson_outline, rows)}

    async def outlines(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOutline]:
        outlines = await self._outlines(sql.SQL("c.id = ANY(%(ids)s)"), {"ids": list(course_ids)})
        return {outline.course_id: outline for outline in outlines}

    async def outline_with_slug(self, slug: str) -> CourseOutline | None:
        outlines = await self._outlines(sql.SQL("c.slug = %(slug)s"), {"slug": storable(slug)})
        return outlines[0] if outlines else None

    async def _outlines(self, condition: sql.SQL, values: Mapping[str, object]) -> list[CourseOutline]:
        return [course_outline(row) for row in await self._rows(OUTLINES.format(condition=condition), values)]

    async def _rows(self, statement: sql.SQL | sql.Composed, values: Mapping[str, object]) -> list[Columns]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(statement, values)
            return await cursor.fetchall()


def _page_statement(listing: CourseListing) -> tuple[sql.Composed, dict[str, object]]:
    """The page and one row more, which tells whether another page follows."""
    conditions, values = filters(listing)
    values["limit"] = listing.limit + 1
    sort = listing.sort or "popular"
    key = SORTED_BY[sort]
    if listing.after is not None:
        comparison = sql.SQL(">" if sort == "price" else "<")
        conditions.append(
            sql.SQL("({key}, c.id) {comparison} (%(after)s, %(after_id)s)").format(key=key, comparison=comparison)
        )
        last = listing.after.value
        values |= {"after": moment(last) if sort == "newest" else last, "after_id": listing.after.id}
    direction = sql.SQL("ASC" if sort == "price" else "DESC")
    statement = sql.SQL(
        """SELECT {card}, {key} FROM {courses} WHERE {conditions}
           ORDER BY {key} {direction}, c.id {direction} LIMIT %(limit)s"""
    ).format(card=CARD, key=key, courses=COURSES, conditions=sql.SQL(" AND ").join(conditions), direction=direction)
    return statement, values
