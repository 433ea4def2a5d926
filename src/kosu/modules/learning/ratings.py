"""Counting a course's ratings after a change: the part that writing, removing, hiding and erasing reviews share."""

from __future__ import annotations

from datetime import datetime

from kosu.modules.learning.domain.reviews import CourseRating
from kosu.modules.learning.ports import LearningRecords


async def count_ratings(records: LearningRecords, last: CourseRating, *, at: datetime) -> None:
    """Count anew and tell the others, in the transaction of the change; `last` is the count that it holds locked.

    Reviews of one course are rare enough to be written one after another, so unlike enrolments they are counted where
    they change. The count is a statement of its own after the lock was had: it sees all that was committed before.
    """
    rating, events = last.counted(await records.course_ratings.count(last.course_id), at=at)
    if events:
        await records.course_ratings.save(rating)
        await records.outbox.add(*events)
