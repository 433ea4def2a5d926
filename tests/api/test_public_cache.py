"""Public pages are kept, and never beyond what they were made of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object
from litestar.types import Receive, Scope, Send

from entrypoints.api.cookies import SessionCookies
from entrypoints.api.public_cache import MOST_QUERY_BYTES, PublicCache
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.version import CatalogueVersion
from kosu.modules.identity.domain.tokens import Keyring
from kosu.ports.broadcasts import Broadcast
from tests.api.test_catalog import COURSE, course_with_lesson, created
from tests.support.api import Api, running_api
from tests.support.counting import counted

LIST = "/api/v1/courses"
COURSE_PAGE = "/api/v1/courses/data-by-demonstration"


class SilentBroadcasts:
    """A database that tells of nothing in time: what a process knows of changes is what it made itself."""

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[Broadcast]]:
        yield _nothing()


async def _nothing() -> AsyncIterator[Broadcast]:
    await asyncio.Event().wait()
    yield Broadcast("nothing", {})


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """In other tests a page may be made anew when the database repeats what the process knows already."""
    silent = Object(SilentBroadcasts())
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, broadcasts=silent) as running:
        yield running


@pytest.fixture
async def studio(api: Api) -> httpx.AsyncClient:
    return await studio_of(api)


async def studio_of(api: Api) -> httpx.AsyncClient:
    """An instructor's browser; the catalogue has one category. Changes are heard of."""
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    await api.heard()
    return await api.instructor()


@pytest.mark.parametrize("path", [LIST, f"{LIST}?category=data&sort=newest", COURSE_PAGE, "/api/v1/home"])
async def test_a_page_costs_one_statement_once(api: Api, studio: httpx.AsyncClient, path: str) -> None:
    await course_with_lesson(studio)
    visitor = await api.browser()
    with counted() as first:
        made = await visitor.get(path)
    with counted() as second:
        kept = await (await api.browser()).get(path)
    assert (first.postgres, first.redis) == (1, 0)
    assert (second.postgres, second.redis) == (0, 0)
    assert kept.content == made.content
    same = {"etag", "cache-control", "content-type", "content-length", "vary", "x-content-type-options"}
    assert {name: kept.headers.get(name) for name in same} == {name: made.headers.get(name) for name in same}
    assert kept.headers["x-request-id"] != made.headers["x-request-id"]


async def test_whoever_changed_a_course_meets_the_change_at_once(api: Api, studio: httpx.AsyncClient) -> None:
    """Their next request is not answered with what was there before, however slowly the database tells of it."""
    course, _ = await course_with_lesson(studio)
    for title in ("Second", "Third", "Fourth"):
        assert (await studio.get(LIST)).status_code == 200
        await created(await studio.patch(f"/api/v1/studio/courses/{course['id']}", json={"title": title}), 200)
        assert [card["title"] for card in (await studio.get(LIST)).json()["items"]] == [title]
        assert (await (await api.browser()).get(COURSE_PAGE)).json()["title"] == title


async def test_other_processes_hear_of_a_change(
    studio: httpx.AsyncClient, database: str, redis_url: str, tmp_path: Path
) -> None:
    course, _ = await course_with_lesson(studio)
    async with running_api(tmp_path / "other", database_url=database, redis_url=redis_url) as other:
        await other.heard()
        visitor = await other.browser()
        assert (await visitor.get(LIST)).json()["items"][0]["title"] == COURSE["title"]
        await created(await studio.patch(f"/api/v1/studio/courses/{course['id']}", json={"title": "Other"}), 200)
        async with asyncio.timeout(30):
            while (await visitor.get(LIST)).json()["items"][0]["title"] != "Other":  # noqa: ASYNC110 - as browsers do
                await asyncio.sleep(0.01)


async def test_what_a_client_has_already_is_known_without_asking_anybody(api: Api, studio: httpx.AsyncClient) -> None:
    await course_with_lesson(studio)
    visitor = await api.browser()
    etag = (await visitor.get(LIST)).headers["etag"]
    # Made anew for somebody who has it already: the page is kept as well.
    api.container.catalog.version().changed()
    for statements in (1, 0):
        with counted() as trips:
            answer = await visitor.get(LIST, headers={"If-None-Match": f'"other", W/{etag}'})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert "content-type" not in answer.headers
        assert trips.postgres == statements
    with counted() as trips:
        assert (await visitor.get(LIST, headers={"If-None-Match": '"other"'})).status_code == 200
    assert trips.postgres == 0
    assert (await visitor.head(LIST)).content == b""


