"""Read the reviews of a course, or one's own."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import ReviewId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.identity import Identity
from kosu.modules.learning.errors import CourseNotFound, ReviewNotFound
from kosu.modules.learning.review_ports import ReviewQueries, ReviewSort
from kosu.modules.learning.review_views import OwnReviewPage, OwnReviewView, ReviewPage, ReviewView, by_rating
from kosu.paging import BY_ID, Cursor


@dataclass(frozen=True, slots=True)
class ReadReviews:
    reviews: ReviewQueries
    catalog: Catalog
    identity: Identity

    async def __call__(self, *, slug: str, sort: ReviewSort, cursor: str | None, limit: int) -> ReviewPage:
        """What anybody may read of a course that is offered. Authors are looked up, so that their names are of now.

        Raises:
            CourseNotFound, InvalidCursor
        """
        after = None if cursor is None else Cursor.decode(cursor, sort=sort)
        course = await self.catalog.course_by_slug(slug)
        if course is None or course.state != "published":
            raise CourseNotFound
        page = await self.reviews.reviews(course.course_id, sort=sort, after=after, limit=limit)
        authors = {review.user_id for review in page.reviews}
        names = await self.identity.display_names(authors) if authors else {}
        return ReviewPage(
            [ReviewView.of(review, author=names.get(review.user_id, "")) for review in page.reviews],
            by_rating(page.histogram),
            page.following and page.following.encode(),
        )


@dataclass(frozen=True, slots=True)
class ReadOwnReview:
    reviews: ReviewQueries
    catalog: Catalog

    async def __call__(self, *, user_id: UserId, slug: str) -> OwnReviewView:
        """Raises CourseNotFound, ReviewNotFound."""
        course = await self.catalog.course_by_slug(slug)
        if course is None:
            raise CourseNotFound
        review = await self.reviews.review_of(user_id=user_id, course_id=course.course_id)
        if review is None:
            raise ReviewNotFound
        return OwnReviewView.of(review, course_slug=slug)


@dataclass(frozen=True, slots=True)
class ListOwnReviews:
    reviews: ReviewQueries
    catalog: Catalog

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> OwnReviewPage:
        """All that the learner reviewed, newest first. Raises InvalidCursor."""
        before = None if cursor is None else ReviewId(Cursor.decode(cursor, sort=BY_ID).id)
        found, following = await self.reviews.reviews_by(user_id, before=before, limit=limit)
        courses = await self.catalog.courses({review.course_id for review in found})
        items = [OwnReviewView.of(review, course_slug=courses[review.course_id].slug) for review in found]
        return OwnReviewPage(items, following and following.encode())
