"""A learner's courses, with how far they are and where they were last."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.learning.enrolled_courses import EnrolledCourses
from kosu.modules.learning.ports import BY_ENROLMENT, LearningQueries
from kosu.modules.learning.views import EnrolmentPage
from kosu.paging import Cursor
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ListEnrolments:
    queries: LearningQueries
    enrolled_courses: EnrolledCourses
    clock: Clock

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> EnrolmentPage:
        """The courses with a live grant, the newest enrolment first. Raises InvalidCursor."""
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ENROLMENT)
        entries, following = await self.queries.enrolments(user_id, at=self.clock.now(), before=before, limit=limit)
        return EnrolmentPage(await self.enrolled_courses(user_id, entries), following and following.encode())
