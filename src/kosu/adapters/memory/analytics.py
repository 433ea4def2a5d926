"""A course's learners, counted in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.learning import ENROLMENTS, PROGRESS
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.analytics_ports import CourseUse, LessonUse
from kosu.modules.learning.domain.analytics import Sampling, Window
from kosu.modules.learning.domain.enrolment import Enrolment
from kosu.modules.learning.domain.intervals import clip
from kosu.modules.learning.domain.progress import Progress, course_percent


class MemoryAnalyticsQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def enrolments_by_day(self, course_id: CourseId, window: Window) -> Mapping[date, int]:
        days = Counter(each.enrolled_at.astimezone(UTC).date() for each in self._enrolments(course_id))
        return {day: count for day, count in days.items() if window.first <= day <= window.last}

    async def use(
        self, course_id: CourseId, lessons: Mapping[LessonId, int], *, at: datetime, active_since: datetime
    ) -> CourseUse:
        learners = {each.user_id for each in self._enrolments(course_id) if each.is_live(at)}
        found = {
            (each.user_id, each.lesson_id): each
            for each in self._progress(course_id)
            if each.user_id in learners and each.lesson_id in lessons
        }
        own = {user_id: [found.get((user_id, lesson_id)) for lesson_id in lessons] for user_id in learners}
        return CourseUse(
            enrolled=len(learners),
            active=sum(any(_is_active(each, active_since) for each in each_own) for each_own in own.values()),
            completed=sum(bool(each_own) and all(map(_is_complete, each_own)) for each_own in own.values()),
            percent_sum=sum(course_percent(zip(lessons.values(), each, strict=True)) for each in own.values()),
            lessons={
                lesson_id: LessonUse(
                    begun=sum(bool(each.watched) or _is_complete(each) for each in of_lesson),
                    completed=sum(map(_is_complete, of_lesson)),
                )
                for lesson_id in lessons
                if (of_lesson := [each for each in found.values() if each.lesson_id == lesson_id])
            },
        )

    async def retention(
        self, course_id: CourseId, lessons: Mapping[LessonId, Sampling], *, apart_from: UserId
    ) -> Mapping[LessonId, list[int]]:
        curves = {lesson_id: [0] * sampling.buckets for lesson_id, sampling in lessons.items()}
        for each in self._progress(course_id):
            if each.lesson_id in curves and each.user_id != apart_from:
                sampling = lessons[each.lesson_id]
                seen = {
                    bucket
                    for start, end in clip(each.watched, sampling.duration_ms)
                    for bucket in range(start // sampling.bucket_ms, (end - 1) // sampling.bucket_ms + 1)
                }
                for bucket in seen:
                    curves[each.lesson_id][bucket] += 1
        return curves

    def _enrolments(self, course_id: CourseId) -> list[Enrolment]:
        enrolments: Iterable[Enrolment] = self._database.table(ENROLMENTS).values()
        return [each for each in enrolments if each.course_id == course_id]

    def _progress(self, course_id: CourseId) -> list[Progress]:
        progresses: Iterable[Progress] = self._database.table(PROGRESS).values()
        return [each for each in progresses if each.course_id == course_id]


def _is_complete(progress: Progress | None) -> bool:
    return progress is not None and progress.completed_at is not None


def _is_active(progress: Progress | None, since: datetime) -> bool:
    return progress is not None and progress.touched_at is not None and progress.touched_at >= since
