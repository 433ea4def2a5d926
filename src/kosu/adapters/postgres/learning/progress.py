"""Watch progress: statements over whole batches.

The rows of a batch go as one JSON document: an array for each column costs the driver a call for each element.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
    FROM json_to_recordset(%(rows)s) AS n (user_id uuid, lesson_id uuid, course_id uuid)
    ORDER BY user_id, lesson_id
    ON CONFLICT DO NOTHING
"""
LOCK = f"""
    SELECT {PROGRESS_COLUMNS} FROM learning.progress
    JOIN json_to_recordset(%(rows)s) AS n (user_id uuid, lesson_id uuid) USING (user_id, lesson_id)
    ORDER BY user_id, lesson_id FOR UPDATE OF progress
"""  # noqa: S608 - the columns are a literal
SAVE = """
    UPDATE learning.progress p
    SET position_ms = n.position_ms, furthest_ms = n.furthest_ms, watched = p.watched + n.watched,
        completed_at = least(p.completed_at, n.completed_at), updated_at = n.updated_at,
        media_revision = n.media_revision, seqs = n.seqs, heard = n.heard
    FROM json_to_recordset(%(rows)s) AS n
         (user_id uuid, lesson_id uuid, position_ms bigint, furthest_ms bigint, watched int4multirange,
          completed_at timestamptz, updated_at timestamptz, media_revision bigint, seqs jsonb, heard jsonb)
    WHERE p.user_id = n.user_id AND p.lesson_id = n.lesson_id
"""


class PostgresProgressRecords:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(
        self, lessons: Mapping[tuple[UserId, LessonId], CourseId]
    ) -> Mapping[tuple[UserId, LessonId], Progress]:
        rows = _document(
            [
                {"user_id": user_id, "lesson_id": lesson_id, "course_id": course_id}
                for (user_id, lesson_id), course_id in lessons.items()
            ]
        )
        await execute(self._session, ADD, {"rows": rows})
        locked = await execute(self._session, LOCK, {"rows": rows})
        found = [progress_of(row) for row in await locked.fetchall()]
        return {(progress.user_id, progress.lesson_id): progress for progress in found}

    async def save(self, progresses: Collection[Progress]) -> None:
        rows = _document(
            [
                {
                    "user_id": progress.user_id,
                    "lesson_id": progress.lesson_id,
                    "position_ms": progress.position_ms,
                    "furthest_ms": progress.furthest_ms,
                    "watched": multirange_text(progress.watched),
                    "completed_at": progress.completed_at,
                    "updated_at": progress.updated_at,
                    "media_revision": progress.media_revision,
                    "seqs": seqs_json(progress.devices),
                    "heard": heard_json(progress.devices),
                }
                for progress in progresses
            ]
        )
        await execute(self._session, SAVE, {"rows": rows})

    async def remove_all(self, user_id: UserId) -> None:
        await self._session.execute(delete(ProgressRow).where(ProgressRow.user_id == user_id))


def _document(rows: list[dict[str, object]]) -> str:
    return msgspec.json.encode(rows).decode()