async def test_nobody_is_shown_what_is_somebody_elses(api: Api, studio: httpx.AsyncClient) -> None:
    await course_with_lesson(studio)
    stranger = await api.browser()
    for browser, state, cache_control in (
        (stranger, "purchase_required", "public, no-cache"),
        (studio, "owner", "private, no-cache"),
        (stranger, "purchase_required", "public, no-cache"),
        (studio, "owner", "private, no-cache"),
    ):
        page = await browser.get(COURSE_PAGE)
        assert (page.json()["access"]["state"], page.headers["cache-control"]) == (state, cache_control)
        assert page.headers["vary"] == "Cookie, Authorization"
    refused = await stranger.get(COURSE_PAGE, headers={"Authorization": "Bearer forged"})
    assert refused.status_code == 401


async def test_what_is_not_there_is_not_kept(api: Api, studio: httpx.AsyncClient) -> None:
    visitor = await api.browser()
    for _ in range(2):
        with counted() as trips:
            assert (await visitor.get(COURSE_PAGE)).status_code == 404
        assert trips.postgres == 1


async def test_nothing_is_kept_while_changes_go_unheard(api: Api, studio: httpx.AsyncClient) -> None:
    await course_with_lesson(studio)
    visitor = await api.browser()
    await visitor.get(LIST)
    api.container.catalog.version().deaf()
    for _ in range(2):
        with counted() as trips:
            assert (await visitor.get(LIST)).status_code == 200
        assert trips.postgres == 1


class Application:
    """Answers whatever is asked with a number that counts up."""

    def __init__(self, during: Callable[[], None] = lambda: None) -> None:
        self.headers = [(b"etag", b'"x"'), (b"cache-control", b"public, no-cache")]
        self.bodies = 0
        self._during = during

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies += 1
        self._during()
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        if b"parts" in scope["query_string"]:
            await send({"type": "http.response.body", "body": b"part ", "more_body": True})
        await send({"type": "http.response.body", "body": b"%6d" % self.bodies, "more_body": False})


class Front:
    """A cache in front of an Application."""

    def __init__(self, application: Application, version: CatalogueVersion, **settings: Any) -> None:
        cookies = SessionCookies(Keyring({"k": b"x" * 32}), secure=False, own_origins=frozenset())
        self._cache = PublicCache(application, version, cookies, **{"most_bytes": 1_000, **settings})

    async def get(self, query: bytes = b"", path: str = LIST) -> bytes:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope: Any = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
        await self._cache(scope, lambda: asyncio.sleep(0), send)  # type: ignore[arg-type,return-value]
        assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
        return b"".join(message["body"] for message in sent[1:])


@pytest.fixture
def version() -> CatalogueVersion:
    version = CatalogueVersion()
    version.listening()
    return version


async def test_a_page_that_was_begun_before_a_change_is_not_kept(version: CatalogueVersion) -> None:
    front = Front(Application(during=version.changed), version)
    assert [await front.get() for _ in range(2)] == [b"     1", b"     2"]


async def test_what_was_kept_before_listening_broke_off_is_not_used_after_it(version: CatalogueVersion) -> None:
    front = Front(Application(), version)
    assert await front.get() == b"     1"
    version.deaf()
    version.listening()
    assert [await front.get() for _ in range(2)] == [b"     2"] * 2


async def test_a_page_grows_old(version: CatalogueVersion) -> None:
    front = Front(Application(), version, most_seconds=0)
    assert [await front.get() for _ in range(2)] == [b"     1", b"     2"]


async def test_what_was_not_used_for_longest_makes_room(version: CatalogueVersion) -> None:
    front = Front(Application(), version, most_bytes=12)
    assert [await front.get(query) for query in (b"a", b"b", b"a")] == [b"     1", b"     2", b"     1"]
    assert await front.get(b"c") == b"     3"
    assert [await front.get(query) for query in (b"a", b"c", b"b")] == [b"     1", b"     3", b"     4"]


async def test_one_page_that_is_too_large_is_not_kept(version: CatalogueVersion) -> None:
    front = Front(Application(), version, most_bytes=5)
    assert [await front.get() for _ in range(2)] == [b"     1", b"     2"]


@pytest.mark.parametrize(
    ("query", "path"),
    [(b"", "/api/v1/me"), (b"q=" + b"x" * MOST_QUERY_BYTES, LIST), (b"parts", LIST)],
    ids=["another path", "a long query", "an answer in parts"],
)
async def test_all_else_passes(version: CatalogueVersion, query: bytes, path: str) -> None:
    application = Application()
    front = Front(application, version)
    answers = [await front.get(query, path) for _ in range(2)]
    assert application.bodies == 2
    assert [answer[-1:] for answer in answers] == [b"1", b"2"]


@pytest.mark.parametrize(
    "headers",
    [[(b"etag", b'"x"'), (b"cache-control", b"private")], [(b"etag", b'"x"')], [(b"cache-control", b"public")]],
    ids=["private", "unsaid", "without a tag"],
)
async def test_only_what_is_public_is_kept(version: CatalogueVersion, headers: list[tuple[bytes, bytes]]) -> None:
    application = Application()
    application.headers = headers
    front = Front(application, version)
    assert [await front.get() for _ in range(2)] == [b"     1", b"     2"]
