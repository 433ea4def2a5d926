"""Certificates in PostgreSQL: written by SQLAlchemy, read by plain statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from psycopg import sql
from psycopg.rows import class_row
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.learning.rows import CertificateRow
from kosu.ids import CourseId, UserId
from kosu.modules.learning.certificate_ports import BY_ISSUE
from kosu.modules.learning.domain.certificates import Certificate
from kosu.paging import Cursor, microseconds, moment, page_of

_COLUMNS = sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(Certificate))


class PostgresCertificates:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_or_get(self, certificate: Certificate) -> Certificate:
        await self._session.execute(
            insert(CertificateRow)
            .values(asdict(certificate))
            .on_conflict_do_nothing(constraint="uq_certificates_learner")
        )
        # A statement of its own: it sees what a transaction wrote for which the insert waited.
        found = await self._session.execute(
            select(CertificateRow).where(
                CertificateRow.user_id == certificate.user_id, CertificateRow.course_id == certificate.course_id
            )
        )
        return Certificate(**found.scalar_one().to_dict())

    async def lock(self, code: str) -> Certificate | None:
        row = await self._session.get(CertificateRow, code, with_for_update=True)
        return None if row is None else Certificate(**row.to_dict())

    async def save(self, certificate: Certificate) -> None:
        await self._session.merge(CertificateRow(**asdict(certificate)))
        await self._session.flush()

    async def forget(self, user_id: UserId) -> None:
        await self._session.execute(delete(CertificateRow).where(CertificateRow.user_id == user_id))
        await self._session.execute(
            update(CertificateRow).where(CertificateRow.instructor_id == user_id).values(instructor_name="")
        )


class PostgresCertificateQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def certificate(self, code: str) -> Certificate | None:
        found = await self._certificates(sql.SQL("code = %(code)s"), {"code": code})
        return found[0] if found else None

    async def certificate_of(self, user_id: UserId, course_id: CourseId) -> Certificate | None:
        found = await self._certificates(
            sql.SQL("user_id = %(user_id)s AND course_id = %(course_id)s"),
            {"user_id": user_id, "course_id": course_id},
        )
        return found[0] if found else None

    async def certificates(
        self, user_id: UserId, *, before: Cursor | None, limit: int
    ) -> tuple[Sequence[Certificate], Cursor | None]:
        condition: sql.Composable = sql.SQL("user_id = %(user_id)s")
        values: dict[str, object] = {"user_id": user_id, "limit": limit + 1}
        if before is not None:
            condition += sql.SQL(" AND (issued_at, course_id) < (%(at)s, %(course_id)s)")
            values |= {"at": moment(before.value), "course_id": before.id}
        condition += sql.SQL(" ORDER BY issued_at DESC, course_id DESC LIMIT %(limit)s")
        found = await self._certificates(condition, values)
        return page_of(found, limit, lambda last: Cursor(BY_ISSUE, last.course_id, microseconds(last.issued_at)))

    async def _certificates(self, condition: sql.Composable, values: dict[str, object]) -> Sequence[Certificate]:
        statement = sql.SQL("SELECT {} FROM learning.certificates WHERE {}").format(_COLUMNS, condition)
        async with connection(self._pool) as conn, conn.cursor(row_factory=class_row(Certificate)) as cursor:
            await cursor.execute(statement, values)
            return await cursor.fetchall()
