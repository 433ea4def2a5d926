"""What analytics need from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.domain.analytics import Sampling, Window


@dataclass(frozen=True, slots=True)
class LessonUse:
    """How many of the learners began a lesson, and how many completed it."""

    begun: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseUse:
    """Of the learners who are enrolled now: how many, how many were here lately, and how far they are.

    `percent_sum` adds up what `course_percent` says of each. Lessons that nobody touched may be left out.
    """

    enrolled: int
    active: int
    completed: int
    percent_sum: int
    lessons: Mapping[LessonId, LessonUse]


class AnalyticsQueries(Protocol):
    """Reads over all learners of a course, one statement each. What waits in the progress buffer is not seen yet."""

    async def enrolments_by_day(self, course_id: CourseId, window: Window) -> Mapping[date, int]:
        """Learners by the day of their first enrolment, also those who have left; days without any are left out."""
        ...

    async def use(
        self, course_id: CourseId, lessons: Mapping[LessonId, int], *, at: datetime, active_since: datetime
    ) -> CourseUse:
        """By the lessons of the curriculum, each with its duration, 0 for a text. `at` says which grants are live."""
        ...

    async def retention(
        self, course_id: CourseId, lessons: Mapping[LessonId, Sampling], *, apart_from: UserId
    ) -> Mapping[LessonId, list[int]]:
        """For each of the lessons how many learners saw each bucket at least in part, whether enrolled still or not.

        What somebody watched outside of the present video does not count.
        """
        ...
