"""Categories and collections over HTTP: what operators arrange, and what everybody sees of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from kosu.modules.catalog.domain.shelves import Category
from tests.api.test_catalog import course_with_lesson, created
from tests.support.api import Api, problem

CATEGORIES = "/api/v1/ops/categories"
COLLECTIONS = "/api/v1/ops/collections"
MUSIC = {"slug": "music", "name": "Music", "position": 0}
FIRST = {"slug": "first", "title": "Begin here"}


@pytest.fixture
async def operator(api: Api) -> httpx.AsyncClient:
    """An operator's browser; the catalogue has one category."""
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    return await api.operator()


async def courses(api: Api, *titles: str) -> list[str]:
    """Ids of published courses with these titles."""
    studio = await api.instructor()
    return [(await course_with_lesson(studio, title=title))[0]["id"] for title in titles]


async def audited(operator: httpx.AsyncClient, word: str) -> list[str]:
    entries = (await operator.get("/api/v1/ops/audit?limit=100")).json()["items"]
    return [entry["action"] for entry in reversed(entries) if entry["action"].startswith(word)]


async def test_categories_are_made_ordered_renamed_and_removed(api: Api, operator: httpx.AsyncClient) -> None:
    assert await created(await operator.post(CATEGORIES, json=MUSIC)) == MUSIC
    problem(await operator.post(CATEGORIES, json=MUSIC), 409, "category_taken")
    assert [each["slug"] for each in (await operator.get(CATEGORIES)).json()["items"]] == ["music", "data"]
    edited = await operator.patch(f"{CATEGORIES}/music", json={"name": "음악", "position": 9})
    assert edited.json() == {"slug": "music", "name": "음악", "position": 9}
    visitor = await api.browser()
    assert (await visitor.get("/api/v1/categories")).json()["items"] == [
        {"slug": "data", "name": "Data"},
        {"slug": "music", "name": "음악"},
    ]
    assert (await operator.delete(f"{CATEGORIES}/music")).status_code == 204
    problem(await operator.delete(f"{CATEGORIES}/music"), 404, "category_not_found")
    assert await audited(operator, "category") == ["category_created", "category_changed", "category_removed"]


async def test_a_category_with_courses_stays(api: Api, operator: httpx.AsyncClient) -> None:
    (course,) = await courses(api, "One")
    await operator.post(f"/api/v1/studio/courses/{course}/archive")
    problem(await operator.delete(f"{CATEGORIES}/data"), 409, "category_in_use")
    assert await audited(operator, "category") == []
    await operator.post(CATEGORIES, json=MUSIC)
    await operator.patch(f"/api/v1/studio/courses/{course}", json={"category": "music"})
    assert (await operator.delete(f"{CATEGORIES}/data")).status_code == 204


async def test_a_renamed_category_is_found_by_its_new_name(api: Api, operator: httpx.AsyncClient) -> None:
    await courses(api, "One")
    await operator.patch(f"{CATEGORIES}/data", json={"name": "Numbers"})
    found = (await (await api.browser()).get("/api/v1/courses", params={"q": "numbers"})).json()["items"]
    assert [card["category"]["name"] for card in found] == ["Numbers"]


async def test_a_collection_is_curated_published_and_removed(api: Api, operator: httpx.AsyncClient) -> None:
    one, two, three = await courses(api, "One", "Two", "Three")
    await operator.post(f"/api/v1/studio/courses/{three}/archive")
    made = await created(await operator.post(COLLECTIONS, json={**FIRST, "course_ids": [two, three, one]}))
    assert [(course["id"], course["state"]) for course in made["courses"]] == [
        (two, "published"),
        (three, "archived"),
        (one, "published"),
    ]
    assert (made["published"], made["position"], made["course_count"]) == (False, 0, 3)
    problem(await operator.post(COLLECTIONS, json=FIRST), 409, "collection_taken")
    visitor = await api.browser()
    problem(await visitor.get("/api/v1/collections/first"), 404, "collection_not_found")
    assert (await visitor.get("/api/v1/collections")).json() == {"items": [], "next_cursor": None}

    path = f"{COLLECTIONS}/first"
    changed = await operator.patch(path, json={"published": True, "description": "Three of them"})
    assert changed.json() == made | {"published": True, "description": "Three of them"}
    assert (await operator.get(path)).json() == changed.json()
    (entry,) = (await operator.get(COLLECTIONS)).json()["items"]
    assert entry == {key: value for key, value in changed.json().items() if key != "courses"}
    public = (await visitor.get("/api/v1/collections/first")).json()
    assert [card["title"] for card in public.pop("items")] == ["Two", "One"]
    assert public == {
        "slug": "first",
        "title": "Begin here",
        "description": "Three of them",
        "next_cursor": None,
    }
    (entry,) = (await visitor.get("/api/v1/collections")).json()["items"]
    assert entry == {"slug": "first", "title": "Begin here", "description": "Three of them", "course_count": 2}

    await operator.patch(path, json={"course_ids": [one, two]})
    assert [card["id"] for card in (await visitor.get("/api/v1/collections/first")).json()["items"]] == [one, two]
    assert (await operator.delete(path)).status_code == 204
    problem(await operator.get(path), 404, "collection_not_found")
    problem(await visitor.get("/api/v1/collections/first"), 404, "collection_not_found")
    assert len((await visitor.get("/api/v1/courses")).json()["items"]) == 2
    assert await audited(operator, "collection") == [
        "collection_created",
        "collection_changed",
        "collection_changed",
        "collection_removed",
    ]


