"""What operators do with the courses that are handed in: find, approve and reject them. Each is audited."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import OpsCoursePage
from kosu.modules.catalog.domain.course import Course, CourseState
from kosu.modules.catalog.errors import CourseNotFound
from kosu.modules.catalog.ports import BackOffice, CatalogRecords
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.paging import BY_ID, Cursor
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class FindCourses:
    transaction: Transaction[CatalogRecords]
    back_office: BackOffice
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, *, state: CourseState | None, cursor: str | None, limit: int, origin: Origin
    ) -> OpsCoursePage:
        """Courses of all instructors in one state, or in any, newest first. Raises InvalidCursor."""
        before = None if cursor is None else CourseId(Cursor.decode(cursor, sort=BY_ID).id)
        async with self.transaction() as records:
            await self.audit.record(
                records, Action.COURSES_VIEWED, None, at=self.clock.now(), origin=origin, state=state or ""
            )
        return await self.back_office.courses(state, before=before, limit=limit)


@dataclass(frozen=True, slots=True)
class ApproveCourse:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, course_id: CourseId, origin: Origin) -> Course:
        """Publish a course that waits for review. Approving again changes nothing.

        Raises:
            CourseNotFound, CurriculumEmpty, CourseStateConflict
        """
        at = self.clock.now()
        async with self.transaction() as records:
            course = await _locked(records, course_id)
            approved = course.approved(at=at)
            if approved != course:
                await records.courses.save(approved)
                await self.audit.record(
                    records,
                    Action.COURSE_APPROVED,
                    course.instructor_id,
                    at=at,
                    origin=origin,
                    course_id=str(course.id),
                )
        return approved


@dataclass(frozen=True, slots=True)
class RejectCourse:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, course_id: CourseId, reason: str, origin: Origin) -> Course:
        """Send a course back from review, with a reason that its instructor reads.

        Raises:
            CourseNotFound, InvalidCourse, CourseStateConflict
        """
        at = self.clock.now()
        async with self.transaction() as records:
            course = await _locked(records, course_id)
            course = course.rejected(reason, at=at)
            await records.courses.save(course)
            await self.audit.record(
                records,
                Action.COURSE_REJECTED,
                course.instructor_id,
                at=at,
                origin=origin,
                course_id=str(course.id),
                reason=reason,
            )
        return course


async def _locked(records: CatalogRecords, course_id: CourseId) -> Course:
    course = await records.courses.lock(course_id)
    if course is None:
        raise CourseNotFound
    return course
