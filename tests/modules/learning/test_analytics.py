"""What an instructor is told: windows of days, samplings of videos, and the whole of a course."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.errors import TooManyRequests
from kosu.modules.catalog.errors import CourseNotFound, NotCourseOwner
from kosu.modules.learning.analytics_errors import InvalidWindow
from kosu.modules.learning.domain.analytics import (
    DETAIL_POINTS,
    MOST_DAYS,
    OVERVIEW_POINTS,
    SECOND_MS,
    Window,
    retention,
    sampling_of,
    window_of,
)
from kosu.modules.learning.errors import LessonNotFound
from kosu.modules.learning.use_cases.analyse_course import PER_PERSON
from tests.support.catalog import INSTRUCTOR, OPERATOR, OTHER_INSTRUCTOR
from tests.support.learning import COURSE, LEARNER, LESSON, OTHER_LEARNER, LearningInMemory

TODAY = date(2026, 3, 10)


def test_without_days_a_window_is_the_last_thirty() -> None:
    window = window_of(None, None, today=TODAY)
    assert (window.days[0], window.days[-1], len(window.days)) == (date(2026, 2, 9), TODAY, 30)
    assert window_of(None, date(2026, 1, 31), today=TODAY) == Window(date(2026, 1, 2), date(2026, 1, 31))
    assert window_of(TODAY, TODAY, today=TODAY).days == [TODAY]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY + timedelta(days=1), None, "from"),
        (TODAY - timedelta(days=MOST_DAYS), None, "from"),
        (date.min, None, "from"),
        (None, date.min, "to"),
        (None, date.max, "to"),
        (date.min, date.max, "to"),
    ],
)
def test_days_that_make_no_window_are_refused(first: date | None, last: date | None, field: str) -> None:
    with pytest.raises(InvalidWindow) as refusal:
        window_of(first, last, today=TODAY)
    assert refusal.value.field == field


@given(st.integers(1, 2**31 - 1), st.sampled_from([OVERVIEW_POINTS, DETAIL_POINTS]))
def test_a_sampling_covers_the_video_in_as_many_points_as_may_be(duration_ms: int, most_points: int) -> None:
    sampling = sampling_of(duration_ms, most_points=most_points)
    assert sampling.buckets <= most_points
    assert sampling.bucket_ms % SECOND_MS == 0
    assert 0 <= sampling.buckets * sampling.bucket_ms - duration_ms < sampling.bucket_ms
    finer = sampling.bucket_ms - SECOND_MS
    assert finer == 0 or finer * most_points < duration_ms


def test_a_curve_is_the_running_sum_of_its_edges() -> None:
    assert retention([(3, -1), (0, 1), (1, 2), (3, -2)], buckets=3) == [1, 3, 3]
    assert retention([], buckets=2) == [0, 0]


async def test_a_course_is_told_of_as_a_whole_or_lesson_by_lesson() -> None:
    school = LearningInMemory()
    course = await school.catalog.course(lessons=[("video", False), ("text", False)], duration_ms=250_000)
    video, text = (lesson.id for lesson in course.lessons)
    for user_id in (LEARNER, OTHER_LEARNER):
        await school.enrol(course, user_id=user_id)
    await school.watch(video, (0, 250_000))
    await school.watch(video, (0, 50_000), user_id=OTHER_LEARNER)
    await school.watch(video, (0, 250_000), user_id=INSTRUCTOR)
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=text)
    await school.container.flush_progress()()
    analyse = school.container.analyse_course()

    whole = await analyse(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert whole.enrolments.total == 2
    assert [(day.date, day.count) for day in whole.enrolments.by_day if day.count] == [(school.clock.now().date(), 2)]
    assert (whole.active_learners, whole.completion.learners, whole.completion.percent) == (2, 1, 50.0)
    assert whole.average_percent == 55.0
    assert [(each.id, each.begun, each.completed) for each in whole.lessons] == [(video, 2, 1), (text, 1, 1)]
    curve = whole.lessons[0].retention
    assert curve is not None
    assert (curve.bucket_ms, curve.learners) == (2_000, [2] * 25 + [1] * 100)
    assert whole.lessons[1].retention is None

    (one,) = (await analyse(user_id=OPERATOR, is_operator=True, course_id=course.id, lesson_id=video)).lessons
    assert one.retention is not None
    assert (one.retention.bucket_ms, one.retention.learners) == (1_000, [2] * 50 + [1] * 200)

    school.clock.advance(days=40)
    later = await analyse(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert (later.active_learners, later.enrolments.total) == (0, 2)
    assert not any(day.count for day in later.enrolments.by_day)


async def test_what_is_dear_to_answer_is_not_answered_without_end() -> None:
    school = LearningInMemory()
    course = await school.catalog.course()
    analyse = school.container.analyse_course()
    for _ in range(PER_PERSON.burst):
        await analyse(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    with pytest.raises(TooManyRequests):
        await analyse(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    await analyse(user_id=OPERATOR, is_operator=True, course_id=course.id)


async def test_a_course_without_learners_and_lessons_is_all_noughts() -> None:
    school = LearningInMemory()
    course = await school.catalog.create()
    told = await school.container.analyse_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert (told.enrolments.total, told.completion.percent, told.average_percent, told.lessons) == (0, 0.0, 0.0, [])


async def test_only_the_instructor_and_operators_are_told() -> None:
    school = LearningInMemory()
    course, other = await school.catalog.course(), await school.catalog.course()
    analyse = school.container.analyse_course()
    for user_id in (OTHER_INSTRUCTOR, LEARNER):
        with pytest.raises(NotCourseOwner):
            await analyse(user_id=user_id, is_operator=False, course_id=course.id)
    with pytest.raises(CourseNotFound):
        await analyse(user_id=OPERATOR, is_operator=True, course_id=COURSE)
    for lesson_id in (LESSON, other.lessons[0].id):
        with pytest.raises(LessonNotFound):
            await analyse(user_id=INSTRUCTOR, is_operator=False, course_id=course.id, lesson_id=lesson_id)
