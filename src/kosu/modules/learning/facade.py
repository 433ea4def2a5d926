"""What sibling modules may ask of learning. It is billing's port for giving and taking access."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kosu.ids import CourseId, GrantId, UserId
from kosu.modules.learning.domain.enrolment import Grant
from kosu.modules.learning.ports import LearningQueries, LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import OpenTransaction, Transaction


@dataclass(frozen=True, slots=True)
class Learning:
    transaction: Transaction[LearningRecords]
    queries: LearningQueries
    clock: Clock
    ids: IdSource

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
        """Give access within the asker's transaction. Granting for the same source again changes nothing, or
        revives what was revoked.

        Locks the learner's enrolment in the course until that transaction ends.
        """
        records = self.transaction.join(open_transaction)
        enrolment = await records.enrolments.lock(user_id=user_id, course_id=course_id, at=at)
        grant = Grant(id=GrantId(self.ids.new()), source=source, source_id=source_id, granted_at=at)
        enrolment, events = enrolment.granted(grant, at=at)
        await records.enrolments.save(enrolment)
        await records.outbox.add(*events)

    async def revoke(self, open_transaction: OpenTransaction, *, source: str, source_id: UUID, at: datetime) -> None:
        """Take back what this source gave, within the asker's transaction. Other grants of the course stay.

        Revoking again, or what was never granted, changes nothing.
        """
        records = self.transaction.join(open_transaction)
        enrolment = await records.enrolments.lock_by_source(source=source, source_id=source_id)
        if enrolment is None:
            return
        enrolment, events = enrolment.revoked(source=source, source_id=source_id, at=at)
        await records.enrolments.save(enrolment)
        await records.outbox.add(*events)

    async def enrolled(self, user_id: UserId, course_ids: Collection[CourseId]) -> frozenset[CourseId]:
        """Those of the courses to which the user has access by a grant now."""
        return frozenset(await self.queries.enrolled(user_id, course_ids, at=self.clock.now()))
