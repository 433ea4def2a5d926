"""Certificates in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from kosu.adapters.memory.database import MemoryDatabase, Workspace
from kosu.ids import CourseId, UserId
from kosu.modules.learning.certificate_ports import BY_ISSUE
from kosu.modules.learning.domain.certificates import Certificate
from kosu.paging import Cursor, microseconds, page_of

CERTIFICATES = "learning.certificates"


class MemoryCertificates:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def add_or_get(self, certificate: Certificate) -> Certificate:
        table = self._workspace.table(CERTIFICATES)
        held = _of(table.values(), certificate.user_id, certificate.course_id)
        if held is None:
            table[certificate.code] = certificate
        return held or certificate

    async def lock(self, code: str) -> Certificate | None:
        return self._workspace.table(CERTIFICATES).get(code)

    async def save(self, certificate: Certificate) -> None:
        self._workspace.table(CERTIFICATES)[certificate.code] = certificate

    async def forget(self, user_id: UserId) -> None:
        table = self._workspace.table(CERTIFICATES)
        for code, certificate in list(table.items()):
            if certificate.user_id == user_id:
                del table[code]
            elif certificate.instructor_id == user_id:
                table[code] = replace(certificate, instructor_name="")


class MemoryCertificateQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def certificate(self, code: str) -> Certificate | None:
        return self._database.table(CERTIFICATES).get(code)

    async def certificate_of(self, user_id: UserId, course_id: CourseId) -> Certificate | None:
        return _of(self._database.table(CERTIFICATES).values(), user_id, course_id)

    async def certificates(
        self, user_id: UserId, *, before: Cursor | None, limit: int
    ) -> tuple[Sequence[Certificate], Cursor | None]:
        certificates: Iterable[Certificate] = self._database.table(CERTIFICATES).values()
        found = sorted(
            (
                each
                for each in certificates
                if each.user_id == user_id and (before is None or _rank(_cursor(each)) < _rank(before))
            ),
            key=lambda each: _rank(_cursor(each)),
            reverse=True,
        )
        return page_of(found, limit, _cursor)


def _of(certificates: Iterable[Certificate], user_id: UserId, course_id: CourseId) -> Certificate | None:
    return next((each for each in certificates if (each.user_id, each.course_id) == (user_id, course_id)), None)


def _cursor(certificate: Certificate) -> Cursor:
    return Cursor(BY_ISSUE, certificate.course_id, microseconds(certificate.issued_at))


def _rank(cursor: Cursor) -> tuple[int, UUID]:
    return cursor.value, cursor.id
