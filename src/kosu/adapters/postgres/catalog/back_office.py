"""What operators read of the catalogue: one plain statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import sql

from kosu.adapters.postgres.catalog.columns import CARD, STUDIO, Columns, studio_fields
from kosu.adapters.postgres.catalog.listing import COURSES, storable
from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import (
    CollectedCourse,
    OpsCategory,
    OpsCollection,
    OpsCollectionEntry,
    OpsCourse,
    OpsCoursePage,
)
from kosu.modules.catalog.domain.course import CourseState
from kosu.paging import BY_ID, Cursor, page_of

COLLECTIONS = """
    SELECT k.slug, k.title, k.description, k.position, k.published,
           (SELECT count(*) FROM catalog.collected_courses e WHERE e.collection = k.slug)
    FROM catalog.collections k ORDER BY k.position, k.slug
"""
COLLECTION = """
    SELECT k.slug, k.title, k.description, k.position, k.published,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'title', c.title, 'state', c.state)
                                      ORDER BY e.position), '[]')
            FROM catalog.collected_courses e JOIN catalog.courses c ON c.id = e.course_id
            WHERE e.collection = k.slug)
    FROM catalog.collections k WHERE k.slug = %(slug)s
"""


class PostgresBackOffice:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def courses(self, state: CourseState | None, *, before: CourseId | None, limit: int) -> OpsCoursePage:
        values: dict[str, object] = {"limit": limit + 1}
        conditions: list[sql.Composable] = [sql.SQL("true")]
        if state is not None:
            conditions.append(sql.SQL("c.state = %(state)s"))
            values["state"] = state
        if before is not None:
            conditions.append(sql.SQL("c.id < %(before)s"))
            values["before"] = before
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {card}, {studio}, c.instructor_id FROM {courses} WHERE {conditions}
                   ORDER BY c.id DESC LIMIT %(limit)s"""
            ).format(card=CARD, studio=STUDIO, courses=COURSES, conditions=sql.SQL(" AND ").join(conditions)),
            values,
        )
        page, following = page_of(rows, limit, lambda row: Cursor(BY_ID, row[0]))
        cards = [OpsCourse(**studio_fields(row), instructor_id=row[-1]) for row in page]
        return OpsCoursePage(cards, following and following.encode())

    async def categories(self) -> Sequence[OpsCategory]:
        statement = sql.SQL("SELECT slug, name, position FROM catalog.categories ORDER BY position, slug")
        return [OpsCategory(*row) for row in await fetch_all(self._pool, statement, {})]

    async def collections(self) -> Sequence[OpsCollectionEntry]:
        return [
            OpsCollectionEntry(**_entry_fields(row), course_count=row[-1])
            for row in await fetch_all(self._pool, sql.SQL(COLLECTIONS), {})
        ]

    async def collection(self, slug: str) -> OpsCollection | None:
        rows = await fetch_all(self._pool, sql.SQL(COLLECTION), {"slug": storable(slug)})
        if not rows:
            return None
        courses = msgspec.convert(rows[0][-1], list[CollectedCourse])
        return OpsCollection(**_entry_fields(rows[0]), course_count=len(courses), courses=courses)


def _entry_fields(row: Columns) -> dict[str, Any]:
    slug, title, description, position, published, _ = row
    return {"slug": slug, "title": title, "description": description, "position": position, "published": published}
