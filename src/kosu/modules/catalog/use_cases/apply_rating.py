"""Take over how learners rate a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import CourseId
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ApplyRating:
    transaction: Transaction[CatalogRecords]

    async def __call__(self, *, course_id: CourseId, rating_sum: int, rating_count: int, counted_at: datetime) -> None:
        """Reaction to learning's CourseRatingChanged, idempotent: a count that is not newer changes nothing."""
        async with self.transaction() as records:
            course = await records.courses.lock(course_id)
            if course is None:
                return
            changed = course.with_rating(rating_sum, rating_count, counted_at=counted_at)
            if changed != course:
                await records.courses.save(changed)
