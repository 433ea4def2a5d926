"""Reviews of a course, and what its ratings come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kosu.ids import CourseId, ReviewId, UserId
from kosu.modules.learning.errors import InvalidReview
from kosu.modules.learning.events import CourseRatingChanged

LOWEST, HIGHEST = 1, 5
MAX_BODY_CHARACTERS = 5_000
MAX_REASON_CHARACTERS = 500

Histogram = tuple[int, int, int, int, int]
"""How many reviews give each rating, from LOWEST to HIGHEST; hidden reviews do not count."""
EMPTY: Histogram = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A learner's one review of a course. The body is kept as it was typed, and made safe where it is shown.

    A hidden review counts nowhere and is shown to its author alone, with the reason; it stays hidden when it is
    changed.
    """

    id: ReviewId
    course_id: CourseId
    user_id: UserId
    rating: int
    body: str
    created_at: datetime
    updated_at: datetime
    helpful_count: int = 0
    hidden_at: datetime | None = None
    hidden_reason: str | None = None

    def __post_init__(self) -> None:
        if not LOWEST <= self.rating <= HIGHEST:
            raise InvalidReview(f"A rating is {LOWEST} to {HIGHEST}.", field="rating")
        # A NUL cannot be stored as text in PostgreSQL.
        if len(self.body) > MAX_BODY_CHARACTERS or "\0" in self.body:
            raise InvalidReview(f"At most {MAX_BODY_CHARACTERS} characters, and no NUL.", field="body")

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    def edited(self, *, rating: int, body: str, at: datetime) -> Review:
        """As it is now; nothing happens to one that says the same."""
        if (rating, body) == (self.rating, self.body):
            return self
        return replace(self, rating=rating, body=body, updated_at=at)

    def hidden(self, reason: str, *, at: datetime) -> Review:
        """Hidden for this reason. Hiding again replaces the reason. Raises InvalidReview."""
        if not reason.strip() or len(reason) > MAX_REASON_CHARACTERS or "\0" in reason:
            raise InvalidReview(f"Expected 1 to {MAX_REASON_CHARACTERS} characters.", field="reason")
        return replace(self, hidden_at=self.hidden_at or at, hidden_reason=reason)

    def shown(self) -> Review:
        return replace(self, hidden_at=None, hidden_reason=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRating:
    """The last count of a course's ratings."""

    course_id: CourseId
    histogram: Histogram
    counted_at: datetime

    @property
    def rating_count(self) -> int:
        return sum(self.histogram)

    @property
    def rating_sum(self) -> int:
        return sum(rating * count for rating, count in enumerate(self.histogram, start=LOWEST))

    def counted(self, histogram: Histogram, *, at: datetime) -> tuple[CourseRating, list[CourseRatingChanged]]:
        """The newer count, and what there is to tell. It is newer than the last one even if the clock stands still."""
        if histogram == self.histogram:
            return self, []
        counted_at = max(at, self.counted_at + timedelta(microseconds=1))
        changed = replace(self, histogram=histogram, counted_at=counted_at)
        return changed, [
            CourseRatingChanged(
                course_id=self.course_id,
                rating_sum=changed.rating_sum,
                rating_count=changed.rating_count,
                counted_at=counted_at,
            )
        ]
