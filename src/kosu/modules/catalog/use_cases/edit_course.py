"""Change what a course says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course, CourseChanges
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.errors import UnknownCategory
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EditCourse:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, course_id: CourseId, changes: CourseChanges
    ) -> Course:
        """Change the details given and leave the rest, in any state of the course.

        Raises:
            CourseNotFound, NotCourseOwner, InvalidCourse, UnknownCategory
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            if "category" in changes and not await records.categories.exists(changes["category"]):
                raise UnknownCategory(changes["category"])
            course = course.edited(changes, at=self.clock.now())
            await records.courses.save(course)
        return course
