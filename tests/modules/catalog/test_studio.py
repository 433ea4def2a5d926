"""What an instructor does with a course."""

from __future__ import annotations

from uuid import UUID

import pytest

from kosu.ids import CourseId, LessonId, SectionId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.curriculum import Lesson, Section
from kosu.modules.catalog.errors import (
    CourseNotFound,
    CourseStateConflict,
    CurriculumEmpty,
    CurriculumMismatch,
    InvalidCourse,
    LessonNotFound,
    NotCourseOwner,
    ReviewRequired,
    SectionNotFound,
    UnknownCategory,
)
from kosu.money import Money
from tests.support.catalog import INSTRUCTOR, OPERATOR, OTHER_INSTRUCTOR, CatalogInMemory, details


@pytest.fixture
def studio() -> CatalogInMemory:
    return CatalogInMemory()


async def test_a_new_course_is_a_draft_with_a_slug_made_from_its_title(studio: CatalogInMemory) -> None:
    course = await studio.create("Café & Data: 101!")
    assert (course.slug, course.state) == ("cafe-data-101", "draft")


async def test_a_korean_title_gets_a_slug_by_id(studio: CatalogInMemory) -> None:
    course = await studio.create("파이썬 기초")
    assert course.slug == f"course-{course.id.hex[-8:]}"


async def test_a_second_course_with_the_same_title_gets_a_slug_of_its_own(studio: CatalogInMemory) -> None:
    first, second = await studio.create("Data"), await studio.create("Data")
    assert first.slug == "data"
    assert second.slug == f"data-{second.id.hex[-8:]}"


async def test_the_slug_stays_when_the_title_changes(studio: CatalogInMemory) -> None:
    course = await studio.create("Data")
    edited = await studio.container.edit_course()(
        user_id=INSTRUCTOR, is_operator=False, course_id=course.id, changes={"title": "Better data"}
    )
    assert (edited.slug, edited.details.title) == ("data", "Better data")


async def test_an_unknown_category_is_refused(studio: CatalogInMemory) -> None:
    course = await studio.create()
    with pytest.raises(UnknownCategory):
        await studio.container.create_course()(user_id=INSTRUCTOR, details=details(category="nowhere"))
    with pytest.raises(UnknownCategory):
        await studio.container.edit_course()(
            user_id=INSTRUCTOR, is_operator=False, course_id=course.id, changes={"category": "nowhere"}
        )


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("title", lambda: details("   ")),
        ("title", lambda: details("x" * 201)),
        ("title", lambda: details("a\0b")),
        ("language", lambda: details(language="English")),
        ("price", lambda: details(price=Money(-1, "KRW"))),
        ("list_price", lambda: details(list_price=Money(1, "KRW"))),
        ("list_price", lambda: details(list_price=Money(99_000, "USD"))),
        ("cover_url", lambda: details(cover_url="javascript:alert(1)")),
        ("cover_url", lambda: details(cover_url="//elsewhere.test/x.png")),
        ("outcomes", lambda: details(outcomes=("x",) * 21)),
    ],
)
def test_a_value_that_no_course_can_have_is_refused_by_name(field: str, make: object) -> None:
    assert callable(make)
    with pytest.raises(InvalidCourse) as refusal:
        make()
    assert refusal.value.field == field


async def test_only_the_owner_and_operators_change_a_course(studio: CatalogInMemory) -> None:
    course = await studio.create()
    with pytest.raises(NotCourseOwner):
        await studio.container.add_section()(
            user_id=OTHER_INSTRUCTOR, is_operator=False, course_id=course.id, title="Mine now"
        )
    await studio.container.add_section()(user_id=OPERATOR, is_operator=True, course_id=course.id, title="Checked")
    assert [section.title for section in (await studio.read(course)).sections] == ["Checked"]


async def test_what_is_not_there_cannot_be_changed(studio: CatalogInMemory) -> None:
    course = await studio.create()
    section = await studio.section(course)
    with pytest.raises(CourseNotFound):
        await studio.container.archive_course()(user_id=INSTRUCTOR, is_operator=False, course_id=CourseId(UUID(int=9)))
    with pytest.raises(SectionNotFound):
        await studio.container.edit_section()(
            user_id=INSTRUCTOR,
            is_operator=False,
            course_id=course.id,
            section_id=SectionId(UUID(int=9)),
            title="Nowhere",
        )
    with pytest.raises(LessonNotFound):
        await studio.container.remove_lesson()(
            user_id=INSTRUCTOR,
            is_operator=False,
            course_id=course.id,
            section_id=section.id,
            lesson_id=LessonId(UUID(int=9)),
        )


async def test_a_course_without_lessons_cannot_be_offered(studio: CatalogInMemory) -> None:
    course = await studio.create()
    await studio.section(course)
    for offer in (studio.container.submit_course(), studio.container.publish_course()):
        with pytest.raises(CurriculumEmpty):
            await offer(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)


