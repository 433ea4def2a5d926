"""Covers over HTTP."""

from __future__ import annotations

import httpx
import pytest

from kosu.modules.catalog.domain.covers import MAX_COVER_BYTES
from kosu.modules.catalog.domain.shelves import Category
from tests.api.test_catalog import COURSE
from tests.support.api import Api, problem
from tests.support.settings import EDGE_URL

PNG = b"\x89PNG\r\n\x1a\npicture"


@pytest.fixture
async def studio(api: Api) -> httpx.AsyncClient:
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    return await api.instructor()


async def cover_path(studio: httpx.AsyncClient) -> str:
    """The address of a new course's cover."""
    course = (await studio.post("/api/v1/studio/courses", json=COURSE)).json()
    return f"/api/v1/studio/courses/{course['id']}/cover"


async def put(browser: httpx.AsyncClient, path: str, body: bytes = PNG, kind: str = "image/png") -> httpx.Response:
    return await browser.put(path, content=body, headers={"Content-Type": kind})


async def test_a_cover_is_put_and_leads_to_where_it_is_served(api: Api, studio: httpx.AsyncClient) -> None:
    path = await cover_path(studio)
    answers = [await put(studio, path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    url = answers[0].json()["cover_url"]
    assert answers[1].json() == answers[0].json()

    led = await (await api.browser()).get(url)
    assert (led.status_code, led.headers["location"]) == (307, EDGE_URL + url)
    stored = await api.container.object_store().read(url.removeprefix("/"), length=100)
    assert stored == PNG


async def test_what_is_refused_and_how(api: Api, studio: httpx.AsyncClient) -> None:
    path = await cover_path(studio)
    problem(await put(studio, path, kind="image/svg+xml"), 415, "unsupported_media_type")
    problem(await put(studio, path, kind="application/json"), 415, "unsupported_media_type")
    problem(await put(studio, path, body=b"<svg/>"), 422, "cover_invalid")
    problem(await put(studio, path, body=PNG.ljust(MAX_COVER_BYTES + 1)), 413, "payload_too_large")
    problem(await put(await api.instructor(), path), 403, "not_course_owner")
    problem(await put(await api.learner(), path), 403, "role_required")
    large = await put(studio, path, body=PNG.ljust(MAX_COVER_BYTES))
    assert large.status_code == 200, "larger than JSON bodies may be"
