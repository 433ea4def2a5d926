"""Say that a review helps, or take it back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kosu.ids import ReviewId, UserId
from kosu.modules.learning.errors import OwnReview, ReviewNotFound
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class VoteForReview:
    transaction: Transaction[LearningRecords]

    async def __call__(self, *, user_id: UserId, review_id: ReviewId, helpful: bool) -> None:
        """One vote for each reader; the same again changes nothing. Votes are counted under the review's lock.

        Raises:
            ReviewNotFound, OwnReview
        """
        async with self.transaction() as records:
            review = await records.reviews.lock(review_id)
            if review is None or review.is_hidden:
                raise ReviewNotFound
            if review.user_id == user_id:
                raise OwnReview
            count = await records.reviews.vote(review_id, user_id=user_id, helpful=helpful)
            await records.reviews.save(replace(review, helpful_count=count))
