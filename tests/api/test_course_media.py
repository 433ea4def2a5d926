"""The videos of a course over HTTP: the catalogue says whose lessons they are, media what they are at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock
from kosu.modules.catalog.domain.shelves import Category
from tests.support.api import Api, problem, running_api
from tests.support.counting import counted
from tests.support.media_api import NOWHERE, started

COURSES = "/api/v1/studio/courses"


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    store = Object(MemoryObjectStore(SystemClock()))
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, object_store=store) as running:
        await running.container.catalog.ensure_categories()([Category("data", "Data", 1)])
        yield running


async def created(browser: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await browser.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def course_of(browser: httpx.AsyncClient, *kinds: str) -> tuple[str, list[str]]:
    """A course with a lesson of each kind; answers its id and the lessons'."""
    price = {"amount_minor": 0, "currency": "KRW"}
    course = await created(browser, COURSES, title="A course", category="data", price=price)
    section = await created(browser, f"{COURSES}/{course}/sections", title="A section")
    lessons = f"{COURSES}/{course}/sections/{section}/lessons"
    return course, [await created(browser, lessons, title="A lesson", kind=kind) for kind in kinds]


async def test_lessons_lead_to_their_assets(api: Api) -> None:
    browser = await api.instructor()
    course, (video, _, empty) = await course_of(browser, "video", "text", "video")
    upload = await started(browser, 1000, lesson_id=video)

    answer = await browser.get(f"{COURSES}/{course}/media")

    (item,) = answer.json()["items"]
    assert item["lesson_id"] == video != empty
    assert (item["filename"], item["captions"]) == ("lecture.mp4", [])
    assert item["asset"] == (await browser.get(f"/api/v1/media/assets/{upload['asset_id']}")).json()
    unchanged = await browser.get(f"{COURSES}/{course}/media", headers={"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_only_its_instructor_and_operators_look(api: Api) -> None:
    browser = await api.instructor()
    course, (video,) = await course_of(browser, "video")
    await started(browser, 1000, lesson_id=video)

    problem(await (await api.instructor()).get(f"{COURSES}/{course}/media"), 403, "not_course_owner")
    problem(await (await api.learner()).get(f"{COURSES}/{course}/media"), 403, "role_required")
    problem(await browser.get(f"{COURSES}/{NOWHERE}/media"), 404, "course_not_found")
    assert len((await (await api.operator()).get(f"{COURSES}/{course}/media")).json()["items"]) == 1


async def test_cost_does_not_grow_with_the_course(api: Api) -> None:
    browser = await api.instructor()
    costs = []
    for lessons in (1, 6):
        course, videos = await course_of(browser, *["video"] * lessons)
        for video in videos:
            await started(browser, 1000, lesson_id=video)
        with counted() as trips:
            answer = await browser.get(f"{COURSES}/{course}/media")
        assert len(answer.json()["items"]) == lessons
        costs.append(trips.postgres)
    assert costs[0] == costs[1] > 0
