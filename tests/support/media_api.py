"""The API with an object store in memory, and the client's part of an upload to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from dependency_injector.providers import Object

from kosu.adapters.memory.media import MemoryLessonAuthors
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock
from kosu.ports.object_store import PresignedPart
from tests.support.api import Api, running_api

UPLOADS = "/api/v1/media/uploads"
ASSETS = "/api/v1/media/assets"
NOWHERE = "019b77c2-0000-7000-8000-000000000000"


@asynccontextmanager
async def running_media_api(
    folder: Path, *, database_url: str, redis_url: str, store: MemoryObjectStore
) -> AsyncIterator[Api]:
    """Which lessons take a video is told to the `lesson_authors` of its container."""
    providers: dict[str, Any] = {"object_store": Object(store), "lesson_authors": Object(MemoryLessonAuthors())}
    async with running_api(folder, database_url=database_url, redis_url=redis_url, **providers) as running:
        yield running


def a_file(size_bytes: int, **changes: Any) -> dict[str, Any]:
    return {"filename": "lecture.mp4", "size_bytes": size_bytes, "content_type": "video/mp4", **changes}


async def started(browser: httpx.AsyncClient, size_bytes: int, **changes: Any) -> dict[str, Any]:
    answer = await browser.post(UPLOADS, json=a_file(size_bytes, **changes))
    assert answer.status_code == 201, answer.text
    upload: dict[str, Any] = answer.json()
    return upload


async def sent(browser: httpx.AsyncClient, store: MemoryObjectStore, upload: dict[str, Any], data: bytes) -> None:
    """The whole file, in the one part that it has."""
    answer = await browser.post(f"{UPLOADS}/{upload['id']}/parts", json={"part_numbers": [1]})
    assert answer.status_code == 200, answer.text
    (part,) = answer.json()["parts"]
    assert part["method"] == "PUT"
    await store.send(PresignedPart(1, part["url"], part["headers"], SystemClock().now()), data)


async def uploaded(browser: httpx.AsyncClient, store: MemoryObjectStore, data: bytes) -> str:
    """A completed upload; answers the asset's id."""
    upload = await started(browser, len(data))
    await sent(browser, store, upload, data)
    answer = await browser.post(f"{UPLOADS}/{upload['id']}/complete")
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"asset_id": upload["asset_id"]}
    return str(upload["asset_id"])
