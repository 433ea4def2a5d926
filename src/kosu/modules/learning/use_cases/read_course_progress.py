"""How far a learner is through a course, lesson by lesson."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.catalog import Catalog, CourseOutline
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.domain.progress import Progress, course_percent
from kosu.modules.learning.errors import CourseNotFound
from kosu.modules.learning.ports import LearningQueries
from kosu.modules.learning.views import CourseProgressView, LessonProgressView
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ReadCourseProgress:
    catalog: Catalog
    queries: LearningQueries
    current_progress: CurrentProgress
    clock: Clock

    async def __call__(self, *, user_id: UserId, slug: str) -> CourseProgressView:
        """Every lesson of the curriculum in order, untouched ones at 0. Raises CourseNotFound.

        It tells nothing but the learner's own doing, so it needs no access to the lessons.
        """
        course = await self.catalog.course_by_slug(slug)
        if course is None or not await self._is_known(course, user_id):
            raise CourseNotFound
        found = await self.current_progress(user_id, [lesson.lesson_id for lesson in course.lessons])
        lessons = []
        for lesson in course.lessons:
            progress = found.get(lesson.lesson_id) or Progress(
                user_id=user_id, lesson_id=lesson.lesson_id, course_id=course.course_id
            )
            lessons.append(
                LessonProgressView(
                    id=lesson.lesson_id,
                    percent=progress.percent(lesson.duration_ms),
                    position_ms=progress.position_ms,
                    furthest_ms=progress.furthest_ms,
                    completed_at=progress.completed_at,
                )
            )
        percent = course_percent((lesson.duration_ms, found.get(lesson.lesson_id)) for lesson in course.lessons)
        return CourseProgressView(percent, lessons)

    async def _is_known(self, course: CourseOutline, user_id: UserId) -> bool:
        """Whether the course exists for the learner. One that is in review again keeps its learners."""
        if course.state in {"published", "archived"} or course.instructor_id == user_id:
            return True
        return bool(await self.queries.enrolled(user_id, [course.course_id], at=self.clock.now()))
