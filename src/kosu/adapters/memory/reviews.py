"""Reviews and their votes in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from kosu.adapters.memory.database import MemoryDatabase, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import CourseId, ReviewId, UserId
from kosu.modules.learning.domain.reviews import EMPTY, CourseRating, Histogram, Review
from kosu.modules.learning.events import ReviewsChanged
from kosu.modules.learning.review_ports import ReviewSort, ReviewsPage
from kosu.paging import BY_ID, Cursor, page_of

REVIEWS = "learning.reviews"
VOTES = "learning.review_votes"
RATINGS = "learning.course_ratings"


class MemoryCourseRatings:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def lock(self, course_id: CourseId, *, at: datetime) -> CourseRating:
        empty = CourseRating(course_id=course_id, histogram=EMPTY, counted_at=at)
        found: CourseRating = self._workspace.table(RATINGS).setdefault(course_id, empty)
        return found

    async def count(self, course_id: CourseId) -> Histogram:
        reviews: Iterable[Review] = self._workspace.table(REVIEWS).values()
        ratings = [review.rating for review in reviews if review.course_id == course_id and not review.is_hidden]
        return ratings.count(1), ratings.count(2), ratings.count(3), ratings.count(4), ratings.count(5)

    async def save(self, rating: CourseRating) -> None:
        self._workspace.table(RATINGS)[rating.course_id] = rating


class MemoryReviews:
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        self._workspace = workspace
        self._outbox = outbox

    async def lock_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None:
        reviews: Iterable[Review] = self._workspace.table(REVIEWS).values()
        return _of(reviews, user_id, course_id)

    async def lock(self, review_id: ReviewId) -> Review | None:
        found: Review | None = self._workspace.table(REVIEWS).get(review_id)
        return found

    async def save(self, review: Review) -> None:
        self._workspace.table(REVIEWS)[review.id] = review
        await self._outbox.add(ReviewsChanged())

    async def remove(self, review_id: ReviewId) -> None:
        self._workspace.table(REVIEWS).pop(review_id, None)
        votes = self._workspace.table(VOTES)
        for vote in [vote for vote in votes if vote[0] == review_id]:
            del votes[vote]
        await self._outbox.add(ReviewsChanged())

    async def vote(self, review_id: ReviewId, *, user_id: UserId, helpful: bool) -> int:
        votes = self._workspace.table(VOTES)
        if helpful:
            votes[review_id, user_id] = True
        else:
            votes.pop((review_id, user_id), None)
        return sum(voted == review_id for voted, _ in votes)


class MemoryReviewQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def reviews(self, course_id: CourseId, *, sort: ReviewSort, after: Cursor | None, limit: int) -> ReviewsPage:
        def cursor_of(review: Review) -> Cursor:
            return Cursor(sort, review.id, review.helpful_count if sort == "helpful" else 0)

        shown = [review for review in self._reviews() if review.course_id == course_id and not review.is_hidden]
        found = sorted(shown, key=lambda review: _rank(cursor_of(review)), reverse=True)
        if after is not None:
            found = [review for review in found if _rank(cursor_of(review)) < _rank(after)]
        page, following = page_of(found, limit, cursor_of)
        rating: CourseRating | None = self._database.table(RATINGS).get(course_id)
        return ReviewsPage(page, EMPTY if rating is None else rating.histogram, following)

    async def review(self, review_id: ReviewId) -> Review | None:
        found: Review | None = self._database.table(REVIEWS).get(review_id)
        return found

    async def review_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None:
        return _of(self._reviews(), user_id, course_id)

    async def reviews_by(
        self, user_id: UserId, *, before: ReviewId | None, limit: int
    ) -> tuple[Sequence[Review], Cursor | None]:
        own = [each for each in self._reviews() if each.user_id == user_id and (before is None or each.id < before)]
        found = sorted(own, key=lambda review: review.id, reverse=True)
        return page_of(found, limit, lambda last: Cursor(BY_ID, last.id))

    async def votes_by(self, user_id: UserId) -> Sequence[ReviewId]:
        votes: Iterable[tuple[ReviewId, UserId]] = self._database.table(VOTES)
        return sorted(review_id for review_id, voter_id in votes if voter_id == user_id)

    def _reviews(self) -> Iterable[Review]:
        return self._database.table(REVIEWS).values()


def _of(reviews: Iterable[Review], user_id: UserId, course_id: CourseId) -> Review | None:
    own = (review for review in reviews if (review.user_id, review.course_id) == (user_id, course_id))
    return next(own, None)


def _rank(cursor: Cursor) -> tuple[int, UUID]:
    return cursor.value, cursor.id
