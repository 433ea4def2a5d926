"""Count a course's learners anew and tell the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.ids import CourseId
from kosu.modules.learning.events import EnrolmentCountChanged, EnrolmentEnded, LearnerEnrolled
from kosu.modules.learning.ports import EnrolmentCount, LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CountEnrolments:
    transaction: Transaction[LearningRecords]
    clock: Clock

    async def __call__(self, event: LearnerEnrolled | EnrolmentEnded) -> None:
        """Reaction to LearnerEnrolled and EnrolmentEnded, idempotent.

        Counting here and not in the transaction that enrols keeps a popular course from becoming a lock that all
        payments wait for. Counts of one course are made one after another, each after the enrolment that asked for
        it, so the last one is right.
        """
        course_id = CourseId(event.course_id)
        async with self.transaction() as records:
            # The lock and the count are separate statements on purpose: the count must see all that was committed
            # before the lock was had.
            last = await records.enrolment_counts.lock(course_id, at=self.clock.now())
            at = max(self.clock.now(), last.counted_at + timedelta(microseconds=1))
            count = await records.enrolments.count_live(course_id, at=at)
            if count == last.count:
                return
            await records.enrolment_counts.save(EnrolmentCount(course_id, count, at))
            await records.outbox.add(EnrolmentCountChanged(course_id=course_id, enrolment_count=count, counted_at=at))
