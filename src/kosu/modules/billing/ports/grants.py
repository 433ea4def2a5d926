"""Access to courses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from kosu.ids import CourseId, UserId
from kosu.ports.unit_of_work import OpenTransaction


@runtime_checkable
class EnrolmentGrants(Protocol):
    """Access to courses, which learning keeps. A grant is known by its source, for instance an order item."""

    async def grant(
        self,
        open_transaction: OpenTransaction,
        *,
        user_id: UserId,
        course_id: CourseId,
        source: str,
        source_id: UUID,
        at: datetime,
    ) -> None:
        """Make the grant of this source live, as part of the open transaction. Repeatable; revives a revoked grant."""
        ...

    async def revoke(self, open_transaction: OpenTransaction, *, source: str, source_id: UUID, at: datetime) -> None:
        """End the grant of this source, if there is one, as part of the open transaction. Repeatable."""
        ...

    async def enrolled(self, user_id: UserId, course_ids: Collection[CourseId]) -> frozenset[CourseId]:
        """Those of the courses to which the user has a live grant."""
        ...