async def test_lists_and_searches_are_narrowed_to_a_collection(api: Api, operator: httpx.AsyncClient) -> None:
    bread, _, cake = await courses(api, "Baking bread", "Baking less", "Baking cake")
    await operator.post(COLLECTIONS, json={**FIRST, "published": True, "course_ids": [cake, bread]})
    visitor = await api.browser()

    async def found(**params: Any) -> list[str]:
        answer = await created(await visitor.get("/api/v1/courses", params=params), 200)
        return [card["id"] for card in answer["items"]]

    assert set(await found(collection="first")) == set(await found(collection="first", q="bakng")) == {bread, cake}
    assert await found(collection="first", q="bread") == [bread]
    assert await found(collection="first", sort="newest") == [cake, bread]
    assert await found(collection="first", category="music") == []
    for nowhere in ("nowhere", "", "\0", "'; --"):
        assert await found(collection=nowhere) == await found(collection=nowhere, q="baking") == []
    first = await visitor.get("/api/v1/courses", params={"collection": "first", "limit": 1})
    second = await visitor.get(
        "/api/v1/courses", params={"collection": "first", "limit": 1, "cursor": first.json()["next_cursor"]}
    )
    assert {page.json()["items"][0]["id"] for page in (first, second)} == {bread, cake}
    assert second.json()["next_cursor"] is None


BAD_CATEGORIES: list[tuple[dict[str, Any], int, str]] = [
    ({"slug": ""}, 422, "shelf_invalid"),
    ({"slug": "a/b"}, 422, "shelf_invalid"),
    ({"slug": "Ä"}, 422, "shelf_invalid"),
    ({"slug": "a\0"}, 422, "shelf_invalid"),
    ({"slug": "x" * 81}, 422, "shelf_invalid"),
    ({"name": " "}, 422, "shelf_invalid"),
    ({"name": "a\u202eb"}, 422, "shelf_invalid"),
    ({"position": -1}, 422, "shelf_invalid"),
    ({"position": 10**30}, 422, "shelf_invalid"),
    ({"position": 1.5}, 400, "validation_failed"),
    ({"position": None}, 400, "validation_failed"),
    ({"name": 5}, 400, "validation_failed"),
    ({"name": "x" * 1_100_000}, 413, "payload_too_large"),
]
BAD_COLLECTIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"slug": "-"}, 422, "shelf_invalid"),
    ({"title": ""}, 422, "shelf_invalid"),
    ({"title": "two\nlines"}, 422, "shelf_invalid"),
    ({"description": "a\0b"}, 422, "shelf_invalid"),
    ({"description": "x" * 2_001}, 422, "shelf_invalid"),
    ({"position": -(10**30)}, 422, "shelf_invalid"),
    ({"published": "yes"}, 400, "validation_failed"),
    ({"course_ids": ["not an id"]}, 400, "validation_failed"),
    ({"course_ids": None}, 400, "validation_failed"),
    ({"course_ids": [str(uuid4())]}, 422, "unknown_course"),
    ({"course_ids": ["00000000-0000-0000-0000-000000000000"] * 2}, 422, "shelf_invalid"),
    ({"course_ids": [str(uuid4()) for _ in range(101)]}, 422, "shelf_invalid"),
    ({"course_ids": [str(uuid4()) for _ in range(30_000)]}, 413, "payload_too_large"),
]


async def test_a_shelf_that_cannot_be_is_refused(operator: httpx.AsyncClient) -> None:
    for changes, status, code in BAD_CATEGORIES:
        problem(await operator.post(CATEGORIES, json=MUSIC | changes), status, code)
    await operator.post(COLLECTIONS, json=FIRST)
    for changes, status, code in BAD_COLLECTIONS:
        problem(await operator.post(COLLECTIONS, json={**FIRST, "slug": "second", **changes}), status, code)
        if "slug" not in changes:
            problem(await operator.patch(f"{COLLECTIONS}/first", json=changes), status, code)
    for path in (CATEGORIES, COLLECTIONS):
        for body in (b"", b"[]", b"{", b'{"slug": "a", "name": "\\ud800", "title": "\\ud800"}'):
            answer = await operator.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400, (body, answer.text)
    assert [each["slug"] for each in (await operator.get(COLLECTIONS)).json()["items"]] == ["first"]
    assert len((await operator.get(CATEGORIES)).json()["items"]) == 1


async def test_what_is_not_there_is_not_found(api: Api, operator: httpx.AsyncClient) -> None:
    visitor = await api.browser()
    for slug in ("nowhere", "%00", "x" * 500, "%F0%9F"):
        for answer in (
            await operator.patch(f"{CATEGORIES}/{slug}", json={"name": "X"}),
            await operator.delete(f"{CATEGORIES}/{slug}"),
        ):
            problem(answer, 404, "category_not_found")
        for answer in (
            await operator.get(f"{COLLECTIONS}/{slug}"),
            await operator.patch(f"{COLLECTIONS}/{slug}", json={"title": "X"}),
            await operator.delete(f"{COLLECTIONS}/{slug}"),
            await visitor.get(f"/api/v1/collections/{slug}"),
        ):
            problem(answer, 404, "collection_not_found")


async def test_shelves_are_arranged_by_operators(api: Api) -> None:
    for path, body in ((CATEGORIES, MUSIC), (COLLECTIONS, FIRST)):
        for browser, status, code in (
            (await api.learner(), 403, "role_required"),
            (await api.instructor(), 403, "role_required"),
            (await api.browser(), 401, "sign_in_required"),
        ):
            problem(await browser.get(path), status, code)
            problem(await browser.post(path, json=body), status, code)
            problem(await browser.patch(f"{path}/first", json={}), status, code)
            problem(await browser.delete(f"{path}/first"), status, code)
    problem(await (await api.instructor()).get(f"{COLLECTIONS}/first"), 403, "role_required")
