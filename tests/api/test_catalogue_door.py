"""Lists and courses' pages past the framework: what they answer is what the routes answer."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kosu.modules.catalog.domain.shelves import Category
from tests.api.test_catalog import course_with_lesson
from tests.support.api import Api, problem
from tests.support.counting import counted

LIST = "/api/v1/courses"


@pytest.fixture
async def visitor(api: Api) -> httpx.AsyncClient:
    """Somebody who is not signed in; there are three courses, and no page of them is kept."""
    await api.heard()
    api.container.catalog.version().deaf()
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1), Category("art", "Art", 2)])
    studio = await api.instructor()
    for title, category, price in (("One", "data", 0), ("Two", "data", 9_000), ("Three", "art", 5_000)):
        await course_with_lesson(
            studio, title=title, category=category, price={"amount_minor": price, "currency": "KRW"}
        )
    return await api.browser()


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """But for what is of each answer alone."""

    def content(answer: httpx.Response) -> Any:
        document = answer.json()
        document.pop("request_id", None)
        return document

    headers = ("etag", "cache-control", "vary", "content-type")
    return (one.status_code, content(one), [one.headers.get(name) for name in headers]) == (
        other.status_code,
        content(other),
        [other.headers.get(name) for name in headers],
    )


async def by_route(api: Api, path: str) -> httpx.Response:
    """The answer of the framework, which alone looks at conditions."""
    return await (await api.browser()).get(path, headers={"If-None-Match": '"something else"'})


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?category=data",
        "?category=data&price=paid",
        "?price=free",
        "?sort=price&limit=2",
        "?sort=newest",
        "?level=beginner&language=en",
        "?category=none",
        "?limit=1&sort=rating",
    ],
)
async def test_a_list_is_the_routes(api: Api, visitor: httpx.AsyncClient, query: str) -> None:
    with counted() as trips:
        answer = await visitor.get(f"{LIST}{query}")
    assert answer.status_code == 200
    assert (trips.postgres, trips.redis) == (1, 0)
    assert same(answer, await by_route(api, f"{LIST}{query}"))


async def test_pages_follow_each_other(api: Api, visitor: httpx.AsyncClient) -> None:
    for sort in ("popular", "newest", "rating", "price"):
        titles, cursor = [], ""
        while cursor is not None:
            path = f"{LIST}?sort={sort}&limit=1" + (f"&cursor={cursor}" if cursor else "")
            answer = await visitor.get(path)
            assert same(answer, await by_route(api, path))
            titles += [card["title"] for card in answer.json()["items"]]
            cursor = answer.json()["next_cursor"]
        assert sorted(titles) == ["One", "Three", "Two"]


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=101",
        "?limit=many",
        "?sort=worst",
        "?cursor=rubbish",
        "?price=cheap",
        "?level=genius",
        f"?category={'x' * 201}",
        "?category=a&category=data",
        "?category=",
        "?unknown=1",
        "?q=Two",
        "?category=%64ata",
        "?language=%00",
        "?&",
        "?limit",
        "?limit=+2",
        "?limit=%FF",
    ],
)
async def test_what_is_odd_is_answered_by_the_route(api: Api, visitor: httpx.AsyncClient, query: str) -> None:
    assert same(await visitor.get(f"{LIST}{query}"), await by_route(api, f"{LIST}{query}"))


async def test_a_course_is_the_routes(api: Api, visitor: httpx.AsyncClient) -> None:
    for path in (f"{LIST}/two", f"{LIST}/two/", f"{LIST}/two?x=1", f"{LIST}/none", f"{LIST}/%00", f"{LIST}/%ED%A0%80"):
        with counted() as trips:
            answer = await visitor.get(path)
        assert (trips.postgres, trips.redis) == (1, 0), path
        assert same(answer, await by_route(api, path)), path
    problem(await visitor.get(f"{LIST}/none"), 404, "course_not_found")


async def test_somebody_gets_their_own_page(api: Api, visitor: httpx.AsyncClient) -> None:
    learner = await api.learner()
    assert (await learner.get(f"{LIST}/one")).json()["access"]["code"] == "free"
    assert (await visitor.get(f"{LIST}/one")).json()["access"]["code"] == "sign_in_required"
    expired = await visitor.get(f"{LIST}/one", headers={"Authorization": "Bearer expired"})
    problem(expired, 401, "invalid_token")


async def test_metrics_know_the_routes(visitor: httpx.AsyncClient) -> None:
    for path in (LIST, f"{LIST}/one"):
        await visitor.get(path)
    metrics = (await visitor.get("/metrics")).text
    for route in (LIST, f"{LIST}/{{slug}}"):
        assert f'path="{route}",status_code="200"' in metrics


async def test_what_is_asked_for_at_once_shares_statements(visitor: httpx.AsyncClient) -> None:
    """And everybody gets their own: pages of one shape together, courses together."""
    lists = [f"{LIST}?category={category}&limit={limit}" for category in ("data", "art", "none") for limit in (1, 2)]
    sorted_otherwise = [f"{LIST}?category=data&sort=newest", f"{LIST}?category=data&sort=price"]
    courses = [f"{LIST}/{slug}" for slug in ("one", "two", "none", "three", "one")]
    paths = [*lists, *sorted_otherwise, *courses]
    alone = [await visitor.get(path) for path in paths]
    with counted() as trips:
        together = await asyncio.gather(*(visitor.get(path) for path in paths))
    assert trips.postgres == len(["by popularity", "by time", "by price", "courses"])
    assert all(same(one, other) for one, other in zip(together, alone, strict=True))
    assert [answer.status_code for answer in together] == [200] * 10 + [404, 200, 200]