async def test_publishing_twice_keeps_the_first_moment(studio: CatalogInMemory) -> None:
    course = await studio.course()
    studio.clock.advance(hours=1)
    publish = studio.container.publish_course()
    assert await publish(user_id=INSTRUCTOR, is_operator=False, course_id=course.id) == course
    await studio.container.archive_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    again = await publish(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert (again.state, again.published_at) == ("published", course.published_at)


async def test_where_review_is_on_only_an_operator_publishes() -> None:
    studio = CatalogInMemory(review_required=True)
    course = await studio.course(published=False)
    submitted = await studio.container.submit_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert submitted.state == "in_review"
    with pytest.raises(ReviewRequired):
        await studio.container.publish_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    published = await studio.container.publish_course()(user_id=OPERATOR, is_operator=True, course_id=course.id)
    assert published.state == "published"


async def test_a_published_course_cannot_be_submitted(studio: CatalogInMemory) -> None:
    course = await studio.course()
    with pytest.raises(CourseStateConflict) as refusal:
        await studio.container.submit_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    assert refusal.value.state == "published"


async def test_a_published_course_keeps_at_least_one_lesson(studio: CatalogInMemory) -> None:
    course = await studio.course()
    with pytest.raises(CurriculumEmpty):
        await studio.container.remove_section()(
            user_id=INSTRUCTOR, is_operator=False, course_id=course.id, section_id=course.sections[0].id
        )


async def test_reordering_keeps_every_id_and_may_move_a_lesson_to_another_section(studio: CatalogInMemory) -> None:
    course = await studio.create()
    first, second = await studio.section(course, "First"), await studio.section(course, "Second")
    one, two = await studio.lesson(course, first, "One"), await studio.lesson(course, first, "Two")
    changed = await studio.container.reorder_curriculum()(
        user_id=INSTRUCTOR,
        is_operator=False,
        course_id=course.id,
        order=[(second.id, [two.id]), (first.id, [one.id])],
    )
    assert [(section.id, [lesson.id for lesson in section.lessons]) for section in changed.sections] == [
        (second.id, [two.id]),
        (first.id, [one.id]),
    ]


@pytest.mark.parametrize("fault", ["missing lesson", "lesson twice", "missing section", "unknown lesson"])
async def test_an_order_that_is_not_of_this_curriculum_is_refused(studio: CatalogInMemory, fault: str) -> None:
    course = await studio.course(lessons=[("video", False), ("text", False)])
    section = course.sections[0].id
    one, two = (lesson.id for lesson in course.lessons)
    order = {
        "missing lesson": [(section, [one])],
        "lesson twice": [(section, [one, one, two])],
        "missing section": [],
        "unknown lesson": [(section, [one, two, LessonId(UUID(int=9))])],
    }[fault]
    with pytest.raises(CurriculumMismatch):
        await studio.container.reorder_curriculum()(
            user_id=INSTRUCTOR, is_operator=False, course_id=course.id, order=order
        )
    assert await studio.read(course) == course


async def test_a_removed_lesson_leaves_the_curriculum_and_siblings_still_know_it(studio: CatalogInMemory) -> None:
    course = await studio.course(lessons=[("video", False), ("text", False)])
    removed = course.lessons[0]
    await studio.container.remove_lesson()(
        user_id=INSTRUCTOR,
        is_operator=False,
        course_id=course.id,
        section_id=course.sections[0].id,
        lesson_id=removed.id,
    )
    assert await studio.catalog.lesson(removed.id) is None
    outline = (await studio.catalog.lessons([removed.id]))[removed.id]
    assert (outline.position, outline.title) == (None, removed.title)


async def test_a_video_lesson_has_no_body(studio: CatalogInMemory) -> None:
    course = await studio.course(lessons=[("video", False), ("text", False)])
    video, text = course.lessons

    async def edit(lesson_id: LessonId) -> Course:
        await studio.container.edit_lesson()(
            user_id=INSTRUCTOR,
            is_operator=False,
            course_id=course.id,
            section_id=course.sections[0].id,
            lesson_id=lesson_id,
            changes={"body": "**New**"},
        )
        return await studio.read(course)

    with pytest.raises(InvalidCourse):
        await edit(video.id)
    assert (await edit(text.id)).lessons[1].body == "**New**"


@pytest.mark.parametrize("text", ["ding\a", "\u202elearn", "two\nlines"])
def test_one_line_texts_hold_nothing_that_cannot_be_printed(text: str) -> None:
    with pytest.raises(InvalidCourse):
        details(text)
    with pytest.raises(InvalidCourse):
        Section(id=SectionId(UUID(int=1)), title=text)
    with pytest.raises(InvalidCourse):
        Lesson(id=LessonId(UUID(int=1)), title=text, kind="text")


def test_a_body_has_lines_and_a_title_may_have_an_emoji_of_several() -> None:
    title = "👩\u200d💻 코딩\u00a0입문"
    assert Lesson(id=LessonId(UUID(int=1)), title=title, kind="text", body="one\n\n\ttwo").title == title
