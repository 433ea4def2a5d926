"""Seeing a course and opening its lessons."""

from __future__ import annotations

import msgspec
import pytest

from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.errors import (
    CourseNotFound,
    LessonNotFound,
    LessonSignInRequired,
    NotAVideo,
    PurchaseRequired,
)
from kosu.modules.learning.views import CourseView
from kosu.modules.media.errors import MediaNotReady
from tests.support.catalog import FREE, INSTRUCTOR
from tests.support.learning import LEARNER, PHONE, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


async def archived(school: LearningInMemory, course: Course) -> Course:
    await school.catalog.container.archive_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    return course


async def test_a_course_tells_why_its_lessons_are_locked(school: LearningInMemory) -> None:
    course = await school.catalog.course(lessons=[("video", True), ("video", False)])
    seen = await school.page(course.slug)
    assert (seen.access.state, seen.access.reason != "") == ("purchase_required", True)
    assert [lesson.locked for lesson in seen.curriculum[0].lessons] == [False, True]
    await school.enrol(course)
    seen = await school.page(course.slug)
    assert seen.access.state == "enrolled"
    assert [lesson.locked for lesson in seen.curriculum[0].lessons] == [False, False]


async def test_a_course_says_of_each_lesson_what_it_is(school: LearningInMemory) -> None:
    """All of it, though nobody built it lesson by lesson."""
    course = await school.catalog.course(lessons=[("video", True), ("text", False)])
    view = await school.container.view_course()(slug=course.slug, user_id=None, is_operator=False)
    page = msgspec.json.decode(msgspec.json.encode(view))
    (section,) = page["curriculum"]
    assert (section["section_id"], section["section"]) == (str(course.sections[0].id), course.sections[0].title)
    assert section["lessons"] == [
        {
            "id": str(lesson.id),
            "title": lesson.title,
            "kind": lesson.kind,
            "duration_ms": lesson.duration_ms,
            "preview": lesson.preview,
            "locked": not lesson.preview,
        }
        for lesson in course.lessons
    ]
    assert list(page) == list(CourseView.__struct_fields__)


async def test_a_withdrawn_course_is_there_for_its_learners_and_for_nobody_else(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    await school.enrol(course)
    await archived(school, course)
    seen = await school.page(course.slug)
    assert seen.access.state == "enrolled"
    with pytest.raises(CourseNotFound):
        await school.container.view_course()(slug=course.slug, user_id=None, is_operator=False)


async def test_a_bought_lesson_plays_from_where_any_device_left_it(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    lesson = course.lessons[0].id
    await school.publish_media(lesson)
    await school.enrol(course)
    await school.watch(lesson, (0, 10_000))
    await school.watch(lesson, (40_000, 42_000), device_id=PHONE)
    opened = await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    assert opened.playback.resume_position_ms == 42_000
    assert opened.playback.watched == [(0, 10_000), (40_000, 42_000)]
    assert opened.playback.hls_url.startswith("https://media.test/media/v/")
    assert opened.cookie_path.startswith("/media/v/")
    assert opened.cookies


async def test_a_locked_lesson_does_not_play(school: LearningInMemory) -> None:
    lesson = (await school.catalog.course()).lessons[0].id
    await school.publish_media(lesson)
    with pytest.raises(PurchaseRequired):
        await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    with pytest.raises(LessonSignInRequired):
        await school.container.open_lesson()(lesson_id=lesson, user_id=None, is_operator=False)


async def test_a_preview_plays_for_anybody(school: LearningInMemory) -> None:
    lesson = (await school.catalog.course(lessons=[("video", True)])).lessons[0].id
    await school.publish_media(lesson)
    opened = await school.container.open_lesson()(lesson_id=lesson, user_id=None, is_operator=False)
    assert (opened.playback.resume_position_ms, opened.playback.watched) == (0, [])


async def test_access_is_decided_before_anything_is_said_about_the_video(school: LearningInMemory) -> None:
    lesson = (await school.catalog.course()).lessons[0].id
    with pytest.raises(PurchaseRequired):
        await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    with pytest.raises(MediaNotReady):
        await school.container.open_lesson()(lesson_id=lesson, user_id=INSTRUCTOR, is_operator=False)


async def test_a_refund_ends_access(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    lesson = course.lessons[0].id
    await school.publish_media(lesson)
    await school.revoke(await school.enrol(course))
    with pytest.raises(PurchaseRequired):
        await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)


async def test_a_text_lesson_is_read_and_not_played(school: LearningInMemory) -> None:
    lesson = (await school.catalog.course(price=FREE, lessons=[("text", False)])).lessons[0].id
    page = await school.container.view_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    assert (page.body, page.locked) == ("# Read this", False)
    locked = await school.container.view_lesson()(lesson_id=lesson, user_id=None, is_operator=False)
    assert (locked.body, locked.locked, locked.access.code) == (None, True, "sign_in_required")
    with pytest.raises(NotAVideo):
        await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)


async def test_a_lesson_of_a_draft_does_not_exist_for_others(school: LearningInMemory) -> None:
    lesson = (await school.catalog.course(published=False)).lessons[0].id
    with pytest.raises(LessonNotFound):
        await school.container.view_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    assert (await school.container.view_lesson()(lesson_id=lesson, user_id=INSTRUCTOR, is_operator=False)).id == lesson
