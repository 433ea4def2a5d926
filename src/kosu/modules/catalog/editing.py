"""Opening a course for a change: the part that all use cases of the studio share."""

from __future__ import annotations

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.errors import CourseNotFound, NotCourseOwner
from kosu.modules.catalog.ports import CatalogRecords


async def editable_course(
    records: CatalogRecords, course_id: CourseId, *, user_id: UserId, is_operator: bool
) -> Course:
    """The course, locked, if this person may change it.

    Raises:
        CourseNotFound, NotCourseOwner
    """
    return editable(await records.courses.lock(course_id), user_id=user_id, is_operator=is_operator)


def editable(course: Course | None, *, user_id: UserId, is_operator: bool) -> Course:
    """The course that was looked for, if it exists and this person may change it.

    Raises:
        CourseNotFound, NotCourseOwner
    """
    if course is None:
        raise CourseNotFound
    if not course.may_be_edited_by(user_id, is_operator=is_operator):
        raise NotCourseOwner
    return course
