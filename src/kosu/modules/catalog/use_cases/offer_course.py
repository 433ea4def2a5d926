"""Submit, withdraw, publish and archive a course: what its instructor does."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.errors import ReviewRequired
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class SubmitCourse:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> Course:
        """Raises CourseNotFound, NotCourseOwner, CurriculumEmpty, CourseStateConflict."""
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.submitted(at=self.clock.now())
            await records.courses.save(course)
        return course


@dataclass(frozen=True, slots=True)
class WithdrawCourse:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> Course:
        """Take a course back that waits for review.

        Raises:
            CourseNotFound, NotCourseOwner, CourseStateConflict
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.withdrawn(at=self.clock.now())
            await records.courses.save(course)
        return course


@dataclass(frozen=True, slots=True)
class PublishCourse:
    """`review_required`: only an operator publishes."""

    transaction: Transaction[CatalogRecords]
    clock: Clock
    review_required: bool

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> Course:
        """Offer the course in the catalogue. Publishing again changes nothing.

        Raises:
            CourseNotFound, NotCourseOwner, CurriculumEmpty, ReviewRequired
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            if self.review_required and not is_operator:
                raise ReviewRequired
            course = course.published(at=self.clock.now())
            await records.courses.save(course)
        return course


@dataclass(frozen=True, slots=True)
class ArchiveCourse:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> Course:
        """Take the course out of the catalogue; those who are enrolled keep it.

        Raises:
            CourseNotFound, NotCourseOwner
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.archived(at=self.clock.now())
            await records.courses.save(course)
        return course
