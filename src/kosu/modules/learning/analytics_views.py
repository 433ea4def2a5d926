"""What learning answers to instructors about their learners."""

from __future__ import annotations

import datetime

import msgspec

from kosu.ids import CourseId, LessonId
from kosu.modules.catalog import RatingView


class DayCount(msgspec.Struct, frozen=True):
    """A day in UTC."""

    date: datetime.date
    count: int


class EnrolmentsOverTime(msgspec.Struct, frozen=True):
    """`total` are enrolled now. `by_day` counts first enrolments, also of those who have left since."""

    total: int
    by_day: list[DayCount]


class Completion(msgspec.Struct, frozen=True):
    """Learners who completed every lesson, and how many of a hundred they are; of those who are enrolled now."""

    learners: int
    percent: float


class RetentionCurve(msgspec.Struct, frozen=True):
    """How many learners saw each stretch of `bucket_ms`, at least in part and however often."""

    bucket_ms: int
    learners: list[int]


class LessonAnalytics(msgspec.Struct, frozen=True, kw_only=True):
    """`begun` and `completed` count learners who are enrolled now; the curve is null without a video."""

    id: LessonId
    title: str
    kind: str
    duration_ms: int | None
    begun: int
    completed: int
    retention: RetentionCurve | None


class CourseAnalytics(msgspec.Struct, frozen=True, kw_only=True):
    """`active_learners` were here on the window's first day or later. It is as of the last flush of watch progress."""

    course_id: CourseId
    enrolments: EnrolmentsOverTime
    active_learners: int
    completion: Completion
    average_percent: float
    rating: RatingView
    lessons: list[LessonAnalytics]
