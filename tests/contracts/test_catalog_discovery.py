"""The pages that lead to courses, and what operators read, in memory and in PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kosu.adapters.memory.back_office import MemoryBackOffice
from kosu.adapters.memory.course_search import MemoryCourseSearch
from kosu.adapters.memory.discovery import MemoryDiscovery
from kosu.adapters.postgres.catalog import PostgresBackOffice, PostgresCourseSearch, PostgresDiscovery
from kosu.modules.catalog.back_office_views import CollectedCourse, OpsCategory
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.ports import BackOffice, CourseSearch, Discovery
from kosu.modules.catalog.views import CategoryShelf, CollectionShelf, HomeRow, NewestRow, PopularRow
from kosu.paging import BY_ID, Cursor
from tests.contracts.test_catalog_queries import published, queries, titles
from tests.contracts.test_catalog_records import added, transaction
from tests.support.catalog import AT, OTHER_INSTRUCTOR, a_course
from tests.support.databases import Database


def discovery(db: Database) -> Discovery:
    made: Discovery = db.queries(MemoryDiscovery, PostgresDiscovery)
    return made


def back_office(db: Database) -> BackOffice:
    made: BackOffice = db.queries(MemoryBackOffice, PostgresBackOffice)
    return made


async def collect(db: Database, slug: str, *courses: Course, **changes: Any) -> None:
    collection = CourseCollection(
        **{
            "slug": slug,
            "title": slug.title(),
            "published": True,
            "course_ids": tuple(course.id for course in courses),
            **changes,
        }
    )
    async with transaction(db)() as records:
        await records.collections.add(collection)


def shown(row: HomeRow) -> tuple[str, list[str]]:
    cards = [card.title for card in row.items]
    match row:
        case PopularRow():
            return "popular", cards
        case NewestRow():
            return "newest", cards
        case CategoryShelf(category=category):
            return f"category {category.slug} {category.name}", cards
        case CollectionShelf(collection=collection):
            return f"collection {collection.slug} {collection.title}", cards


async def test_home_has_the_popular_the_newest_each_category_and_each_collection(db: Database) -> None:
    assert (await discovery(db).home(row_size=2)).rows == []
    old = await published(db, "Old", enrolment_count=9)
    middle = await published(db, "Middle", enrolment_count=5, published_at=AT + timedelta(days=1))
    new = await published(
        db, "New", enrolment_count=1, published_at=AT + timedelta(days=2), category="design", subtitle="Look"
    )
    draft = await added(db, a_course("Draft", enrolment_count=99))
    await collect(db, "second", draft, new, old, middle, position=2)
    await collect(db, "first", middle, position=1)
    await collect(db, "empty", draft)
    await collect(db, "hidden", old, published=False)
    rows = (await discovery(db).home(row_size=2)).rows
    assert [shown(row) for row in rows] == [
        ("popular", ["Old", "Middle"]),
        ("newest", ["New", "Middle"]),
        ("category data Data", ["Old", "Middle"]),
        ("category design Design", ["New"]),
        ("collection first First", ["Middle"]),
        ("collection second Second", ["New", "Old"]),
    ]
    cards = await queries(db).cards([old.id, middle.id, new.id])
    assert all(card == cards[card.id] for row in rows for card in row.items)


async def test_shelves_of_one_position_come_by_their_slugs(db: Database) -> None:
    course = await published(db)
    for slug in ("b", "a"):
        await collect(db, slug, course)
    assert [shown(row)[0] for row in (await discovery(db).home(row_size=1)).rows][-2:] == [
        "collection a A",
        "collection b B",
    ]
    assert [collection.slug for collection in await discovery(db).collections()] == ["a", "b"]
    assert [collection.slug for collection in await back_office(db).collections()] == ["a", "b"]


async def test_a_collection_shows_published_courses_in_the_curated_order(db: Database) -> None:
    one, two = await published(db, "One"), await published(db, "Two")
    archived = await added(db, a_course("Archived", state="archived"))
    await collect(db, "first", two, archived, one, description="Begin here")
    page = await discovery(db).collection("first")
    assert page is not None
    assert (page.slug, page.title, page.description) == ("first", "First", "Begin here")
    cards = await queries(db).cards([one.id, two.id])
    assert page.items == [cards[two.id], cards[one.id]]
    (entry,) = await discovery(db).collections()
    assert (entry.slug, entry.title, entry.description, entry.course_count) == ("first", "First", "Begin here", 2)


async def test_a_collection_without_published_courses_is_empty_and_an_unpublished_one_is_not_there(
    db: Database,
) -> None:
    draft, course = await added(db, a_course()), await published(db)
    await collect(db, "empty", draft)
    await collect(db, "bare")
    await collect(db, "hidden", course, published=False)
    for slug in ("empty", "bare"):
        page = await discovery(db).collection(slug)
        assert page is not None
        assert page.items == []
    for slug in ("hidden", "nowhere", "\0"):
        assert await discovery(db).collection(slug) is None
    assert [(entry.slug, entry.course_count) for entry in await discovery(db).collections()] == [
        ("bare", 0),
        ("empty", 0),
    ]


async def test_lists_and_searches_are_narrowed_to_a_collection(db: Database) -> None:
    bread, cake, other = [await published(db, title) for title in ("Baking bread", "Baking cake", "Baking less")]
    await collect(db, "sweet", cake, await added(db, a_course("Baking in secret")))
    await collect(db, "hidden", bread, published=False)
    search: CourseSearch = db.queries(MemoryCourseSearch, PostgresCourseSearch)

    async def found(**filters: Any) -> list[str]:
        return [card.title for card in (await search.courses(CourseListing(q="baking", **filters))).items]

    assert len(await found()) == len([bread, cake, other])
    for collection, expected in (("sweet", ["Baking cake"]), ("hidden", []), ("nowhere", []), ("\0", []), ("", [])):
        assert await titles(db, collection=collection) == expected, collection
        assert await found(collection=collection) == expected, collection
    assert await titles(db, collection="sweet", category="design") == []


async def test_operators_find_courses_of_everybody_by_state(db: Database) -> None:
    first = await added(db, a_course("First", state="in_review", instructor_id=OTHER_INSTRUCTOR))
    rejected = await added(db, a_course("Rejected", rejection_reason="Too short."))
    last = await added(db, a_course("Last", state="in_review"))
    page = await back_office(db).courses("in_review", before=None, limit=20)
    assert [(card.title, card.state, card.instructor_id) for card in page.items] == [
        ("Last", "in_review", last.instructor_id),
        ("First", "in_review", OTHER_INSTRUCTOR),
    ]
    page = await back_office(db).courses(None, before=None, limit=2)
    assert [(card.title, card.rejection_reason) for card in page.items] == [("Last", None), ("Rejected", "Too short.")]
    assert page.next_cursor is not None
    before = Cursor.decode(page.next_cursor, sort=BY_ID)
    assert before.id == rejected.id
    rest = await back_office(db).courses(None, before=rejected.id, limit=2)
    assert [card.id for card in rest.items] == [first.id]
    assert (await back_office(db).courses("archived", before=None, limit=2)).items == []


async def test_operators_see_shelves_with_their_positions_and_courses_in_any_state(db: Database) -> None:
    draft, course = await added(db, a_course("Draft")), await published(db, "Out")
    await collect(db, "hidden", draft, course, published=False, position=4, description="Soon")
    assert await back_office(db).categories() == [OpsCategory("data", "Data", 1), OpsCategory("design", "Design", 2)]
    (entry,) = await back_office(db).collections()
    assert (entry.slug, entry.description, entry.position, entry.published, entry.course_count) == (
        "hidden",
        "Soon",
        4,
        False,
        2,
    )
    found = await back_office(db).collection("hidden")
    assert found is not None
    assert found.courses == [
        CollectedCourse(id=draft.id, slug=draft.slug, title="Draft", state="draft"),
        CollectedCourse(id=course.id, slug=course.slug, title="Out", state="published"),
    ]
    assert (found.slug, found.position, found.published, found.course_count) == ("hidden", 4, False, 2)
    for slug in ("nowhere", "\0"):
        assert await back_office(db).collection(slug) is None


async def test_a_rejection_comes_back_as_it_was_saved(db: Database) -> None:
    course = await added(db, a_course(rejection_reason="Too short."))
    async with transaction(db)() as records:
        assert await records.courses.get(course.id) == course
    studio = await queries(db).studio_courses(course.instructor_id, before=None, limit=20)
    assert [card.rejection_reason for card in studio.items] == ["Too short."]
