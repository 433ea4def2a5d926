"""Making a course over HTTP, and finding it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kosu.modules.catalog.domain.shelves import Category
from tests.support.api import Api, problem

COURSE = {
    "title": "Data by demonstration",
    "subtitle": "Learn it",
    "description": "All of it.",
    "category": "data",
    "level": "beginner",
    "language": "en",
    "price": {"amount_minor": 49_000, "currency": "KRW"},
}


@pytest.fixture
async def studio(api: Api) -> httpx.AsyncClient:
    """An instructor's browser; the catalogue has one category."""
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    return await api.instructor()


async def created(answer: httpx.Response, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def course_with_lesson(studio: httpx.AsyncClient, **changes: Any) -> tuple[dict[str, Any], str]:
    """A published course, and the path of its section in the studio."""
    course = await created(await studio.post("/api/v1/studio/courses", json=COURSE | changes))
    path = f"/api/v1/studio/courses/{course['id']}"
    section = await created(await studio.post(f"{path}/sections", json={"title": "First"}))
    section_path = f"{path}/sections/{section['id']}"
    await created(await studio.post(f"{section_path}/lessons", json={"title": "One", "kind": "video"}))
    return await created(await studio.post(f"{path}/publish"), 200), section_path


async def test_a_course_is_made_published_and_found(api: Api, studio: httpx.AsyncClient) -> None:
    course, section_path = await course_with_lesson(studio)
    await created(
        await studio.post(
            f"{section_path}/lessons", json={"title": "Two", "kind": "text", "body": "# Hi", "preview": True}
        )
    )
    visitor = await api.browser()
    found = (await visitor.get("/api/v1/courses", params={"q": "demo"})).json()
    assert found["next_cursor"] is None
    (card,) = found["items"]
    assert (card["slug"], card["lesson_count"], card["price"]) == ("data-by-demonstration", 2, COURSE["price"])
    assert (card["category"], card["instructor"]) == ({"slug": "data", "name": "Data"}, {"display_name": "Somebody"})
    assert (card["rating"], card["list_price"]) == ({"average": None, "count": 0}, None)

    page = (await visitor.get("/api/v1/courses/data-by-demonstration")).json()
    assert page.items() >= card.items()
    assert page["access"]["state"] == "purchase_required"
    assert page["access"]["reason"]
    (section,) = page["curriculum"]
    assert [(lesson["title"], lesson["kind"], lesson["locked"]) for lesson in section["lessons"]] == [
        ("One", "video", True),
        ("Two", "text", False),
    ]
    assert "body" not in section["lessons"][1]
    owner = (await studio.get(f"/api/v1/courses/{course['slug']}")).json()
    assert owner["access"]["state"] == "owner"
    home = (await visitor.get("/api/v1/home")).json()
    assert [row["kind"] for row in home["rows"]] == ["popular", "newest", "category"]
    assert (await visitor.get("/api/v1/categories")).json()["items"] == [{"slug": "data", "name": "Data"}]


async def test_what_a_client_has_already_is_not_sent_again(api: Api, studio: httpx.AsyncClient) -> None:
    _, section_path = await course_with_lesson(studio)
    visitor = await api.browser()
    paths = ("/api/v1/courses", "/api/v1/courses/data-by-demonstration", "/api/v1/home")
    known = {path: {"If-None-Match": (await visitor.get(path)).headers["etag"]} for path in paths}
    for path in paths:
        again = await visitor.get(path, headers=known[path])
        assert (again.status_code, again.content) == (304, b"")
    await studio.post(f"{section_path}/lessons", json={"title": "New", "kind": "video"})
    for path in paths:
        assert (await visitor.get(path, headers=known[path])).status_code == 200


async def test_pages_lead_from_one_to_the_next(api: Api, studio: httpx.AsyncClient) -> None:
    for number in range(3):
        await course_with_lesson(studio, title=f"Course {number}")
    visitor = await api.browser()
    first = (await visitor.get("/api/v1/courses", params={"limit": 2, "sort": "newest"})).json()
    second = (
        await visitor.get("/api/v1/courses", params={"limit": 2, "sort": "newest", "cursor": first["next_cursor"]})
    ).json()
    titles = [card["title"] for card in first["items"] + second["items"]]
    assert titles == ["Course 2", "Course 1", "Course 0"]
    mine = (await studio.get("/api/v1/studio/courses", params={"limit": 2})).json()
    rest = (await studio.get("/api/v1/studio/courses", params={"limit": 2, "cursor": mine["next_cursor"]})).json()
    assert [card["state"] for card in mine["items"] + rest["items"]] == ["published"] * 3
    # A cursor of another list is not one of this list.
    other = await studio.get("/api/v1/studio/courses", params={"cursor": first["next_cursor"]})
    problem(other, 422, "invalid_cursor")


async def test_a_search_answers_typos_by_relevance_or_by_the_sort_that_is_asked_for(
    api: Api, studio: httpx.AsyncClient
) -> None:
    for title, amount in (("Python", 3), ("Pythons in the wild", 1), ("Cooking", 2)):
        await course_with_lesson(studio, title=title, price={"amount_minor": amount, "currency": "KRW"})
    visitor = await api.browser()

    async def found(**params: Any) -> tuple[list[str], str | None]:
        answer = await created(await visitor.get("/api/v1/courses", params=params), 200)
        return [card["title"] for card in answer["items"]], answer["next_cursor"]

    assert await found(q="pyhton") == await found(q="ㅔㅛ쇄ㅜ") == (["Python", "Pythons in the wild"], None)
    assert await found(q="pyhton", sort="price") == (["Pythons in the wild", "Python"], None)
    assert await found(q="pyhton", category="nowhere") == ([], None)
    first, cursor = await found(q="python", limit=1)
    second, last = await found(q="python", limit=1, cursor=cursor)
    assert (first, second, last) == (["Python"], ["Pythons in the wild"], None)
    # A cursor of a search is not one of a list.
    problem(await visitor.get("/api/v1/courses", params={"cursor": cursor}), 422, "invalid_cursor")


async def test_titles_are_suggested_as_one_types(api: Api, studio: httpx.AsyncClient) -> None:
    for title in ("Python", "파이썬으로 시작하는 프로그래밍"):
        await course_with_lesson(studio, title=title)
    visitor = await api.browser()
    path = "/api/v1/search/suggest"
    answer = await visitor.get(path, params={"q": "pyt"})
    assert answer.json() == {"items": [{"title": "Python", "slug": "python"}]}
    assert answer.headers["cache-control"] == "public, no-cache"
    again = await visitor.get(path, params={"q": "pyt"}, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    (korean,) = (await visitor.get(path, params={"q": "파이선"})).json()["items"]
    assert korean["title"] == "파이썬으로 시작하는 프로그래밍"
    for nothing in ({}, {"q": ""}, {"q": "'; --"}, {"q": "\0"}, {"q": "🐍"}, {"q": "\u202e"}):
        answer = await visitor.get(path, params=nothing)
        assert (answer.status_code, answer.json()) == (200, {"items": []}), nothing
    problem(await visitor.get(path, params={"q": "x" * 10_000}), 400, "validation_failed")


BAD_QUESTIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"sort": "random"}, 400, "validation_failed"),
    ({"limit": 0}, 400, "validation_failed"),
    ({"limit": 101}, 400, "validation_failed"),
    ({"price": "cheap"}, 400, "validation_failed"),
    ({"q": "x" * 201}, 400, "validation_failed"),
    ({"cursor": "made up"}, 422, "invalid_cursor"),
]


