"""What learners keep when their course changes: its state, or its curriculum."""

from __future__ import annotations

from typing import Any

import pytest

from kosu.modules.catalog.domain.course import Course
from kosu.modules.identity import Origin
from kosu.modules.learning.errors import CourseNotFound
from tests.support.catalog import INSTRUCTOR, OPERATOR
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


@pytest.fixture
async def course(school: LearningInMemory) -> Course:
    """A course that the learner has bought and begun."""
    course = await school.catalog.course(lessons=[("video", False), ("video", False)])
    for lesson in course.lessons:
        await school.publish_media(lesson.id)
    await school.enrol(course)
    await school.watch(course.lessons[0].id, (0, 50_000))
    return course


async def note(school: LearningInMemory, course: Course) -> None:
    await school.container.write_note()(
        user_id=LEARNER,
        is_operator=False,
        lesson_id=course.lessons[0].id,
        at_ms=1_000,
        body="Remember this",
        media_revision=None,
    )


async def opens(school: LearningInMemory, course: Course) -> None:
    """Everything works for the learner, and for others the course is not there."""
    slug, lesson = course.slug, course.lessons[0].id
    seen = await school.page(slug)
    assert (seen.access.state, [each.locked for each in seen.curriculum[0].lessons]) == ("enrolled", [False, False])
    await school.container.open_lesson()(lesson_id=lesson, user_id=LEARNER, is_operator=False)
    await note(school, course)
    assert (await school.container.read_course_progress()(user_id=LEARNER, slug=slug)).percent == 25
    page = await school.container.list_enrolments()(user_id=LEARNER, cursor=None, limit=20)
    assert [(each.id, each.percent) for each in page.items] == [(course.id, 25)]
    home = await school.container.view_home()(user_id=LEARNER)
    assert [[card.id for card in row.items] for row in home.rows] == [[course.id]]
    with pytest.raises(CourseNotFound):
        await school.container.view_course()(slug=slug, user_id=OTHER_LEARNER, is_operator=False)
    assert (await school.container.view_home()(user_id=OTHER_LEARNER)).rows == []


async def test_an_archived_course_keeps_its_learners_access(school: LearningInMemory, course: Course) -> None:
    await school.catalog.container.archive_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    await opens(school, course)


async def test_so_does_one_that_is_reviewed_again_and_rejected(school: LearningInMemory, course: Course) -> None:
    catalog = school.catalog.container
    owner: dict[str, Any] = {"user_id": INSTRUCTOR, "is_operator": False, "course_id": course.id}
    await catalog.archive_course()(**owner)
    await catalog.submit_course()(**owner)
    await opens(school, course)
    await catalog.reject_course()(course_id=course.id, reason="Too short.", origin=Origin(actor_id=OPERATOR))
    await opens(school, course)
    with pytest.raises(CourseNotFound):
        await school.container.read_course_progress()(user_id=OTHER_LEARNER, slug=course.slug)


async def test_progress_and_notes_outlive_the_removal_of_their_lesson(school: LearningInMemory, course: Course) -> None:
    await note(school, course)
    removed, kept = course.lessons
    await school.watch(kept.id, (0, 10_000))
    await school.catalog.container.remove_lesson()(
        user_id=INSTRUCTOR,
        is_operator=False,
        course_id=course.id,
        section_id=course.sections[0].id,
        lesson_id=removed.id,
    )
    # A heartbeat that still waits belongs to a lesson that is gone by now.
    await school.container.flush_progress()()
    progress = await school.queries.progress(LEARNER, [removed.id, kept.id])
    assert {lesson: entry.watched for lesson, entry in progress.items()} == {
        removed.id: ((0, 50_000),),
        kept.id: ((0, 10_000),),
    }
    # The course is now what is left of it.
    assert (await school.container.read_course_progress()(user_id=LEARNER, slug=course.slug)).percent == 10
    (mine,) = (await school.container.list_enrolments()(user_id=LEARNER, cursor=None, limit=20)).items
    assert mine.last_lesson is not None
    assert mine.last_lesson.id == kept.id
    for page in (
        await school.container.read_lesson_notes()(user_id=LEARNER, lesson_id=removed.id, cursor=None, limit=20),
        await school.container.search_notes()(
            user_id=LEARNER, course_slug=course.slug, q="remember", cursor=None, limit=20
        ),
    ):
        assert [(each.lesson_id, each.body) for each in page.items] == [(removed.id, "Remember this")]
