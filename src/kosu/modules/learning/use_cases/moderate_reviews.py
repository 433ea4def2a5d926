"""Operators hide reviews, and show them again. It is audited."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import ReviewId
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.learning.errors import ReviewNotFound
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.ratings import count_ratings
from kosu.modules.learning.review_ports import ReviewQueries
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ModerateReview:
    transaction: Transaction[LearningRecords]
    reviews: ReviewQueries
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, review_id: ReviewId, reason: str | None, origin: Origin) -> None:
        """Hide the review for this reason, or show it again where there is none. Doing it again changes nothing.

        Raises:
            ReviewNotFound, InvalidReview
        """
        found = await self.reviews.review(review_id)
        if found is None:
            raise ReviewNotFound
        at = self.clock.now()
        async with self.transaction() as records:
            # Looked up before, because the course is locked first and the review after it.
            last = await records.course_ratings.lock(found.course_id, at=at)
            before = await records.reviews.lock(review_id)
            if before is None:
                raise ReviewNotFound
            review = before.shown() if reason is None else before.hidden(reason, at=at)
            if review == before:
                return
            await records.reviews.save(review)
            await count_ratings(records, last, at=at)
            await self.audit.record(
                records,
                Action.REVIEW_SHOWN if reason is None else Action.REVIEW_HIDDEN,
                review.user_id,
                at=at,
                origin=origin,
                review_id=str(review_id),
                reason=reason or "",
            )
