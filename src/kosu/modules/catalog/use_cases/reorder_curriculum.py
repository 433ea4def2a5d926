"""Put the sections and lessons of a course into another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ReorderCurriculum:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        course_id: CourseId,
        order: Sequence[tuple[SectionId, Sequence[LessonId]]],
    ) -> Course:
        """`order` names every section with its lessons; ids stay, so nobody's progress is touched.

        Raises:
            CourseNotFound, NotCourseOwner
            CurriculumMismatch: something is missing, unknown or named twice.
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.reordered(order, at=self.clock.now())
            await records.courses.save(course)
        return course
