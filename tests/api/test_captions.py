"""Captions over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock
from tests.support.api import Api, problem
from tests.support.media_api import ASSETS, NOWHERE, running_media_api, started

WEBVTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    store = MemoryObjectStore(SystemClock())
    async with running_media_api(tmp_path, database_url=database, redis_url=redis_url, store=store) as running:
        yield running


async def put(
    browser: httpx.AsyncClient,
    asset_id: str,
    lang: str = "ko",
    body: bytes = WEBVTT,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    return await browser.put(
        f"{ASSETS}/{asset_id}/captions/{lang}", content=body, headers={"Content-Type": "text/vtt", **(headers or {})}
    )


async def test_captions_are_put_and_removed_again_and_again(api: Api) -> None:
    browser = await api.instructor()
    asset_id = (await started(browser, 1000))["asset_id"]

    for _ in range(2):
        answer = await put(browser, asset_id, headers={"Content-Type": "text/vtt; charset=UTF-8"})
        assert (answer.status_code, answer.content) == (204, b"")
    for _ in range(2):
        answer = await browser.delete(f"{ASSETS}/{asset_id}/captions/ko")
        assert (answer.status_code, answer.content) == (204, b"")
    await api.work()


async def test_refusal_tells_the_line_and_the_reason(api: Api) -> None:
    browser = await api.instructor()
    asset_id = (await started(browser, 1000))["asset_id"]

    answer = problem(await put(browser, asset_id, body=WEBVTT + b"00:02.000 --> 00:03.000"), 422, "invalid_webvtt")

    assert answer["line"] == 5
    assert "blank line" in answer["reason"]
    assert answer["detail"].startswith("Line 5: ")


async def test_other_bodies_and_tags_are_refused(api: Api) -> None:
    browser = await api.instructor()
    asset_id = (await started(browser, 1000))["asset_id"]

    problem(await put(browser, asset_id, "korean"), 422, "invalid_language")
    problem(await browser.delete(f"{ASSETS}/{asset_id}/captions/korean"), 422, "invalid_language")
    problem(await put(browser, asset_id, body=b"x" * (1024 * 1024 + 1)), 413, "payload_too_large")
    problem(await put(browser, asset_id, body=b""), 422, "invalid_webvtt")
    for headers in (
        {"Content-Type": "application/json"},
        {"Content-Type": "text/vtt; charset=utf-16"},
        {"Content-Encoding": "gzip"},
    ):
        problem(await put(browser, asset_id, headers=headers), 415, "unsupported_media_type")


def test_document_tells_what_body_is_wanted() -> None:
    document = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
    operation = document["paths"]["/api/v1/media/assets/{asset_id}/captions/{lang}"]["put"]
    assert operation["requestBody"] == {"required": True, "content": {"text/vtt": {"schema": {"type": "string"}}}}


async def test_captions_of_others_do_not_exist(api: Api) -> None:
    asset_id = (await started(await api.instructor(), 1000))["asset_id"]
    other = await api.instructor()

    problem(await put(other, asset_id), 404, "asset_not_found")
    problem(await put(other, NOWHERE), 404, "asset_not_found")
    problem(await other.delete(f"{ASSETS}/{asset_id}/captions/ko"), 404, "asset_not_found")
    problem(await put(await api.browser(), asset_id), 401, "sign_in_required")
    assert (await put(await api.operator(), asset_id)).status_code == 204
