"""Courses and categories, in memory and in PostgreSQL; races on PostgreSQL alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kosu.adapters.memory.catalog import MemoryCatalogRecords
from kosu.adapters.postgres.catalog import PostgresCatalogRecords
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.errors import SlugTaken
from kosu.modules.catalog.ports import CatalogRecords
from kosu.money import Money
from kosu.ports.unit_of_work import Transaction
from tests.support.catalog import AT, CATEGORIES, a_course, a_lesson, a_section
from tests.support.databases import Database, InPostgres


def transaction(db: Database) -> Transaction[CatalogRecords]:
    return db.transaction(MemoryCatalogRecords, PostgresCatalogRecords)


async def added(db: Database, course: Course) -> Course:
    async with transaction(db)() as records:
        for category in CATEGORIES:
            await records.categories.save(category)
        await records.courses.add(course)
    return course


async def stored(db: Database, course_id: CourseId) -> Course | None:
    async with transaction(db)() as records:
        return await records.courses.get(course_id)


async def test_a_course_comes_back_as_it_was_added(db: Database) -> None:
    course = a_course(
        "파이썬",
        price=Money(1_999, "USD"),
        list_price=Money(2_999, "USD"),
        outcomes=("One", "Two"),
        cover_url="/covers/1.png",
        state="published",
        published_at=AT,
        enrolment_count=3,
        enrolment_counted_at=AT,
        rating_sum=9,
        rating_count=2,
        sections=(
            a_section(
                a_lesson("B", preview=True, duration_ms=9_000, media_revision=2),
                a_lesson("A", "text", body="# Read"),
            ),
            a_section(title="Empty"),
        ),
    )
    assert await stored(db, (await added(db, course)).id) == course


async def test_a_course_that_is_not_there_is_none(db: Database) -> None:
    assert await stored(db, a_course().id) is None


async def test_a_slug_is_taken_once(db: Database) -> None:
    course = await added(db, a_course(slug="data"))
    async with transaction(db)() as records:
        assert await records.courses.slug_exists("data")
        assert not await records.courses.slug_exists("dat")
    with pytest.raises(SlugTaken):
        await added(db, a_course(slug="data"))
    assert await stored(db, course.id) == course


async def test_a_saved_course_comes_back_as_it_was_saved(db: Database) -> None:
    one, two, three = a_lesson("One"), a_lesson("Two"), a_lesson("Three", "text", body="# Read")
    first, second = a_section(one, two, title="First"), a_section(title="Second")
    course = await added(db, a_course(sections=(first, second)))
    changed = replace(
        course,
        details=replace(course.details, title="Better", outcomes=("More",)),
        updated_at=AT + timedelta(hours=1),
        sections=(replace(second, lessons=(two, three)), replace(first, title="Now last", lessons=(one,))),
    )
    async with transaction(db)() as records:
        assert await records.courses.lock(course.id) == course
        await records.courses.save(changed)
    assert await stored(db, course.id) == changed


async def test_what_left_the_curriculum_is_no_longer_part_of_the_course(db: Database) -> None:
    kept, dropped, with_section = a_lesson("Kept"), a_lesson("Dropped"), a_lesson("With its section")
    first, second = a_section(kept, dropped), a_section(with_section)
    course = await added(db, a_course(sections=(first, second)))
    changed = replace(course, sections=(replace(first, lessons=(kept,)),))
    async with transaction(db)() as records:
        await records.courses.lock(course.id)
        await records.courses.save(changed)
    assert await stored(db, course.id) == changed
    async with transaction(db)() as records:
        assert await records.courses.lock_with_lesson(kept.id) == changed
        assert await records.courses.lock_with_lesson(dropped.id) is None
        assert await records.courses.lock_with_lesson(with_section.id) is None
        assert await records.courses.lock_with_lesson(LessonId(course.id)) is None


async def test_an_instructor_has_one_name_on_all_courses(db: Database) -> None:
    mine, theirs = await added(db, a_course()), a_course("Another", instructor_id=UserId(UUID(int=7)))
    async with transaction(db)() as records:
        await records.courses.add(theirs)
        await records.courses.rename_instructor(mine.instructor_id, "새 이름")
    assert await stored(db, mine.id) == replace(mine, instructor_name="새 이름")
    assert await stored(db, theirs.id) == theirs


async def test_a_category_is_added_and_then_renamed(db: Database) -> None:
    async with transaction(db)() as records:
        assert not await records.categories.exists("data")
        await records.categories.save(Category("data", "Data", 1))
    async with transaction(db)() as records:
        await records.categories.save(Category("data", "데이터", 2))
        assert await records.categories.exists("data")


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    course = a_course()

    async def add_and_fail() -> None:
        async with transaction(db)() as records:
            await records.categories.save(CATEGORIES[0])
            await records.courses.add(course)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await add_and_fail()
    assert await stored(db, course.id) is None


async def test_edits_at_once_lose_none(postgres: InPostgres) -> None:
    course = await added(postgres, a_course())

    async def add_section(title: str) -> None:
        async with transaction(postgres)() as records:
            locked = await records.courses.lock(course.id)
            assert locked is not None
            await records.courses.save(locked.with_section(a_section(title=title), at=AT))

    titles = [f"Section {number}" for number in range(12)]
    await asyncio.gather(*map(add_section, titles))
    result = await stored(postgres, course.id)
    assert result is not None
    assert sorted(section.title for section in result.sections) == sorted(titles)