async def test_a_question_that_makes_no_sense_is_refused(api: Api) -> None:
    for params, status, code in BAD_QUESTIONS:
        visitor = await api.browser()
        problem(await visitor.get("/api/v1/courses", params=params), status, code)


async def test_odd_characters_find_nothing_and_break_nothing(api: Api) -> None:
    visitor = await api.browser()
    for query in ("q=%00", "category=%00", "language=%00", "q=%25%5C", "q=%F0%9F"):
        answer = await visitor.get(f"/api/v1/courses?{query}")
        assert (answer.status_code, answer.json()["items"]) == (200, []), query


async def test_a_course_that_is_not_there_is_not_found(api: Api) -> None:
    visitor = await api.browser()
    for slug in ("nowhere", "%00", "..%2F.."):
        assert (await visitor.get(f"/api/v1/courses/{slug}")).status_code == 404


async def test_a_draft_is_there_for_its_owner_alone(api: Api, studio: httpx.AsyncClient) -> None:
    course = await created(await studio.post("/api/v1/studio/courses", json=COURSE))
    path = f"/api/v1/courses/{course['slug']}"
    problem(await (await api.learner()).get(path), 404, "course_not_found")
    assert (await studio.get(path)).status_code == 200
    problem(await studio.post(f"/api/v1/studio/courses/{course['id']}/publish"), 409, "curriculum_empty")


