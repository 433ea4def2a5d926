"""Write, change and remove one's review of a course."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import ReviewId, UserId
from kosu.modules.catalog import Catalog, CourseOutline
from kosu.modules.learning.domain.reviews import Review
from kosu.modules.learning.errors import CourseNotFound, NotEnrolled, OwnCourse, ReviewHidden, ReviewNotFound
from kosu.modules.learning.ports import LearningQueries, LearningRecords
from kosu.modules.learning.ratings import count_ratings
from kosu.modules.learning.review_views import OwnReviewView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction

_ENROLLED_ONLY = "Only learners who are enrolled in the course review it."


@dataclass(frozen=True, slots=True)
class WriteReview:
    transaction: Transaction[LearningRecords]
    queries: LearningQueries
    catalog: Catalog
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, slug: str, rating: int, body: str) -> OwnReviewView:
        """The learner's review says this from now on; saying the same again changes nothing.

        Only while the learner is enrolled. When access ends, e.g. by a refund, a review that was written before stays
        and counts, for it tells of what was seen; it cannot be changed any more, but still be removed.

        Raises:
            CourseNotFound, OwnCourse, NotEnrolled, InvalidReview
        """
        course = await _course(self.catalog, slug)
        if course.instructor_id == user_id:
            raise OwnCourse
        at = self.clock.now()
        if not await self.queries.enrolled(user_id, [course.course_id], at=at):
            raise NotEnrolled(_ENROLLED_ONLY)
        review = Review(
            id=ReviewId(self.ids.new()),
            course_id=course.course_id,
            user_id=user_id,
            rating=rating,
            body=body,
            created_at=at,
            updated_at=at,
        )
        async with self.transaction() as records:
            last = await records.course_ratings.lock(course.course_id, at=at)
            before = await records.reviews.lock_of(user_id=user_id, course_id=course.course_id)
            if before is not None:
                review = before.edited(rating=rating, body=body, at=at)
            if review != before:
                await records.reviews.save(review)
                await count_ratings(records, last, at=at)
        return OwnReviewView.of(review, course_slug=slug)


@dataclass(frozen=True, slots=True)
class RemoveReview:
    transaction: Transaction[LearningRecords]
    queries: LearningQueries
    catalog: Catalog
    clock: Clock

    async def __call__(self, *, user_id: UserId, slug: str) -> None:
        """Take one's review back, with its votes; also after access has ended.

        Raises:
            CourseNotFound, ReviewHidden
            NotEnrolled: there is no review, and the asker could not write one.
            ReviewNotFound: there is none, but the asker is enrolled.
        """
        course = await _course(self.catalog, slug)
        at = self.clock.now()
        async with self.transaction() as records:
            last = await records.course_ratings.lock(course.course_id, at=at)
            review = await records.reviews.lock_of(user_id=user_id, course_id=course.course_id)
            if review is not None:
                if review.is_hidden:
                    raise ReviewHidden
                await records.reviews.remove(review.id)
                await count_ratings(records, last, at=at)
                return
        if not await self.queries.enrolled(user_id, [course.course_id], at=at):
            raise NotEnrolled(_ENROLLED_ONLY)
        raise ReviewNotFound


async def _course(catalog: Catalog, slug: str) -> CourseOutline:
    course = await catalog.course_by_slug(slug)
    # Nobody is enrolled in what was never published.
    if course is None or course.state in {"draft", "in_review"}:
        raise CourseNotFound
    return course
