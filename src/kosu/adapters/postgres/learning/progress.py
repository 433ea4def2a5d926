"""Watch progress: statements over whole batches.

The columns of a batch go as one text each: of a list the driver would make a call for each element.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.learning.rows import (
    PROGRESS_COLUMNS,
    ProgressRow,
    heard_json,
    multirange_text,
    progress_of,
    seqs_json,
)
from kosu.adapters.postgres.plain import execute
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.domain.progress import Progress

ADD = """
    INSERT INTO learning.progress (user_id, lesson_id, course_id, position_ms, furthest_ms, watched, media_revision,
                                   seqs)
    SELECT user_id, lesson_id, course_id, 0, 0, '{}', 0, '[]'
    FROM unnest(%(user_ids)s::uuid[], %(lesson_ids)s::uuid[], %(course_ids)s::uuid[])
         AS n (user_id, lesson_id, course_id)
    ORDER BY user_id, lesson_id
    ON CONFLICT DO NOTHING
"""
LOCK = f"""
    SELECT {PROGRESS_COLUMNS} FROM learning.progress
    JOIN unnest(%(user_ids)s::uuid[], %(lesson_ids)s::uuid[]) AS n (user_id, lesson_id) USING (user_id, lesson_id)
    ORDER BY user_id, lesson_id FOR UPDATE OF progress
"""  # noqa: S608 - the columns are a literal
SAVE = """
    UPDATE learning.progress p
    SET position_ms = n.position_ms, furthest_ms = n.furthest_ms, watched = p.watched + n.watched,
        completed_at = least(p.completed_at, n.completed_at), updated_at = n.updated_at,
        media_revision = n.media_revision, seqs = n.seqs, heard = n.heard
    FROM ROWS FROM (
        unnest(%(user_ids)s::uuid[], %(lesson_ids)s::uuid[], %(position_ms)s::bigint[], %(furthest_ms)s::bigint[],
               %(watched)s::int4multirange[], %(completed_at)s::timestamptz[], %(updated_at)s::timestamptz[],
               %(media_revision)s::bigint[]),
        jsonb_array_elements(%(seqs)s), jsonb_array_elements(%(heard)s)
    ) AS n (user_id, lesson_id, position_ms, furthest_ms, watched, completed_at, updated_at, media_revision, seqs,
            heard)
    WHERE p.user_id = n.user_id AND p.lesson_id = n.lesson_id
"""


class PostgresProgressRecords:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(
        self, lessons: Mapping[tuple[UserId, LessonId], CourseId]
    ) -> Mapping[tuple[UserId, LessonId], Progress]:
        ids = {
            "user_ids": _array([user_id for user_id, _ in lessons]),
            "lesson_ids": _array([lesson_id for _, lesson_id in lessons]),
        }
        await execute(self._session, ADD, ids | {"course_ids": _array(list(lessons.values()))})
        locked = await execute(self._session, LOCK, ids)
        found = [progress_of(row) for row in await locked.fetchall()]
        return {(progress.user_id, progress.lesson_id): progress for progress in found}

    async def save(self, progresses: Collection[Progress]) -> None:
        columns = {
            "user_ids": _array([each.user_id for each in progresses]),
            "lesson_ids": _array([each.lesson_id for each in progresses]),
            "position_ms": _array([each.position_ms for each in progresses]),
            "furthest_ms": _array([each.furthest_ms for each in progresses]),
            "watched": _array([multirange_text(each.watched) for each in progresses]),
            "completed_at": _array([each.completed_at for each in progresses]),
            "updated_at": _array([each.updated_at for each in progresses]),
            "media_revision": _array([each.media_revision for each in progresses]),
            "seqs": _json([seqs_json(each.devices) for each in progresses]),
            "heard": _json([heard_json(each.devices) for each in progresses]),
        }
        await execute(self._session, SAVE, columns)

    async def remove_all(self, user_id: UserId) -> None:
        await self._session.execute(delete(ProgressRow).where(ProgressRow.user_id == user_id))


def _json(values: Sequence[object]) -> str:
    return msgspec.json.encode(values).decode()


def _array(values: Sequence[object]) -> str:
    """PostgreSQL's text form of an array: that of JSON but for the brackets, as long as no text needs an escape."""
    return "{" + _json(values)[1:-1] + "}"