async def test_only_instructors_make_courses_and_only_their_own(api: Api, studio: httpx.AsyncClient) -> None:
    course, _ = await course_with_lesson(studio)
    path = f"/api/v1/studio/courses/{course['id']}"
    problem(await (await api.browser()).post("/api/v1/studio/courses", json=COURSE), 401, "sign_in_required")
    problem(await (await api.learner()).post("/api/v1/studio/courses", json=COURSE), 403, "role_required")
    other = await api.instructor()
    problem(await other.patch(path, json={"title": "Mine"}), 403, "not_course_owner")
    problem(await other.get(path), 403, "not_course_owner")
    operator = await api.operator()
    assert (await operator.patch(path, json={"title": "Checked"})).json()["title"] == "Checked"


async def test_an_edit_changes_what_is_sent_and_leaves_the_rest(studio: httpx.AsyncClient) -> None:
    course, section_path = await course_with_lesson(studio)
    path = f"/api/v1/studio/courses/{course['id']}"
    edited = (
        await studio.patch(path, json={"outcomes": ["Know"], "list_price": {"amount_minor": 99_000, "currency": "KRW"}})
    ).json()
    changed = {"outcomes", "list_price", "updated_at"}
    assert {key: edited[key] for key in edited.keys() - changed} == {
        key: course[key] for key in course.keys() - changed
    }
    assert edited["outcomes"] == ["Know"]
    assert (await studio.patch(path, json={"list_price": None})).json()["list_price"] is None
    assert (await studio.patch(section_path, json={"title": "Renamed"})).json()["title"] == "Renamed"
    lesson = edited["curriculum"][0]["lessons"][0]
    renamed = (await studio.patch(f"{section_path}/lessons/{lesson['id']}", json={"preview": True})).json()
    assert renamed == lesson | {"preview": True}


async def test_the_curriculum_is_reordered_by_ids(studio: httpx.AsyncClient) -> None:
    course, section_path = await course_with_lesson(studio)
    path = f"/api/v1/studio/courses/{course['id']}"
    await created(await studio.post(f"{section_path}/lessons", json={"title": "Two", "kind": "text"}))
    (section,) = (await studio.get(path)).json()["curriculum"]
    order = [lesson["id"] for lesson in section["lessons"]][::-1]
    body = {"sections": [{"id": section["id"], "lessons": order}]}
    reordered = (await studio.put(f"{path}/curriculum", json=body)).json()
    assert [lesson["id"] for lesson in reordered["curriculum"][0]["lessons"]] == order
    body["sections"][0]["lessons"] = order[:1]
    problem(await studio.put(f"{path}/curriculum", json=body), 422, "curriculum_mismatch")
    assert (await studio.delete(f"{section_path}/lessons/{order[0]}")).status_code == 204
    problem(await studio.delete(f"{section_path}/lessons/{order[0]}"), 404, "lesson_not_found")
    problem(await studio.delete(section_path), 409, "curriculum_empty")


BAD_COURSES: list[tuple[dict[str, Any], int, str]] = [
    ({"title": ""}, 422, "course_invalid"),
    ({"title": "a\0b"}, 422, "course_invalid"),
    ({"title": "ding\a"}, 422, "course_invalid"),
    ({"title": "\u202elearn"}, 422, "course_invalid"),
    ({"subtitle": "two\nlines"}, 422, "course_invalid"),
    ({"outcomes": ["a\u2066b"]}, 422, "course_invalid"),
    ({"description": "a\0b"}, 422, "course_invalid"),
    ({"title": 5}, 400, "validation_failed"),
    ({"category": "nowhere"}, 422, "unknown_category"),
    ({"category": "a\0b"}, 422, "course_invalid"),
    ({"level": "expert"}, 400, "validation_failed"),
    ({"language": "a\0"}, 422, "course_invalid"),
    ({"price": {"amount_minor": -1, "currency": "KRW"}}, 422, "course_invalid"),
    ({"price": {"amount_minor": 10**30, "currency": "KRW"}}, 422, "course_invalid"),
    ({"price": {"amount_minor": 1.5, "currency": "KRW"}}, 400, "validation_failed"),
    ({"price": {"amount_minor": 1, "currency": "won"}}, 400, "validation_failed"),
    ({"price": None}, 400, "validation_failed"),
]


async def test_a_course_that_cannot_be_is_refused(studio: httpx.AsyncClient) -> None:
    for changes, status, code in BAD_COURSES:
        problem(await studio.post("/api/v1/studio/courses", json=COURSE | changes), status, code)


async def test_what_is_not_in_the_studio_is_not_found(studio: httpx.AsyncClient) -> None:
    problem(await studio.get(f"/api/v1/studio/courses/{uuid4()}"), 404, "course_not_found")
    assert (await studio.get("/api/v1/studio/courses/not-an-id")).status_code == 404
    assert (await studio.get(f"/api/v1/studio/courses/{UUID(int=0)}")).status_code == 404
