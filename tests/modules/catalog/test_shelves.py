"""How operators arrange the catalogue: categories and collections."""

from __future__ import annotations

from typing import Any

import pytest

from kosu.ids import CourseId
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.modules.catalog.errors import (
    CategoryInUse,
    CategoryNotFound,
    CategoryTaken,
    CollectionNotFound,
    CollectionTaken,
    InvalidShelf,
    UnknownCourse,
)
from kosu.modules.identity import Origin
from tests.support.catalog import CATEGORIES, INSTRUCTOR, OPERATOR, CatalogInMemory, a_course

ORIGIN = Origin(actor_id=OPERATOR)
MUSIC = Category("music", "Music", 0)


@pytest.fixture
async def catalog() -> CatalogInMemory:
    catalog = CatalogInMemory()
    await catalog.container.ensure_categories()(CATEGORIES)
    return catalog


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("slug", ("", "Music", 0)),
        ("slug", ("Music", "Music", 0)),
        ("slug", ("mu--sic", "Music", 0)),
        ("slug", ("mu/sic", "Music", 0)),
        ("slug", ("x" * 81, "Music", 0)),
        ("name", ("music", " ", 0)),
        ("name", ("music", "x" * 201, 0)),
        ("name", ("music", "a\0b", 0)),
        ("name", ("music", "two\nlines", 0)),
        ("position", ("music", "Music", -1)),
        ("position", ("music", "Music", 10**30)),
    ],
)
def test_a_category_that_cannot_be_is_refused_by_name(field: str, values: tuple[str, str, int]) -> None:
    with pytest.raises(InvalidShelf) as refusal:
        Category(*values)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("slug", {"slug": "-"}),
        ("title", {"title": "a\u202eb"}),
        ("description", {"description": "x" * 2_001}),
        ("description", {"description": "\0"}),
        ("position", {"position": -1}),
        ("course_ids", {"course_ids": tuple(CourseId(a_course().id) for _ in range(101))}),
        ("course_ids", {"course_ids": (CourseId(a_course().id),) * 2}),
    ],
)
def test_a_collection_that_cannot_be_is_refused_by_name(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidShelf) as refusal:
        CourseCollection(**{"slug": "first", "title": "First", **changes})
    assert refusal.value.field == field


async def test_categories_are_made_moved_renamed_and_removed_and_all_of_it_is_audited(catalog: CatalogInMemory) -> None:
    container = catalog.container
    await container.create_category()(category=MUSIC, origin=ORIGIN)
    assert [category.slug for category in await catalog.queries.categories()] == ["music", "data", "design"]
    edited = await container.edit_category()(slug="music", changes={"name": "음악", "position": 9}, origin=ORIGIN)
    assert edited == Category("music", "음악", 9)
    assert [category.name for category in await catalog.queries.categories()] == ["Data", "Design", "음악"]
    await container.edit_category()(slug="music", changes={"position": 9}, origin=ORIGIN)
    await container.remove_category()(slug="music", origin=ORIGIN)
    assert len(await catalog.queries.categories()) == 2
    assert catalog.audited() == [
        (action, None, {"slug": "music"}) for action in ("category_created", "category_changed", "category_removed")
    ]


async def test_a_category_is_made_once_and_only_those_that_are_there_are_changed(catalog: CatalogInMemory) -> None:
    container = catalog.container
    with pytest.raises(CategoryTaken):
        await container.create_category()(category=Category("data", "Other", 5), origin=ORIGIN)
    assert (await catalog.queries.categories())[0].name == "Data"
    for slug in ("nowhere", "\0"):
        with pytest.raises(CategoryNotFound):
            await container.edit_category()(slug=slug, changes={"name": "X"}, origin=ORIGIN)
        with pytest.raises(CategoryNotFound):
            await container.remove_category()(slug=slug, origin=ORIGIN)
    assert catalog.audited() == []


async def test_a_category_with_courses_stays_whatever_their_state(catalog: CatalogInMemory) -> None:
    course = await catalog.create()
    remove = catalog.container.remove_category()
    with pytest.raises(CategoryInUse):
        await remove(slug="data", origin=ORIGIN)
    await catalog.container.edit_course()(
        user_id=INSTRUCTOR, is_operator=False, course_id=course.id, changes={"category": "design"}
    )
    await remove(slug="data", origin=ORIGIN)
    assert [category.slug for category in await catalog.queries.categories()] == ["design"]


async def test_a_collection_is_curated_and_shown_once_it_is_published(catalog: CatalogInMemory) -> None:
    one, two = await catalog.course("One"), await catalog.course("Two")
    draft = await catalog.course("Draft", published=False)
    container = catalog.container
    made = await container.create_collection()(
        collection=CourseCollection(slug="first", title="First", course_ids=(two.id, draft.id, one.id)), origin=ORIGIN
    )
    assert [(course.title, course.state) for course in made.courses] == [
        ("Two", "published"),
        ("Draft", "draft"),
        ("One", "published"),
    ]
    assert (made.course_count, await catalog.discovery.collection("first")) == (3, None)
    await container.edit_collection()(slug="first", changes={"published": True}, origin=ORIGIN)
    page = await catalog.discovery.collection("first")
    assert page is not None
    assert [card.title for card in page.items] == ["Two", "One"]
    await container.edit_collection()(slug="first", changes={"course_ids": (one.id, two.id)}, origin=ORIGIN)
    page = await catalog.discovery.collection("first")
    assert page is not None
    assert [card.title for card in page.items] == ["One", "Two"]
    # What changes nothing is not worth an entry of the log.
    await container.edit_collection()(slug="first", changes={"title": "First"}, origin=ORIGIN)
    await container.remove_collection()(slug="first", origin=ORIGIN)
    assert await catalog.discovery.collection("first") is None
    assert (await catalog.read(one)).state == "published"
    assert [action for action, _, _ in catalog.audited()] == [
        "collection_created",
        "collection_changed",
        "collection_changed",
        "collection_removed",
    ]


async def test_a_collection_of_unknown_courses_is_refused(catalog: CatalogInMemory) -> None:
    unknown = CourseId(a_course().id)
    container = catalog.container
    with pytest.raises(UnknownCourse) as refusal:
        await container.create_collection()(
            collection=CourseCollection(slug="first", title="First", course_ids=(unknown,)), origin=ORIGIN
        )
    assert refusal.value.course_id == unknown
    await container.create_collection()(collection=CourseCollection(slug="first", title="First"), origin=ORIGIN)
    with pytest.raises(UnknownCourse):
        await container.edit_collection()(slug="first", changes={"course_ids": (unknown,)}, origin=ORIGIN)
    with pytest.raises(CollectionTaken):
        await container.create_collection()(collection=CourseCollection(slug="first", title="Other"), origin=ORIGIN)
    for slug in ("nowhere", "\0"):
        with pytest.raises(CollectionNotFound):
            await container.edit_collection()(slug=slug, changes={}, origin=ORIGIN)
        with pytest.raises(CollectionNotFound):
            await container.remove_collection()(slug=slug, origin=ORIGIN)
    assert [action for action, _, _ in catalog.audited()] == ["collection_created"]
