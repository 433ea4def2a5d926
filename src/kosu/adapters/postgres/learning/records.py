"""learning's records, in one transaction: enrolments, their counts, progress and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import psycopg
from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.learning.certificates import PostgresCertificates
from kosu.adapters.postgres.learning.progress import PostgresProgressRecords
from kosu.adapters.postgres.learning.questions import PostgresAnswers, PostgresQuestions
from kosu.adapters.postgres.learning.reviews import PostgresCourseRatings, PostgresReviews
from kosu.adapters.postgres.learning.rows import (
    EnrolmentCountRow,
    GrantRow,
    NoteRow,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import CourseId, GrantId, NoteId, UserId
from kosu.modules.learning.domain.enrolment import Enrolment, Grant
from kosu.modules.learning.domain.notes import Note
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
        self.certificates = PostgresCertificates(session)
        self.reviews = PostgresReviews(session, outbox)
        self.course_ratings = PostgresCourseRatings(session)
        self.questions = PostgresQuestions(session)
        self.answers = PostgresAnswers(session)
