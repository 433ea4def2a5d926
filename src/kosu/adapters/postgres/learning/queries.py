"""learning's reads: one plain statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from psycopg import sql

from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.adapters.postgres.learning.rows import NOTE_COLUMNS, PROGRESS_COLUMNS, note_of, progress_of
from kosu.adapters.postgres.search import containing
from kosu.ids import CourseId, LessonId, NoteId, UserId
from kosu.modules.learning.domain.access import Enrolled
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Progress
from kosu.modules.learning.ports import BY_CREATION, BY_ENROLMENT, BY_MOMENT, EnrolmentEntry
from kosu.paging import Cursor, microseconds, moment, page_of

# The end of the longest live grant; null as soon as one does not end by itself.
LIVE_GRANTS = sql.SQL(
    """SELECT course_id,
              CASE WHEN bool_and(expires_at IS NOT NULL) THEN max(expires_at) END AS expires_at
       FROM learning.grants
       WHERE user_id = %(user_id)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(at)s)
       GROUP BY course_id"""
)


class PostgresLearningQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def enrolled(
        self, user_id: UserId, course_ids: Collection[CourseId], *, at: datetime
    ) -> Mapping[CourseId, Enrolled]:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT * FROM ({live}) live WHERE course_id = ANY(%(ids)s)").format(live=LIVE_GRANTS),
            {"user_id": user_id, "at": at, "ids": list(course_ids)},
        )
        return {course_id: Enrolled(expires_at) for course_id, expires_at in rows}

    async def enrolments(
        self, user_id: UserId, *, at: datetime, before: Cursor | None, limit: int
    ) -> tuple[Sequence[EnrolmentEntry], Cursor | None]:
        condition = sql.SQL("" if before is None else "AND (e.enrolled_at, e.course_id) < (%(value)s, %(id)s)")
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT e.course_id, e.enrolled_at, live.expires_at
                   FROM learning.enrolments e JOIN ({live}) live USING (course_id)
                   WHERE e.user_id = %(user_id)s {condition}
                   ORDER BY e.enrolled_at DESC, e.course_id DESC LIMIT %(limit)s"""
            ).format(live=LIVE_GRANTS, condition=condition),
            {"user_id": user_id, "at": at, "limit": limit + 1, **_after(before, as_moment=True)},
        )
        entries = [EnrolmentEntry(*row) for row in rows]
        return page_of(
            entries, limit, lambda last: Cursor(BY_ENROLMENT, last.course_id, microseconds(last.enrolled_at))
        )

    async def begun(
        self, user_id: UserId, *, at: datetime, first: Sequence[CourseId], limit: int
    ) -> Sequence[EnrolmentEntry]:
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT e.course_id, e.enrolled_at, live.expires_at
                   FROM learning.enrolments e
                   JOIN ({live}) live USING (course_id)
                   LEFT JOIN (SELECT course_id, max(greatest(updated_at, completed_at)) AS touched_at
                              FROM learning.progress WHERE user_id = %(user_id)s GROUP BY course_id) touched
                        USING (course_id)
                   WHERE e.user_id = %(user_id)s AND (touched_at IS NOT NULL OR e.course_id = ANY(%(first)s))
                   ORDER BY array_position(%(first)s, e.course_id), touched_at DESC NULLS LAST, e.course_id DESC
                   LIMIT %(limit)s"""
            ).format(live=LIVE_GRANTS),
            {"user_id": user_id, "at": at, "first": list(first), "limit": limit},
        )
        return [EnrolmentEntry(*row) for row in rows]

    async def progress(self, user_id: UserId, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, Progress]:
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                "SELECT {columns} FROM learning.progress WHERE user_id = %(user_id)s AND lesson_id = ANY(%(ids)s)"
            ).format(columns=sql.SQL(PROGRESS_COLUMNS)),
            {"user_id": user_id, "ids": list(lesson_ids)},
        )
        return {progress.lesson_id: progress for progress in map(progress_of, rows)}

    async def note(self, user_id: UserId, note_id: NoteId) -> Note | None:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT {columns} FROM learning.notes WHERE id = %(id)s AND user_id = %(user_id)s").format(
                columns=sql.SQL(NOTE_COLUMNS)
            ),
            {"id": note_id, "user_id": user_id},
        )
        return note_of(rows[0]) if rows else None

    async def noted_lessons(
        self, user_id: UserId, *, course_id: CourseId | None
    ) -> Sequence[tuple[CourseId, LessonId]]:
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT DISTINCT course_id, lesson_id FROM learning.notes
                   WHERE user_id = %(user_id)s AND (%(course_id)s::uuid IS NULL OR course_id = %(course_id)s::uuid)
                   ORDER BY course_id, lesson_id"""
            ),
            {"user_id": user_id, "course_id": course_id},
        )
        return [(CourseId(found_id), LessonId(lesson_id)) for found_id, lesson_id in rows]

    async def lesson_notes(
        self, user_id: UserId, lesson_id: LessonId, *, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        condition = sql.SQL("" if after is None else "AND (at_ms, id) > (%(value)s, %(id)s)")
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {columns} FROM learning.notes
                   WHERE user_id = %(user_id)s AND lesson_id = %(lesson_id)s {condition}
                   ORDER BY at_ms, id LIMIT %(limit)s"""
            ).format(columns=sql.SQL(NOTE_COLUMNS), condition=condition),
            {"user_id": user_id, "lesson_id": lesson_id, "limit": limit + 1, **_after(after, as_moment=False)},
        )
        return page_of([note_of(row) for row in rows], limit, lambda last: Cursor(BY_MOMENT, last.id, last.at_ms))

    async def notes(
        self, user_id: UserId, *, course_id: CourseId | None, words: Sequence[str], before: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        values: dict[str, object] = {"user_id": user_id, "limit": limit + 1, **_after(before, as_moment=True)}
        conditions = [sql.SQL("user_id = %(user_id)s")]
        if course_id is not None:
            conditions.append(sql.SQL("course_id = %(course_id)s"))
            values["course_id"] = course_id
        for number, word in enumerate(words):
            conditions.append(sql.SQL(f"body ILIKE %(word_{number})s"))
            values[f"word_{number}"] = containing(word)
        if before is not None:
            conditions.append(sql.SQL("(created_at, id) < (%(value)s, %(id)s)"))
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {columns} FROM learning.notes WHERE {conditions}
                   ORDER BY created_at DESC, id DESC LIMIT %(limit)s"""
            ).format(columns=sql.SQL(NOTE_COLUMNS), conditions=sql.SQL(" AND ").join(conditions)),
            values,
        )
        notes = [note_of(row) for row in rows]
        return page_of(notes, limit, lambda last: Cursor(BY_CREATION, last.id, microseconds(last.created_at)))


def _after(cursor: Cursor | None, *, as_moment: bool) -> dict[str, object]:
    if cursor is None:
        return {}
    return {"value": moment(cursor.value) if as_moment else cursor.value, "id": cursor.id}
