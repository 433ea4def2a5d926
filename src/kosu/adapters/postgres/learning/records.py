"""learning's records: enrolments and notes by repositories, progress by statements over whole batches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import msgspec
import psycopg
from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.learning.questions import PostgresAnswers, PostgresQuestions
from kosu.adapters.postgres.learning.reviews import PostgresCourseRatings, PostgresReviews
from kosu.adapters.postgres.learning.rows import (
    PROGRESS_COLUMNS,
    EnrolmentCountRow,
    GrantRow,
    NoteRow,
    ProgressRow,
    multirange_text,
    progress_of,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import CourseId, GrantId, LessonId, NoteId, UserId
from kosu.modules.learning.domain.enrolment import Enrolment, Grant
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Progress
from kosu.modules.learning.ports import EnrolmentCount, GrantSourceTaken


class _NoteRepository(SQLAlchemyAsyncRepository[NoteRow]):
    model_type = NoteRow


class PostgresEnrolments:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, *, user_id: UserId, course_id: CourseId, at: datetime) -> Enrolment:
        values = {"user_id": user_id, "course_id": course_id, "at": at}
        # Makes the row or locks it, in one statement; PostgreSQL sets xmax where it was there before.
        locked = await execute(
            self._session,
            """INSERT INTO learning.enrolments (user_id, course_id, enrolled_at)
               VALUES (%(user_id)s, %(course_id)s, %(at)s)
               ON CONFLICT (user_id, course_id) DO UPDATE SET enrolled_at = enrolments.enrolled_at
               RETURNING enrolled_at, xmax = 0""",
            values,
        )
        ((enrolled_at, is_new),) = await locked.fetchall()
        # Read after the lock was had, and thus with all that its holders before committed.
        grants = () if is_new else await self._grants(values)
        return Enrolment(
            user_id=user_id,
            course_id=course_id,
            enrolled_at=enrolled_at,
            grants=tuple(grants),
        )

    async def _grants(self, values: Mapping[str, object]) -> Sequence[Grant]:
        cursor = await execute(
            self._session,
            """SELECT id, source, source_id, granted_at, expires_at, revoked_at FROM learning.grants
               WHERE user_id = %(user_id)s AND course_id = %(course_id)s ORDER BY granted_at""",
            values,
        )
        return [
            Grant(
                id=GrantId(id_),
                source=source,
                source_id=source_id,
                granted_at=granted_at,
                expires_at=expires_at,
                revoked_at=revoked_at,
            )
            for id_, source, source_id, granted_at, expires_at, revoked_at in await cursor.fetchall()
        ]

    async def lock_by_source(self, *, source: str, source_id: UUID) -> Enrolment | None:
        found = await self._session.execute(
            select(GrantRow.user_id, GrantRow.course_id, GrantRow.granted_at).where(
                GrantRow.source == source, GrantRow.source_id == source_id
            )
        )
        row = found.one_or_none()
        if row is None:
            return None
        user_id, course_id, granted_at = row
        return await self.lock(user_id=UserId(user_id), course_id=CourseId(course_id), at=granted_at)

    async def save(self, enrolment: Enrolment) -> None:
        for grant in enrolment.grants:
            try:
                await execute(
                    self._session,
                    """INSERT INTO learning.grants (id, user_id, course_id, source, source_id,
                                                    granted_at, expires_at, revoked_at)
                       VALUES (%(id)s, %(user_id)s, %(course_id)s, %(source)s, %(source_id)s,
                               %(granted_at)s, %(expires_at)s, %(revoked_at)s)
                       ON CONFLICT (id) DO UPDATE SET granted_at = excluded.granted_at,
                           expires_at = excluded.expires_at, revoked_at = excluded.revoked_at""",
                    {"user_id": enrolment.user_id, "course_id": enrolment.course_id, **asdict(grant)},
                )
            except psycopg.errors.UniqueViolation as error:
                raise GrantSourceTaken from error

    async def count_live(self, course_id: CourseId, *, at: datetime) -> int:
        count = await self._session.scalar(
            select(func.count(GrantRow.user_id.distinct())).where(
                GrantRow.course_id == course_id,
                GrantRow.revoked_at.is_(None),
                or_(GrantRow.expires_at.is_(None), GrantRow.expires_at > at),
            )
        )
        return count or 0


class PostgresEnrolmentCounts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, course_id: CourseId, *, at: datetime) -> EnrolmentCount:
        await self._session.execute(
            insert(EnrolmentCountRow)
            .values(course_id=course_id, enrolment_count=0, counted_at=at)
            .on_conflict_do_nothing()
        )
        row = await self._session.get_one(EnrolmentCountRow, course_id, with_for_update=True)
        return EnrolmentCount(course_id, row.enrolment_count, row.counted_at)

    async def save(self, count: EnrolmentCount) -> None:
        await self._session.merge(
            EnrolmentCountRow(course_id=count.course_id, enrolment_count=count.count, counted_at=count.counted_at)
        )
        await self._session.flush()


class PostgresProgressRecords:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(
        self, lessons: Mapping[tuple[UserId, LessonId], CourseId]
    ) -> Mapping[tuple[UserId, LessonId], Progress]:
        values = {
            "user_ids": [user_id for user_id, _ in lessons],
            "lesson_ids": [lesson_id for _, lesson_id in lessons],
            "course_ids": list(lessons.values()),
        }
        await self._session.execute(
            text(
                """INSERT INTO learning.progress
                       (user_id, lesson_id, course_id, position_ms, furthest_ms, watched, media_revision, seqs)
                   SELECT user_id, lesson_id, course_id, 0, 0, '{}', 0, '[]'
                   FROM unnest(CAST(:user_ids AS uuid[]), CAST(:lesson_ids AS uuid[]), CAST(:course_ids AS uuid[]))
                        AS locked (user_id, lesson_id, course_id)
                   ORDER BY user_id, lesson_id
                   ON CONFLICT DO NOTHING"""
            ),
            values,
        )
        rows = await self._session.execute(
            text(
                f"""SELECT {PROGRESS_COLUMNS} FROM learning.progress
                    WHERE (user_id, lesson_id) IN
                          (SELECT * FROM unnest(CAST(:user_ids AS uuid[]), CAST(:lesson_ids AS uuid[])))
                    ORDER BY user_id, lesson_id FOR UPDATE"""  # noqa: S608 - the columns are a literal
            ),
            values,
        )
        found = [progress_of(row) for row in rows.all()]
        return {(progress.user_id, progress.lesson_id): progress for progress in found}

    async def save(self, progresses: Collection[Progress]) -> None:
        await self._session.execute(
            text(
                """UPDATE learning.progress p
                   SET position_ms = n.position_ms, furthest_ms = n.furthest_ms,
                       completed_at = least(p.completed_at, n.completed_at),
                       watched = p.watched + CAST(n.watched AS int4multirange), updated_at = n.updated_at,
                       media_revision = n.media_revision, seqs = CAST(n.seqs AS jsonb)
                   FROM unnest(CAST(:user_ids AS uuid[]), CAST(:lesson_ids AS uuid[]), CAST(:positions AS bigint[]),
                               CAST(:furthest AS bigint[]), CAST(:watched AS text[]),
                               CAST(:completed AS timestamptz[]), CAST(:updated AS timestamptz[]),
                               CAST(:revisions AS bigint[]), CAST(:seqs AS text[]))
                        AS n (user_id, lesson_id, position_ms, furthest_ms, watched, completed_at, updated_at,
                              media_revision, seqs)
                   WHERE p.user_id = n.user_id AND p.lesson_id = n.lesson_id"""
            ),
            {
                "user_ids": [progress.user_id for progress in progresses],
                "lesson_ids": [progress.lesson_id for progress in progresses],
                "positions": [progress.position_ms for progress in progresses],
                "furthest": [progress.furthest_ms for progress in progresses],
                "watched": [multirange_text(progress.watched) for progress in progresses],
                "completed": [progress.completed_at for progress in progresses],
                "updated": [progress.updated_at for progress in progresses],
                "revisions": [progress.media_revision for progress in progresses],
                "seqs": [msgspec.json.encode(progress.seqs).decode() for progress in progresses],
            },
        )

    async def remove_all(self, user_id: UserId) -> None:
        await self._session.execute(delete(ProgressRow).where(ProgressRow.user_id == user_id))


class PostgresNotes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _NoteRepository(session=session)

    async def add(self, note: Note) -> None:
        await self._rows.add(NoteRow(**asdict(note)))

    async def lock(self, note_id: NoteId, *, user_id: UserId) -> Note | None:
        row = await self._rows.get_one_or_none(id=note_id, user_id=user_id, with_for_update=True)
        return None if row is None else Note(**row.to_dict())

    async def save(self, note: Note) -> None:
        await self._session.merge(NoteRow(**asdict(note)))
        await self._session.flush()

    async def remove(self, note_id: NoteId, *, user_id: UserId) -> bool:
        removed = await self._session.execute(
            delete(NoteRow).where(NoteRow.id == note_id, NoteRow.user_id == user_id).returning(NoteRow.id)
        )
        return removed.first() is not None

    async def remove_all(self, user_id: UserId) -> None:
        await self._session.execute(delete(NoteRow).where(NoteRow.user_id == user_id))


class PostgresLearningRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.enrolments = PostgresEnrolments(session)
        self.enrolment_counts = PostgresEnrolmentCounts(session)
        self.progress = PostgresProgressRecords(session)
        self.notes = PostgresNotes(session)
        self.reviews = PostgresReviews(session)
        self.course_ratings = PostgresCourseRatings(session)
        self.questions = PostgresQuestions(session)
        self.answers = PostgresAnswers(session)
