"""Enrol in a free course."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid5

from kosu.ids import GrantId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.learning.domain.enrolment import Enrolment, Grant
from kosu.modules.learning.errors import CourseNotFound, PurchaseRequired
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction

SOURCE = "free"


@dataclass(frozen=True, slots=True)
class EnrolFree:
    transaction: Transaction[LearningRecords]
    catalog: Catalog
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, slug: str) -> Enrolment:
        """Enrol the learner; doing it again changes nothing.

        Raises:
            CourseNotFound, PurchaseRequired
        """
        course = await self.catalog.course_by_slug(slug)
        if course is None or course.state != "published":
            raise CourseNotFound
        if not course.price.is_free:
            raise PurchaseRequired("This course is not free: buy it to enrol.", course_slug=slug)
        at = self.clock.now()
        grant = Grant(
            id=GrantId(self.ids.new()),
            source=SOURCE,
            # The same for a learner and a course for ever, so that there is one free grant at most.
            source_id=uuid5(course.course_id, user_id.hex),
            granted_at=at,
        )
        async with self.transaction() as records:
            enrolment = await records.enrolments.lock(user_id=user_id, course_id=course.course_id, at=at)
            enrolment, events = enrolment.granted(grant, at=at)
            await records.enrolments.save(enrolment)
            await records.outbox.add(*events)
        return enrolment
