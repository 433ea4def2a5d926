"""What catalog answers, in memory and in PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from kosu.adapters.memory.catalog import MemoryCatalogQueries
from kosu.adapters.postgres.catalog import PostgresCatalogQueries
from kosu.ids import CourseId, LessonId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.curriculum import Lesson
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.modules.catalog.ports import CatalogQueries
from kosu.modules.catalog.views import DetailSection
from kosu.money import Money
from kosu.paging import Cursor
from tests.contracts.test_catalog_records import added, transaction
from tests.support.catalog import AT, FREE, INSTRUCTOR, OTHER_INSTRUCTOR, a_course, a_lesson, a_section
from tests.support.databases import Database


def queries(db: Database) -> CatalogQueries:
    made: CatalogQueries = db.queries(MemoryCatalogQueries, PostgresCatalogQueries)
    return made


async def published(db: Database, title: str = "Data by demonstration", **changes: Any) -> Course:
    lessons = a_section(a_lesson(duration_ms=1_000))
    return await added(
        db, a_course(title, **{"state": "published", "published_at": AT, "sections": (lessons,), **changes})
    )


async def titles(db: Database, **filters: Any) -> list[str]:
    page = await queries(db).courses(CourseListing(**filters))
    return [card.title for card in page.items]


async def test_a_card_says_what_a_card_shows(db: Database) -> None:
    course = await published(
        db,
        subtitle="Learn it",
        list_price=Money(99_000, "KRW"),
        cover_url="/c.png",
        rating_sum=14,
        rating_count=3,
        enrolment_count=7,
        sections=(a_section(a_lesson(duration_ms=1_000), a_lesson("Text", "text")), a_section(a_lesson())),
    )
    (card,) = (await queries(db).courses(CourseListing())).items
    assert (card.id, card.slug, card.title, card.subtitle) == (course.id, course.slug, course.details.title, "Learn it")
    assert (card.instructor.display_name, card.category.slug, card.category.name) == ("Ines", "data", "Data")
    assert (card.price, card.list_price) == (Money(49_000, "KRW"), Money(99_000, "KRW"))
    assert (card.rating.average, card.rating.count, card.enrolment_count) == (4.7, 3, 7)
    assert (card.duration_ms, card.lesson_count, card.cover_url) == (1_000, 3, "/c.png")
    assert await queries(db).cards([course.id, CourseId(a_lesson().id)]) == {course.id: card}


@pytest.mark.parametrize(
    ("lesson", "has_preview"),
    [
        (a_lesson(preview=True, duration_ms=1_000), True),
        (a_lesson(kind="text", preview=True), True),
        (a_lesson(preview=True), False),
        (a_lesson(duration_ms=1_000), False),
    ],
    ids=["a video", "a text", "a video that is not there yet", "no preview"],
)
async def test_a_card_says_whether_anybody_may_look_into_a_lesson(
    db: Database, lesson: Lesson, has_preview: bool
) -> None:
    course = await published(db, sections=(a_section(a_lesson()), a_section(lesson)))
    (card,) = (await queries(db).courses(CourseListing())).items
    assert card.has_preview is has_preview
    async with transaction(db)() as records:
        await records.courses.save(course.without_lesson(course.sections[1].id, lesson.id, at=AT))
    assert not (await queries(db).cards([course.id]))[course.id].has_preview


async def test_a_list_holds_published_courses_only(db: Database) -> None:
    await published(db, "Published")
    for state in ("draft", "in_review", "archived"):
        await added(db, a_course(state, state=state))
    assert await titles(db) == ["Published"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"category": "design"}, ["Design"]),
        ({"level": "advanced"}, ["Korean"]),
        ({"language": "ko"}, ["Korean"]),
        ({"price": "free"}, ["Korean"]),
        ({"price": "paid"}, ["Design"]),
        ({"category": "design", "price": "free"}, []),
        ({"category": "\0", "language": "\0"}, []),
    ],
)
async def test_each_filter_leaves_what_fits(db: Database, filters: dict[str, Any], found: list[str]) -> None:
    await published(db, "Design", category="design")
    await published(db, "Korean", level="advanced", language="ko", price=FREE)
    assert await titles(db, **filters) == found


async def five(db: Database) -> None:
    """Courses whose every sort has ties."""
    for number, (enrolled, rating, minutes, price) in enumerate(
        [(5, 0, 0, 100), (5, 9, 10, 0), (9, 8, 10, 100), (0, 8, 20, 300), (9, 8, 5, 0)]
    ):
        await published(
            db,
            f"{number}",
            enrolment_count=enrolled,
            rating_sum=rating,
            rating_count=2 if rating else 0,
            published_at=AT + timedelta(minutes=minutes, microseconds=minutes),
            price=Money(price, "KRW"),
        )


@pytest.mark.parametrize(
    ("sort", "order"),
    [("popular", "42103"), ("newest", "32140"), ("rating", "14320"), ("price", "14023")],
)
async def test_pages_of_every_sort_follow_one_another_without_gap_or_repeat(
    db: Database, sort: Sort, order: str
) -> None:
    await five(db)
    for limit in (1, 2, 5):
        seen, after = "", None
        while True:
            page = await queries(db).courses(CourseListing(sort=sort, limit=limit, after=after))
            seen += "".join(card.title for card in page.items)
            if page.next_cursor is None:
                break
            after = Cursor.decode(page.next_cursor, sort=sort)
        assert seen == order


async def test_a_detail_has_the_curriculum_in_order_whatever_the_state(db: Database) -> None:
    one, two = a_lesson("Z", preview=True, duration_ms=5), a_lesson("A", "text", body="secret")
    course = await added(
        db, a_course(outcomes=("Know",), sections=(a_section(one, two, title="Y"), a_section(title="B")))
    )
    detail = await queries(db).detail(course.slug)
    assert detail is not None
    assert (detail.state, detail.instructor_id, detail.outcomes) == ("draft", INSTRUCTOR, ["Know"])
    curriculum = msgspec.json.decode(detail.curriculum, type=list[DetailSection])
    assert [(section.section, [lesson.title for lesson in section.lessons]) for section in curriculum] == [
        ("Y", ["Z", "A"]),
        ("B", []),
    ]
    lesson = curriculum[0].lessons[0]
    assert (lesson.id, lesson.kind, lesson.preview, lesson.duration_ms) == (one.id, "video", True, 5)
    for slug in ("nowhere", "\0"):
        assert await queries(db).detail(slug) is None


async def test_each_lesson_of_a_detail_ends_with_whether_it_is_a_preview(db: Database) -> None:
    """To which learning adds: by the text, so that no title may be taken for it."""
    odd = '"preview":true} \\"preview":false} \\'
    lessons = [a_lesson(odd, preview=preview) for preview in (True, False, False)]
    course = await added(db, a_course(sections=(a_section(*lessons, title=odd),)))
    detail = await queries(db).detail(course.slug)
    assert detail is not None
    assert detail.curriculum.count('"preview":true}') == 1
    assert detail.curriculum.count('"preview":false}') == 2
    (section,) = msgspec.json.decode(detail.curriculum, type=list[DetailSection])
    assert [section.section, *(lesson.title for lesson in section.lessons)] == [odd] * 4
    empty = await queries(db).detail((await added(db, a_course("Empty"))).slug)
    assert empty is not None
    assert empty.curriculum == "[]"


async def test_the_studio_lists_ones_own_courses_in_any_state_newest_first(db: Database) -> None:
    for title, state in (("One", "draft"), ("Two", "archived"), ("Three", "published")):
        await added(db, a_course(title, state=state))
    await added(db, a_course("Other", instructor_id=OTHER_INSTRUCTOR))
    first = await queries(db).studio_courses(INSTRUCTOR, before=None, limit=2)
    assert [(card.title, card.state) for card in first.items] == [("Three", "published"), ("Two", "archived")]
    second = await queries(db).studio_courses(INSTRUCTOR, before=first.items[-1].id, limit=2)
    assert ([card.title for card in second.items], second.next_cursor) == (["One"], None)


async def test_outlines_count_positions_through_the_whole_course(db: Database) -> None:
    lessons = [a_lesson(f"{number}", duration_ms=number) for number in range(4)]
    course = await published(db, sections=(a_section(*lessons[:2]), a_section(title="Empty"), a_section(*lessons[2:])))
    outline = (await queries(db).outlines([course.id]))[course.id]
    assert [(lesson.title, lesson.position) for lesson in outline.lessons] == [("0", 0), ("1", 1), ("2", 2), ("3", 3)]
    assert await queries(db).outline_with_slug(course.slug) == outline
    assert await queries(db).outline_with_slug("\0") is None
    found = await queries(db).lessons([lessons[2].id, lessons[1].id, LessonId(course.id)])
    assert found == {lessons[2].id: outline.lessons[2], lessons[1].id: outline.lessons[1]}


async def test_a_course_without_lessons_has_an_outline(db: Database) -> None:
    course = await added(db, a_course())
    assert (await queries(db).outlines([course.id]))[course.id].lessons == ()


async def test_a_lesson_that_left_the_curriculum_has_an_outline_without_a_position(db: Database) -> None:
    gone, kept = a_lesson("Gone", "text", body="# Text"), a_lesson("Kept", "text", body="# Text")
    course = await published(db, sections=(a_section(gone, kept),))
    async with transaction(db)() as records:
        await records.courses.lock(course.id)
        await records.courses.save(course.without_lesson(course.sections[0].id, gone.id, at=AT))
    found = await queries(db).lessons([gone.id, kept.id])
    assert (found[gone.id].position, found[gone.id].title, found[kept.id].position) == (None, "Gone", 0)
    assert await queries(db).lesson_body(kept.id) == "# Text"
    assert await queries(db).lesson_body(gone.id) is None


async def test_a_video_has_no_body_to_read(db: Database) -> None:
    course = await published(db)
    assert await queries(db).lesson_body(course.lessons[0].id) is None


async def test_categories_come_by_position(db: Database) -> None:
    await published(db)
    assert [category.slug for category in await queries(db).categories()] == ["data", "design"]
