"""The home page over HTTP, and what the catalogue's public pages cost."""

from __future__ import annotations

import httpx
import pytest

from kosu.modules.catalog.domain.shelves import Category
from tests.api.test_catalog import course_with_lesson
from tests.api.test_learning import beat
from tests.support.api import Api
from tests.support.counting import counted
from tests.support.taught import Course, buy, make_course

PUBLIC_PAGES = (
    "/api/v1/courses",
    "/api/v1/courses?sort=price&category=data&level=beginner&language=en&price=paid&limit=5",
    "/api/v1/courses?collection=first",
    "/api/v1/courses?collection=first&q=data",
    "/api/v1/courses/data-by-demonstration",
    "/api/v1/home",
    "/api/v1/categories",
    "/api/v1/collections",
    "/api/v1/collections/first",
)


@pytest.fixture
async def visitor(api: Api) -> httpx.AsyncClient:
    """Nobody, in front of a catalogue with a course in a collection."""
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    course, _ = await course_with_lesson(await api.instructor())
    collection = {"slug": "first", "title": "Begin here", "published": True, "course_ids": [course["id"]]}
    assert (await (await api.operator()).post("/api/v1/ops/collections", json=collection)).status_code == 201
    return await api.browser()


@pytest.mark.parametrize("path", PUBLIC_PAGES)
async def test_a_public_page_is_one_statement_and_is_not_sent_twice(visitor: httpx.AsyncClient, path: str) -> None:
    with counted() as trips:
        answer = await visitor.get(path)
    assert (answer.status_code, trips.postgres) == (200, 1)
    assert b"data" in answer.content.lower() or b"first" in answer.content
    assert "set-cookie" not in answer.headers
    with counted() as trips:
        again = await visitor.get(path, headers={"If-None-Match": f'"other", W/{answer.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert trips.postgres <= 1
    assert (await visitor.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_the_home_page_of_visitors_may_be_kept_by_anybody(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/api/v1/home")
    assert answer.headers["cache-control"].startswith("public")
    assert {name.strip() for name in answer.headers["vary"].split(",")} >= {"Cookie", "Authorization"}
    rows = answer.json()["rows"]
    assert [row["kind"] for row in rows] == ["popular", "newest", "category", "collection"]
    assert rows[2]["category"] == {"slug": "data", "name": "Data"}
    assert rows[3]["collection"] == {"slug": "first", "title": "Begin here"}
    assert {card["title"] for row in rows for card in row["items"]} == {"Data by demonstration"}
    again = await visitor.get("/api/v1/home", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["vary"]) == (304, answer.headers["vary"])


@pytest.fixture
async def course(api: Api) -> Course:
    return await make_course(api)


async def test_what_a_learner_has_begun_comes_first_and_is_theirs_alone(api: Api, course: Course) -> None:
    learner = await api.learner()
    await buy(api, learner, course)
    everybody = await (await api.browser()).get("/api/v1/home")
    unbegun = await learner.get("/api/v1/home")
    assert unbegun.json() == everybody.json()
    assert unbegun.headers["cache-control"].startswith("private")

    watched = beat(1, [0, 50_000], position_ms=50_000)
    await learner.put(f"/api/v1/lessons/{course.video}/progress", json=watched)
    answer = await learner.get("/api/v1/home", headers={"If-None-Match": unbegun.headers["etag"]})
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")
    assert {name.strip() for name in answer.headers["vary"].split(",")} >= {"Cookie", "Authorization"}
    own, *rest = answer.json()["rows"]
    assert rest == everybody.json()["rows"]
    (mine,) = (await learner.get("/api/v1/me/enrolments")).json()["items"]
    assert own == {"kind": "continue_learning", "items": [mine]}
    assert (mine["last_lesson"], mine["position_ms"]) == ({"id": course.video, "title": "Video"}, 50_000)
    assert 0 < mine["percent"] < 100
    again = await learner.get("/api/v1/home", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await (await api.learner()).get("/api/v1/home")).json() == everybody.json()


async def test_the_home_page_with_rubbish_for_a_session_is_that_of_visitors(api: Api, course: Course) -> None:
    everybody = await (await api.browser()).get("/api/v1/home")
    for headers in ({"Cookie": "kosu_at=rubbish"}, {"Authorization": "Bearer rubbish"}):
        answer = await (await api.browser()).get("/api/v1/home", headers=headers)
        assert answer.status_code in {200, 401}, answer.text
        if answer.status_code == 200:
            assert answer.json() == everybody.json()
