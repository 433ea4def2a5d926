"""Tell an instructor how a course is learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog import Catalog, LessonOutline
from kosu.modules.learning.analytics_ports import AnalyticsQueries, LessonUse
from kosu.modules.learning.analytics_views import (
    Completion,
    CourseAnalytics,
    DayCount,
    EnrolmentsOverTime,
    LessonAnalytics,
    RetentionCurve,
)
from kosu.modules.learning.domain.analytics import DETAIL_POINTS, OVERVIEW_POINTS, Sampling, sampling_of, window_of
from kosu.modules.learning.errors import LessonNotFound
from kosu.ports.clock import Clock
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse

# It reads all that all learners watched: of a large course that is seconds of the database's time.
PER_PERSON = Rate(burst=20, every=timedelta(seconds=3))


@dataclass(frozen=True, slots=True)
class AnalyseCourse:
    catalog: Catalog
    queries: AnalyticsQueries
    throttle: Throttle
    clock: Clock

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        course_id: CourseId,
        lesson_id: LessonId | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> CourseAnalytics:
        """All lessons with curves of OVERVIEW_POINTS at most, or one lesson second by second.

        Raises:
            CourseNotFound, NotCourseOwner: the catalogue's own errors.
            LessonNotFound, InvalidWindow
            TooManyRequests: with the time after which the next question is answered.
        """
        at = self.clock.now()
        window = window_of(first, last, today=at.astimezone(UTC).date())
        course = await self.catalog.taught(course_id, user_id=user_id, is_operator=is_operator)
        shown = [lesson for lesson in course.lessons if lesson_id in {None, lesson.lesson_id}]
        if lesson_id is not None and not shown:
            raise LessonNotFound
        bucket = Bucket(f"analytics:{user_id.hex}", PER_PERSON)
        await take_or_refuse(self.throttle, [bucket], at=at, told="Too many questions; wait a moment.")
        samplings = {
            lesson.lesson_id: sampling_of(
                lesson.duration_ms, most_points=OVERVIEW_POINTS if lesson_id is None else DETAIL_POINTS
            )
            for lesson in shown
            if lesson.duration_ms
        }
        by_day = await self.queries.enrolments_by_day(course_id, window)
        use = await self.queries.use(
            course_id,
            {lesson.lesson_id: lesson.duration_ms or 0 for lesson in course.lessons},
            at=at,
            active_since=datetime.combine(window.first, time.min, UTC),
        )
        curves = await self.queries.retention(course_id, samplings, apart_from=course.instructor_id)
        cards = await self.catalog.cards([course_id])
        return CourseAnalytics(
            course_id=course_id,
            enrolments=EnrolmentsOverTime(use.enrolled, [DayCount(day, by_day.get(day, 0)) for day in window.days]),
            active_learners=use.active,
            completion=Completion(use.completed, _average(100 * use.completed, use.enrolled)),
            average_percent=_average(use.percent_sum, use.enrolled),
            rating=cards[course_id].rating,
            lessons=[
                _lesson(lesson, use.lessons.get(lesson.lesson_id, LessonUse()), samplings, curves) for lesson in shown
            ],
        )


def _lesson(
    lesson: LessonOutline,
    use: LessonUse,
    samplings: Mapping[LessonId, Sampling],
    curves: Mapping[LessonId, list[int]],
) -> LessonAnalytics:
    sampling = samplings.get(lesson.lesson_id)
    return LessonAnalytics(
        id=lesson.lesson_id,
        title=lesson.title,
        kind=lesson.kind,
        duration_ms=lesson.duration_ms,
        begun=use.begun,
        completed=use.completed,
        retention=None if sampling is None else RetentionCurve(sampling.bucket_ms, curves[lesson.lesson_id]),
    )


def _average(total: int, count: int) -> float:
    return round(total / count, 1) if count else 0.0
