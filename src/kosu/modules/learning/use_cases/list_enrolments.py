"""A learner's courses, with how far they are and where they were last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.catalog import Catalog, CourseCard, CourseOutline, LessonOutline
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.domain.progress import Progress, course_percent
from kosu.modules.learning.ports import BY_ENROLMENT, EnrolmentEntry, LearningQueries
from kosu.modules.learning.views import EnrolmentPage, EnrolmentView, LastLessonView
from kosu.paging import Cursor
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ListEnrolments:
    queries: LearningQueries
    catalog: Catalog
    current_progress: CurrentProgress
    clock: Clock

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> EnrolmentPage:
        """The courses with a live grant, the newest enrolment first. Raises InvalidCursor."""
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ENROLMENT)
        entries, following = await self.queries.enrolments(user_id, at=self.clock.now(), before=before, limit=limit)
        course_ids = [entry.course_id for entry in entries]
        cards = await self.catalog.cards(course_ids)
        courses = await self.catalog.courses(course_ids)
        progress = await self.current_progress(
            user_id, [lesson.lesson_id for course in courses.values() for lesson in course.lessons]
        )
        items = [_view(cards[entry.course_id], entry, courses[entry.course_id], progress) for entry in entries]
        return EnrolmentPage(items, following and following.encode())


def _view(
    card: CourseCard, entry: EnrolmentEntry, course: CourseOutline, progress: Mapping[LessonId, Progress]
) -> EnrolmentView:
    last = _last_lesson(course, progress)
    return EnrolmentView(
        **{field: getattr(card, field) for field in card.__struct_fields__},
        percent=course_percent((lesson.duration_ms, progress.get(lesson.lesson_id)) for lesson in course.lessons),
        last_lesson=None if last is None else LastLessonView(id=last.lesson_id, title=last.title),
        position_ms=0 if last is None else progress[last.lesson_id].position_ms,
        enrolled_at=entry.enrolled_at,
        expires_at=entry.expires_at,
    )


def _last_lesson(course: CourseOutline, progress: Mapping[LessonId, Progress]) -> LessonOutline | None:
    touched = [
        (progress[lesson.lesson_id].touched_at, lesson) for lesson in course.lessons if lesson.lesson_id in progress
    ]
    latest = max(((at, lesson) for at, lesson in touched if at is not None), key=lambda entry: entry[0], default=None)
    return None if latest is None else latest[1]
