"""Categories and collections as operators keep them, in memory and in PostgreSQL; races on PostgreSQL alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kosu.ids import CourseId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.modules.catalog.errors import CategoryInUse, CategoryTaken, CollectionTaken
from tests.contracts.test_catalog_records import added, transaction
from tests.support.catalog import a_course
from tests.support.databases import Database, InPostgres

MUSIC = Category("music", "Music", 3)


async def category(db: Database, slug: str) -> Category | None:
    async with transaction(db)() as records:
        return await records.categories.lock(slug)


async def collection(db: Database, slug: str = "first") -> CourseCollection | None:
    async with transaction(db)() as records:
        return await records.collections.lock(slug)


async def collected(db: Database, *courses: Course) -> CourseCollection:
    made = CourseCollection(
        slug="first",
        title="먼저",
        description="Begin\nhere",
        position=7,
        published=True,
        course_ids=tuple(course.id for course in courses),
    )
    async with transaction(db)() as records:
        await records.collections.add(made)
    return made


async def test_a_category_is_added_once(db: Database) -> None:
    async with transaction(db)() as records:
        await records.categories.add(MUSIC)
    assert await category(db, "music") == MUSIC
    assert await category(db, "nowhere") is None
    assert await category(db, "\0") is None

    async def add_again() -> None:
        async with transaction(db)() as records:
            await records.categories.add(replace(MUSIC, name="Other"))

    with pytest.raises(CategoryTaken):
        await add_again()
    assert await category(db, "music") == MUSIC


async def test_a_category_is_removed_unless_a_course_is_in_it(db: Database) -> None:
    course = await added(db, a_course(state="archived"))

    async def remove(slug: str) -> bool:
        async with transaction(db)() as records:
            return await records.categories.remove(slug)

    with pytest.raises(CategoryInUse):
        await remove(course.details.category)
    assert await category(db, "data") is not None
    assert await remove("design")
    assert not await remove("design")
    assert not await remove("\0")
    assert await category(db, "design") is None


async def test_a_collection_comes_back_as_it_was_added(db: Database) -> None:
    one, two = await added(db, a_course("One")), await added(db, a_course("Two"))
    made = await collected(db, two, one)
    assert await collection(db) == made
    assert await collection(db, "nowhere") is None
    assert await collection(db, "\0") is None
    with pytest.raises(CollectionTaken):
        await collected(db, one)
    assert await collection(db) == made


async def test_a_saved_collection_comes_back_as_it_was_saved(db: Database) -> None:
    one, two, three = [await added(db, a_course(title)) for title in ("One", "Two", "Three")]
    made = await collected(db, one, two)
    changed = replace(made, title="Other", published=False, position=0, course_ids=(three.id, one.id))
    async with transaction(db)() as records:
        await records.collections.lock("first")
        await records.collections.save(changed)
    assert await collection(db) == changed
    async with transaction(db)() as records:
        await records.collections.save(replace(changed, course_ids=()))
    assert await collection(db) == replace(changed, course_ids=())


async def test_a_removed_collection_leaves_its_courses(db: Database) -> None:
    course = await added(db, a_course())
    await collected(db, course)
    async with transaction(db)() as records:
        assert await records.collections.remove("first")
        assert not await records.collections.remove("first")
        assert not await records.collections.remove("\0")
    assert await collection(db) is None
    async with transaction(db)() as records:
        assert await records.courses.get(course.id) == course
    await collected(db, course)


async def test_of_many_who_add_the_same_one_succeeds(postgres: InPostgres) -> None:
    async def add() -> bool:
        try:
            await collected(postgres)
        except CollectionTaken:
            return False
        return True

    assert sorted(await asyncio.gather(*(add() for _ in range(8)))) == [False] * 7 + [True]


async def test_edits_at_once_lose_no_course(postgres: InPostgres) -> None:
    courses = [await added(postgres, a_course(f"{number}")) for number in range(8)]
    await collected(postgres)

    async def put(course_id: CourseId) -> None:
        async with transaction(postgres)() as records:
            locked = await records.collections.lock("first")
            assert locked is not None
            await records.collections.save(replace(locked, course_ids=(*locked.course_ids, course_id)))

    await asyncio.gather(*(put(course.id) for course in courses))
    result = await collection(postgres)
    assert result is not None
    assert set(result.course_ids) == {course.id for course in courses}


async def test_a_category_does_not_go_while_a_course_is_put_into_it(postgres: InPostgres) -> None:
    """Who asked whether it exists finds it there until the course is written."""
    async with transaction(postgres)() as records:
        await records.categories.add(MUSIC)
    asked, course = asyncio.Event(), a_course(category="music")

    async def put() -> None:
        async with transaction(postgres)() as records:
            assert await records.categories.exists("music")
            asked.set()
            await asyncio.sleep(0.2)
            await records.courses.add(course)

    async def remove() -> None:
        await asked.wait()
        async with transaction(postgres)() as records:
            await records.categories.remove("music")

    outcomes = await asyncio.gather(put(), remove(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), CategoryInUse]
