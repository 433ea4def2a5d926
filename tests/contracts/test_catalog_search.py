"""What a search finds, in memory and in PostgreSQL; what it costs, on PostgreSQL alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kosu.adapters.memory.catalog import CATEGORIES as CATEGORY_TABLE
from kosu.adapters.memory.catalog import COURSES
from kosu.adapters.memory.course_search import MemoryCourseSearch
from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.postgres.catalog import PostgresCourseSearch
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.modules.catalog.domain.search import CANDIDATES, SearchQuery
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.ports import CourseSearch
from kosu.money import Money
from kosu.paging import Cursor
from tests.contracts.test_catalog_queries import published
from tests.contracts.test_catalog_records import transaction
from tests.support.catalog import AT, FREE, INSTRUCTOR
from tests.support.databases import Database
from tests.support.judged_search import CATEGORIES, HOSTILE, JUDGED, NONSENSE, catalogue

BAR = 0.95


def search(db: Database) -> CourseSearch:
    made: CourseSearch = db.queries(MemoryCourseSearch, PostgresCourseSearch)
    return made


async def found(db: Database, q: str, **filters: Any) -> list[str]:
    page = await search(db).courses(CourseListing(q=q, **filters))
    return [card.title for card in page.items]


async def suggested(db: Database, q: str, limit: int = 8) -> list[str]:
    return [suggestion.title for suggestion in await search(db).suggest(SearchQuery.of(q), limit=limit)]


async def stock(db: Database, courses: Sequence[Course]) -> None:
    async with transaction(db)() as records:
        for category in CATEGORIES:
            await records.categories.save(category)
        for course in courses:
            await records.courses.add(course)


def in_memory(courses: Sequence[Course]) -> CourseSearch:
    database = MemoryDatabase()
    database.tables[CATEGORY_TABLE] = {category.slug: category for category in CATEGORIES}
    database.tables[COURSES] = {course.id: course for course in courses}
    return MemoryCourseSearch(database)


async def test_people_find_what_they_look_for(db: Database, record_property: Any) -> None:
    """By typos, beginnings, inflections, other spaces and the other keyboard, in Korean and in English.

    Every adapter answers exactly as the one in memory does, scores included.
    """
    courses = catalogue()
    assert len(courses) >= 150
    assert {title for titles in JUDGED.values() for title in titles} <= {course.details.title for course in courses}
    await stock(db, courses)
    reference = in_memory(courses)
    missed = []
    for q, expected in JUDGED.items():
        listing = CourseListing(q=q, limit=10)
        page = await search(db).courses(listing)
        if not set(expected) <= {card.title for card in page.items[:3]}:
            missed.append(q)
        assert page == await reference.courses(listing), q
        suggestions = await search(db).suggest(SearchQuery.of(q), limit=8)
        assert suggestions == await reference.suggest(SearchQuery.of(q), limit=8), q
    rate = 1 - len(missed) / len(JUDGED)
    record_property(
        "figures", f"search, {db.name}: {rate:.1%} of {len(JUDGED)} queries among the first three; missed {missed}"
    )
    assert rate >= BAR, missed
    assert not {"demo", "파이선", "javascrpt"} & set(missed)
    for q in NONSENSE:
        assert await found(db, q) == [], q


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("demo", ["Data by demonstration"]),
        ("DEMO data", ["Data by demonstration"]),
        ("learn demo", ["Data by demonstration"]),
        ("파이", ["파이썬 100%"]),
        ("100%", ["파이썬 100%"]),
        ("%", []),
        ("_", []),
        ("cooking", []),
    ],
)
async def test_parts_of_words_are_found_in_title_and_subtitle(db: Database, q: str, expected: list[str]) -> None:
    await published(db, "Data by demonstration", subtitle="Learn by doing")
    await published(db, "파이썬 100%", category="design")
    assert await found(db, q) == expected


async def test_hostile_queries_are_answered_as_any_other(db: Database) -> None:
    courses = catalogue()[:40]
    await stock(db, courses)
    reference = in_memory(courses)
    for q in HOSTILE:
        listing = CourseListing(q=q, limit=100)
        if listing.query is not None:
            assert await search(db).courses(listing) == await reference.courses(listing), q
        assert len(await suggested(db, q)) <= 8
    assert await found(db, "!?.,:;()[]{}") == []
    assert "Python for everybody" in await found(db, "py\0thon")
    assert "Python for everybody" in await found(db, "😀 python")


async def test_a_word_counts_more_in_the_title_than_elsewhere(db: Database) -> None:
    await published(db, "In the title: sourdough", enrolment_count=0)
    await published(db, "One", subtitle="With sourdough", enrolment_count=100)
    await published(db, "Two", instructor_name="Sourdough Sam", enrolment_count=1_000)
    await published(db, "Three", description="All about bread, and sourdough.", enrolment_count=10_000)
    assert await found(db, "sourdough") == ["In the title: sourdough", "One", "Two", "Three"]


async def test_a_whole_word_comes_before_a_beginning_and_that_before_a_typo(db: Database) -> None:
    for title in ("Breading", "Bread", "Braed"):
        await published(db, title)
    assert await found(db, "bread") == ["Bread", "Breading", "Braed"]


async def test_among_equals_the_popular_comes_first(db: Database) -> None:
    for title, learners in (("Bread one", 3), ("Bread two", 900), ("Bread six", 40)):
        await published(db, title, enrolment_count=learners)
    assert await found(db, "bread") == ["Bread two", "Bread six", "Bread one"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"category": "design"}, ["Bread design"]),
        ({"level": "advanced"}, ["Bread 빵"]),
        ({"language": "ko", "price": "free"}, ["Bread 빵"]),
        ({"price": "paid"}, ["Bread design"]),
        ({"category": "\0"}, []),
    ],
)
async def test_filters_hold_for_a_search(db: Database, filters: dict[str, Any], expected: list[str]) -> None:
    await published(db, "Bread design", category="design")
    await published(db, "Bread 빵", level="advanced", language="ko", price=FREE)
    await published(db, "Other", category="design", language="ko")
    assert await found(db, "bread", **filters) == expected


@pytest.mark.parametrize(
    ("sort", "order"),
    [(None, "31204"), ("popular", "31204"), ("newest", "42130"), ("rating", "40231"), ("price", "02413")],
)
async def test_pages_of_a_search_follow_one_another_without_gap_or_repeat(
    db: Database, sort: Sort | None, order: str
) -> None:
    for number, (enrolled, rating, minutes, price) in enumerate(
        [(5, 9, 0, 0), (9, 0, 1, 100), (5, 8, 10, 0), (90, 6, 0, 300), (0, 9, 20, 50)]
    ):
        await published(
            db,
            f"Bread {number}",
            enrolment_count=enrolled,
            rating_sum=rating,
            rating_count=2 if rating else 0,
            published_at=AT + timedelta(minutes=minutes),
            price=Money(price, "KRW"),
        )
    await published(db, "Something else", enrolment_count=1_000)
    for limit in (1, 2, 5):
        seen, after = "", None
        while True:
            listing = CourseListing(q="bread", sort=sort, limit=limit, after=after)
            page = await search(db).courses(listing)
            seen += "".join(card.title[-1] for card in page.items)
            if page.next_cursor is None:
                break
            after = Cursor.decode(page.next_cursor, sort=listing.order)
        assert seen == order


async def test_a_search_finds_the_best_hundred(db: Database) -> None:
    """However many there are: nobody pages farther, and each costs time to judge."""
    courses = [replace(course, details=replace(course.details, title="Bread")) for course in catalogue()]
    await stock(db, courses)
    popular = sorted(courses, key=lambda course: course.enrolment_count, reverse=True)[:CANDIDATES]
    page = await search(db).courses(CourseListing(q="bread", limit=CANDIDATES))
    assert ([card.id for card in page.items], page.next_cursor) == ([course.id for course in popular], None)


async def test_only_published_courses_are_found(db: Database) -> None:
    course = await published(db, "Bread")
    for state in ("draft", "in_review", "archived"):
        async with transaction(db)() as records:
            await records.courses.lock(course.id)
            await records.courses.save(replace(course, state=state))
        assert await found(db, "bread") == await suggested(db, "bread") == []


async def test_a_change_is_found_at_once_and_what_was_before_no_more(db: Database) -> None:
    course = await published(db, "Bread", description="With sourdough")
    async with transaction(db)() as records:
        await records.courses.lock(course.id)
        changed = replace(course, details=replace(course.details, title="빵 굽기", description="With yeast"))
        await records.courses.save(changed)
    assert await found(db, "bread") == await found(db, "sourdough") == []
    assert await found(db, "빵굽기") == await found(db, "yeast") == ["빵 굽기"]


async def test_the_new_name_of_an_instructor_is_found(db: Database) -> None:
    await published(db, "Bread")
    async with transaction(db)() as records:
        await records.courses.rename_instructor(INSTRUCTOR, "Zelda 김")
    assert (await found(db, "zelda"), await found(db, "ines")) == (["Bread"], [])


async def test_the_new_name_of_a_category_is_found(db: Database) -> None:
    await published(db, "Bread")
    async with transaction(db)() as records:
        await records.categories.save(Category("data", "요리", 1))
    assert (await found(db, "요리"), await found(db, "data")) == (["Bread"], [])


async def test_a_change_that_is_taken_back_is_not_found(db: Database) -> None:
    course = await published(db, "Bread")

    async def change_and_fail() -> None:
        async with transaction(db)() as records:
            await records.courses.lock(course.id)
            await records.courses.save(replace(course, details=replace(course.details, title="Cake")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_and_fail()
    assert (await found(db, "bread"), await found(db, "cake")) == (["Bread"], [])


async def test_suggestions_answer_every_letter_that_is_typed(db: Database) -> None:
    await published(db, "파이썬으로 시작하는 프로그래밍", enrolment_count=3)
    await published(db, "Python for everybody")
    await published(db, "Bread", subtitle="Baked by a python", description="파이썬")
    for typed in ("파", "파이", "파잇", "파이써", "파이선", "파이썬으", "vkdlTjs"):
        assert await suggested(db, typed) == ["파이썬으로 시작하는 프로그래밍"], typed
    for typed in ("p", "py", "pyt", "pyhton", "Python", "python for ev", "ㅔㅛ쇄ㅜ"):
        assert await suggested(db, typed) == ["Python for everybody"], typed
    for nothing in ("", " ", "?", "\0", "qwxz"):
        assert await suggested(db, nothing) == []


async def test_there_are_only_so_many_suggestions_and_the_best_come_first(db: Database) -> None:
    for number in range(12):
        await published(db, f"Bread {number}", enrolment_count=10**number)
    assert await suggested(db, "bre", limit=8) == [f"Bread {number}" for number in range(11, 3, -1)]


async def test_a_course_tells_its_slug(db: Database) -> None:
    course = await published(db, "Bread")
    (suggestion,) = await search(db).suggest(SearchQuery.of("bread"), limit=8)
    assert (suggestion.title, suggestion.slug) == ("Bread", course.slug)
