"""What reviews need from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kosu.ids import CourseId, ReviewId, UserId
from kosu.modules.learning.domain.reviews import CourseRating, Histogram, Review
from kosu.paging import Cursor

ReviewSort = Literal["newest", "helpful"]


class CourseRatings(Protocol):
    async def lock(self, course_id: CourseId, *, at: datetime) -> CourseRating:
        """The course's count, locked; an empty one made at `at` where there was none.

        Whoever adds, changes, hides or removes a review of the course holds this lock, and takes it first.
        """
        ...

    async def count(self, course_id: CourseId) -> Histogram:
        """The reviews that are not hidden, counted anew."""
        ...

    async def save(self, rating: CourseRating) -> None: ...


class Reviews(Protocol):
    """Saving and removing tell everybody: ReviewsChanged."""

    async def lock_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None:
        """The learner's review of the course, locked."""
        ...

    async def lock(self, review_id: ReviewId) -> Review | None: ...

    async def save(self, review: Review) -> None:
        """Add a review, or write it over the locked one."""
        ...

    async def remove(self, review_id: ReviewId) -> None:
        """With its votes."""
        ...

    async def vote(self, review_id: ReviewId, *, user_id: UserId, helpful: bool) -> int:
        """Let the vote stand or not, once; answers how many the locked review has now."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    reviews: Sequence[Review]
    histogram: Histogram
    following: Cursor | None


class ReviewQueries(Protocol):
    """Reads, one statement each."""

    async def reviews(self, course_id: CourseId, *, sort: ReviewSort, after: Cursor | None, limit: int) -> ReviewsPage:
        """What is shown of the course's reviews, the newest or the most helpful first. The sort is the cursor's."""
        ...

    async def review(self, review_id: ReviewId) -> Review | None: ...

    async def review_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None: ...

    async def reviews_by(
        self, user_id: UserId, *, before: ReviewId | None, limit: int
    ) -> tuple[Sequence[Review], Cursor | None]:
        """A learner's own reviews, hidden ones too, newest first."""
        ...

    async def votes_by(self, user_id: UserId) -> Sequence[ReviewId]:
        """The reviews that a learner finds helpful."""
        ...
