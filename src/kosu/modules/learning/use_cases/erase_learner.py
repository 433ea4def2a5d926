"""Forget what a person wrote and watched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kosu.ids import CourseId, ReviewId, UserId
from kosu.modules.identity import AccountErased
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.ratings import count_ratings
from kosu.modules.learning.review_ports import ReviewQueries
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

PAGE = 100


@dataclass(frozen=True, slots=True)
class EraseLearner:
    transaction: Transaction[LearningRecords]
    reviews: ReviewQueries
    clock: Clock

    async def __call__(self, event: AccountErased) -> None:
        """Reaction to AccountErased, idempotent.

        Notes, progress and certificates go: the code of one is unknown from then on. So do reviews and votes, for
        ratings and counts are of those who are there. Questions go unless others answered them: those stay, as answers
        do, because what others wrote would mean nothing without. Their author is the name of a deleted account by
        then. Enrolments stay, for they count and hold an id alone. Nothing waits in the buffer any more: the account's
        sessions ended days ago.
        """
        user_id = UserId(event.user_id)
        async with self.transaction() as records:
            await records.notes.remove_all(user_id)
            await records.progress.remove_all(user_id)
            await records.certificates.forget(user_id)
            await records.questions.remove_unanswered(user_id)
        # A transaction for each review: it holds one course's lock at a time, and never waits crosswise.
        for review_id in await self.reviews.votes_by(user_id):
            await self._take_vote_back(review_id, user_id)
        while (page := await self.reviews.reviews_by(user_id, before=None, limit=PAGE))[0]:
            for review in page[0]:
                await self._remove_review(review.course_id, user_id)

    async def _take_vote_back(self, review_id: ReviewId, user_id: UserId) -> None:
        async with self.transaction() as records:
            review = await records.reviews.lock(review_id)
            if review is not None:
                count = await records.reviews.vote(review_id, user_id=user_id, helpful=False)
                await records.reviews.save(replace(review, helpful_count=count))

    async def _remove_review(self, course_id: CourseId, user_id: UserId) -> None:
        at = self.clock.now()
        async with self.transaction() as records:
            last = await records.course_ratings.lock(course_id, at=at)
            review = await records.reviews.lock_of(user_id=user_id, course_id=course_id)
            if review is not None:
                await records.reviews.remove(review.id)
                await count_ratings(records, last, at=at)
