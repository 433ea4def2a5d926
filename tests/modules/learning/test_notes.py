"""Notes at a moment."""

from __future__ import annotations

import pytest

from kosu.ids import LessonId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.errors import (
    CourseNotFound,
    InvalidNote,
    NoteNotFound,
    PurchaseRequired,
)
from kosu.modules.learning.views import NoteView
from kosu.paging import InvalidCursor
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


@pytest.fixture
async def course(school: LearningInMemory) -> Course:
    course = await school.catalog.course(lessons=[("video", False), ("video", False)])
    await school.enrol(course)
    await school.publish_media(course.lessons[0].id)
    return course


async def write(
    school: LearningInMemory, lesson_id: LessonId, body: str = "Remember this", *, at_ms: int = 1_000
) -> NoteView:
    school.clock.advance(seconds=1)
    return await school.container.write_note()(
        user_id=LEARNER, is_operator=False, lesson_id=lesson_id, at_ms=at_ms, body=body, media_revision=None
    )


async def test_a_note_links_to_its_moment(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    note = await write(school, lesson, "<script>alert(1)</script>", at_ms=83_500)
    assert note.deep_link == f"/learn/{course.slug}/{lesson}?t=83500"
    assert (note.body, note.media_revision, note.stale) == ("<script>alert(1)</script>", 1, False)


async def test_a_note_is_stale_once_another_revision_plays(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    await write(school, lesson)
    await school.publish_media(lesson, revision=2)
    page = await school.container.read_lesson_notes()(user_id=LEARNER, lesson_id=lesson, cursor=None, limit=20)
    assert [(note.stale, note.at_ms) for note in page.items] == [(True, 1_000)]


@pytest.mark.parametrize(
    ("body", "at_ms", "field"),
    [
        ("  ", 0, "body"),
        ("x" * 20_001, 0, "body"),
        ("a\0b", 0, "body"),
        ("x", -1, "at_ms"),
        ("x", 100_001, "at_ms"),
    ],
)
async def test_a_note_that_cannot_be_kept_is_refused_by_name(
    school: LearningInMemory, course: Course, body: str, at_ms: int, field: str
) -> None:
    with pytest.raises(InvalidNote) as refusal:
        await write(school, course.lessons[0].id, body, at_ms=at_ms)
    assert refusal.value.field == field


async def test_a_locked_lesson_takes_no_notes(school: LearningInMemory) -> None:
    other = await school.catalog.course("Not mine")
    with pytest.raises(PurchaseRequired):
        await write(school, other.lessons[0].id)


async def test_an_edit_changes_what_is_given_and_leaves_the_rest(school: LearningInMemory, course: Course) -> None:
    note = await write(school, course.lessons[0].id)
    school.clock.advance(minutes=1)
    edited = await school.container.edit_note()(user_id=LEARNER, note_id=note.id, body="Better")
    assert (edited.body, edited.at_ms, edited.created_at) == ("Better", note.at_ms, note.created_at)
    assert edited.updated_at > note.updated_at


async def test_notes_are_their_authors_alone(school: LearningInMemory, course: Course) -> None:
    note = await write(school, course.lessons[0].id)
    with pytest.raises(NoteNotFound):
        await school.container.edit_note()(user_id=OTHER_LEARNER, note_id=note.id, body="Mine")
    with pytest.raises(NoteNotFound):
        await school.container.remove_note()(user_id=OTHER_LEARNER, note_id=note.id)
    page = await school.container.search_notes()(user_id=OTHER_LEARNER, course_slug=None, q=None, cursor=None, limit=20)
    assert page.items == []


async def test_a_removed_note_is_gone(school: LearningInMemory, course: Course) -> None:
    note = await write(school, course.lessons[0].id)
    await school.container.remove_note()(user_id=LEARNER, note_id=note.id)
    with pytest.raises(NoteNotFound):
        await school.container.remove_note()(user_id=LEARNER, note_id=note.id)


async def test_notes_outlive_access_and_the_lesson(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    note = await write(school, lesson)
    await school.catalog.container.remove_lesson()(
        user_id=course.instructor_id,
        is_operator=False,
        course_id=course.id,
        section_id=course.sections[0].id,
        lesson_id=lesson,
    )
    page = await school.container.search_notes()(user_id=LEARNER, course_slug=None, q=None, cursor=None, limit=20)
    assert page.items == [note]


async def test_a_search_finds_every_word_anywhere_within_a_course(school: LearningInMemory, course: Course) -> None:
    other = await school.catalog.course("Another")
    await school.enrol(other)
    await write(school, course.lessons[0].id, "Gradient descent, step size")
    await write(school, course.lessons[1].id, "Descent only")
    await write(school, other.lessons[0].id, "Size of a descent")

    async def found(q: str | None, course_slug: str | None = None) -> list[str]:
        page = await school.container.search_notes()(
            user_id=LEARNER, course_slug=course_slug, q=q, cursor=None, limit=20
        )
        return [note.body for note in page.items]

    assert await found("SIZE desc") == ["Size of a descent", "Gradient descent, step size"]
    assert len(await found("\0")) == 3
    assert await found("descent", course.slug) == ["Descent only", "Gradient descent, step size"]
    with pytest.raises(CourseNotFound):
        await found(None, "nowhere")


async def test_pages_follow_one_another_without_gap_or_repeat(school: LearningInMemory, course: Course) -> None:
    lesson = course.lessons[0].id
    for at_ms in (3_000, 1_000, 2_000, 2_000):
        await write(school, lesson, at_ms=at_ms)
    cursor, moments = None, []
    while True:
        page = await school.container.read_lesson_notes()(user_id=LEARNER, lesson_id=lesson, cursor=cursor, limit=3)
        moments += [note.at_ms for note in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert moments == [1_000, 2_000, 2_000, 3_000]


@pytest.mark.parametrize("cursor", ["", "x", "é", "A" * 31, "A" * 33, "_" * 32])
async def test_a_made_up_cursor_is_refused(school: LearningInMemory, course: Course, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        await school.container.search_notes()(user_id=LEARNER, course_slug=None, q=None, cursor=cursor, limit=3)
