"""What learning answers about reviews."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import ReviewId
from kosu.modules.learning.domain.reviews import LOWEST, Histogram, Review


class Author(msgspec.Struct, frozen=True):
    """By the name that they have now; a deleted account keeps none of its own."""

    display_name: str


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is markdown as it was typed, to be made safe where it is shown; it may be empty."""

    id: ReviewId
    author: Author
    rating: int
    body: str
    helpful_count: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, review: Review, *, author: str) -> ReviewView:
        return cls(
            id=review.id,
            author=Author(author),
            rating=review.rating,
            body=review.body,
            helpful_count=review.helpful_count,
            created_at=review.created_at,
            updated_at=review.updated_at,
        )


class ReviewPage(msgspec.Struct, frozen=True):
    """A page of reviews, and how many of all reviews give each rating, "1" to "5"."""

    items: list[ReviewView]
    histogram: dict[str, int]
    next_cursor: str | None


class OwnReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """One's own review. It is shown to nobody else while there is a `hidden_reason`."""

    id: ReviewId
    course_slug: str
    rating: int
    body: str
    helpful_count: int
    created_at: datetime
    updated_at: datetime
    hidden_reason: str | None

    @classmethod
    def of(cls, review: Review, *, course_slug: str) -> OwnReviewView:
        return cls(
            id=review.id,
            course_slug=course_slug,
            rating=review.rating,
            body=review.body,
            helpful_count=review.helpful_count,
            created_at=review.created_at,
            updated_at=review.updated_at,
            hidden_reason=review.hidden_reason,
        )


class OwnReviewPage(msgspec.Struct, frozen=True):
    items: list[OwnReviewView]
    next_cursor: str | None


def by_rating(histogram: Histogram) -> dict[str, int]:
    return {str(rating): count for rating, count in enumerate(histogram, start=LOWEST)}
