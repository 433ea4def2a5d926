"""Read a course as its instructor edits it."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.editing import editable
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ReadStudioCourse:
    transaction: Transaction[CatalogRecords]

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> Course:
        """Raises CourseNotFound, NotCourseOwner."""
        async with self.transaction() as records:
            course = await records.courses.get(course_id)
        return editable(course, user_id=user_id, is_operator=is_operator)
