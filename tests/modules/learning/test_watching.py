"""From a heartbeat to the records."""

from __future__ import annotations

import pytest

from kosu.ids import LessonId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.domain.progress import Progress
from kosu.modules.learning.errors import CourseNotFound, NotAVideo, PurchaseRequired, VideoNotReady
from kosu.modules.learning.ports import VIEWING_TTL
from kosu.ports.unit_of_work import DatabaseUnavailable
from tests.support.learning import LEARNER, PHONE, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


@pytest.fixture
async def course(school: LearningInMemory) -> Course:
    """A course of one video of 100 s, bought by the learner."""
    course = await school.catalog.course(lessons=[("video", False), ("text", False)])
    await school.enrol(course)
    return course


async def flush(school: LearningInMemory) -> int:
    return await school.container.flush_progress()()


async def current(school: LearningInMemory, lesson_id: LessonId) -> Progress:
    return (await school.container.current_progress()(LEARNER, [lesson_id]))[lesson_id]


async def stored(school: LearningInMemory, lesson_id: LessonId) -> Progress | None:
    return (await school.queries.progress(LEARNER, [lesson_id])).get(lesson_id)


async def test_a_heartbeat_is_seen_at_once_and_stored_by_the_flush(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000))
    seen = await current(school, lesson)
    assert seen.percent(100_000) == 10
    assert await stored(school, lesson) is None
    assert await flush(school) == 1
    assert await stored(school, lesson) == seen == await current(school, lesson)


async def test_flushing_twice_changes_nothing(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000))
    await flush(school)
    before = await stored(school, lesson)
    assert await flush(school) == 0
    assert await stored(school, lesson) == before


async def test_a_flush_that_cannot_commit_loses_nothing(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000))
    school.database.available = False
    with pytest.raises(DatabaseUnavailable):
        await flush(school)
    school.database.available = True
    assert await flush(school) == 1
    assert (await current(school, lesson)).percent(100_000) == 10


async def test_a_crash_between_commit_and_trim_counts_nothing_twice(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000), seq=1)
    await school.watch(lesson, (10_000, 20_000), seq=2)
    pending = await school.buffer.oldest(10)
    await flush(school)
    before = await stored(school, lesson)
    # What the crash left untrimmed:
    for beat in pending[0].beats:
        await school.buffer.append(LEARNER, lesson, beat)
    await flush(school)
    assert await stored(school, lesson) == before


async def test_while_the_buffer_is_away_the_records_take_heartbeats(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000), seq=1)
    await flush(school)
    school.buffer.available = False
    await school.watch(lesson, (10_000, 20_000), seq=2)
    assert (await current(school, lesson)).percent(100_000) == 20
    school.buffer.available = True
    await school.watch(lesson, (20_000, 30_000), seq=3)
    assert (await current(school, lesson)).percent(100_000) == 30


async def test_two_devices_at_once_both_count(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000), seq=100)
    await school.watch(lesson, (50_000, 60_000), seq=1, device_id=PHONE)
    await flush(school)
    progress = await current(school, lesson)
    assert (progress.percent(100_000), progress.position_ms) == (20, 60_000)


async def test_marking_a_lesson_that_is_watched_to_its_end_keeps_the_moment_of_that(
    school: LearningInMemory, course: Course
) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 95_000))
    watched_at = school.clock.now()
    school.clock.advance(seconds=60)
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=lesson)
    assert (await current(school, lesson)).completed_at == watched_at
    await flush(school)
    progress = await stored(school, lesson)
    assert progress is not None
    assert progress.completed_at == watched_at


async def test_heartbeats_of_a_locked_lesson_are_refused(school: LearningInMemory) -> None:
    course = await school.catalog.course("Not mine")
    with pytest.raises(PurchaseRequired):
        await school.watch(course.lessons[0].id, (0, 1_000))
    school.buffer.available = False
    with pytest.raises(PurchaseRequired):
        await school.watch(course.lessons[0].id, (0, 1_000))


async def test_access_is_asked_for_again_when_the_viewing_lapses(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    source = await school.enrol(course)
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 1_000), seq=1)
    await school.revoke(source)
    await school.watch(lesson, (1_000, 2_000), seq=2)
    school.clock.advance(VIEWING_TTL)
    with pytest.raises(PurchaseRequired):
        await school.watch(lesson, (2_000, 3_000), seq=3)


async def test_only_a_video_that_is_there_can_be_watched(school: LearningInMemory, course: Course) -> None:
    with pytest.raises(NotAVideo):
        await school.watch(course.lessons[1].id, (0, 1_000))
    unready = await school.catalog.course("Unready", duration_ms=None)
    await school.enrol(unready)
    with pytest.raises(VideoNotReady):
        await school.watch(unready.lessons[0].id, (0, 1_000))


async def test_a_text_lesson_is_completed_by_a_mark_and_stays_so(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[1].id
    completed_at = school.clock.now()
    for _ in range(2):
        await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=lesson)
        school.clock.advance(hours=1)
    assert (await current(school, lesson)).completed_at == completed_at
    view = await school.container.read_course_progress()(user_id=LEARNER, slug=course.slug)
    assert [(each.id, each.percent) for each in view.lessons] == [(course.lessons[0].id, 0), (lesson, 100)]
    assert view.percent == 50


async def test_a_mark_does_not_hide_heartbeats_that_were_on_their_way(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await school.watch(lesson, (0, 10_000))
    school.clock.advance(seconds=1)
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=lesson)
    await flush(school)
    progress = await current(school, lesson)
    assert (progress.position_ms, progress.completed_at) == (10_000, school.clock.now())


async def test_a_lesson_added_after_completion_lowers_the_course_and_one_removed_raises_it(
    school: LearningInMemory, course: Course
) -> None:
    async def percent() -> int:
        return (await school.container.read_course_progress()(user_id=LEARNER, slug=course.slug)).percent

    await school.watch(course.lessons[0].id, (0, 100_000))
    assert await percent() == 50
    await school.catalog.lesson(course, course.sections[0], kind="text")
    assert await percent() == 33
    await school.catalog.container.remove_lesson()(
        user_id=course.instructor_id,
        is_operator=False,
        course_id=course.id,
        section_id=course.sections[0].id,
        lesson_id=course.lessons[1].id,
    )
    assert await percent() == 50


async def test_a_draft_of_another_has_no_progress_to_show(school: LearningInMemory) -> None:
    draft = await school.catalog.course("Draft", published=False)
    with pytest.raises(CourseNotFound):
        await school.container.read_course_progress()(user_id=LEARNER, slug=draft.slug)
