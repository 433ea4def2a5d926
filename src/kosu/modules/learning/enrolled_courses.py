"""A learner's courses as they are shown: the card, how far the learner is, and where they were last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.catalog import Catalog, CourseCard, CourseOutline, LessonOutline
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.domain.progress import Progress, course_percent
from kosu.modules.learning.ports import EnrolmentEntry, Pending
from kosu.modules.learning.views import EnrolmentView, LastLessonView


@dataclass(frozen=True, slots=True)
class EnrolledCourses:
    catalog: Catalog
    current_progress: CurrentProgress

    async def __call__(
        self,
        user_id: UserId,
        entries: Sequence[EnrolmentEntry],
        *,
        pending: Mapping[LessonId, Pending] | None = None,
    ) -> list[EnrolmentView]:
        """The entries' views, in their order. `pending` is what waits in the buffer, if it has been looked at."""
        course_ids = [entry.course_id for entry in entries]
        cards = await self.catalog.cards(course_ids)
        courses = await self.catalog.courses(course_ids)
        lesson_ids = [lesson.lesson_id for course in courses.values() for lesson in course.lessons]
        progress = await self.current_progress(user_id, lesson_ids, pending=pending)
        return [_view(cards[entry.course_id], entry, courses[entry.course_id], progress) for entry in entries]


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
