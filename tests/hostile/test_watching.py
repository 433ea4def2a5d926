"""Redis dies or freezes while people watch: heartbeats are taken all the same, and what was flushed is kept."""

from __future__ import annotations

import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from entrypoints.embedded.child import Child
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.temporary import temporary_redis
from kosu.ids import LessonId, UserId
from kosu.modules.learning.domain.progress import Progress
from tests.api.test_learning import beat
from tests.hostile.test_outages import PATIENCE_SECONDS, kill, restart
from tests.support.api import Api, running_api
from tests.support.counting import counted
from tests.support.taught import Course, buy, make_course


@pytest.fixture
def redis() -> Iterator[tuple[RedisServer, Child]]:
    with temporary_redis() as started:
        yield started


@pytest.fixture
async def api(database: str, redis: tuple[RedisServer, Child], tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis[0].url()) as running:
        # What is tested here is Redis: the database may take its time.
        running.container.identity.lookup()._store_seconds = PATIENCE_SECONDS
        yield running


class Watcher:
    """A learner before a video, and what the records say of them."""

    def __init__(self, api: Api, browser: httpx.AsyncClient, course: Course, user_id: UserId) -> None:
        self._api = api
        self._browser = browser
        self._course = course
        self._user_id = user_id

    async def watch(self, second: int) -> None:
        """One millisecond at this second of the video, as the heartbeat of this number."""
        start = second * 1_000
        body = beat(second, [start, start + 1], position_ms=start)
        answer = await self._browser.put(f"/api/v1/lessons/{self._course.video}/progress", json=body)
        assert answer.status_code == 204, answer.text

    async def seen(self) -> list[int]:
        """The seconds that the records have."""
        return [start // 1_000 for start, _ in (await self._stored()).watched]

    async def resumes_at(self) -> int:
        playback = await self._browser.get(f"/api/v1/lessons/{self._course.video}/playback")
        return int(playback.json()["resume_position_ms"]) // 1_000

    async def _stored(self) -> Progress:
        lesson_id = LessonId(UUID(self._course.video))
        return (await self._api.container.learning_queries().progress(self._user_id, [lesson_id]))[lesson_id]


@pytest.fixture
async def watcher(api: Api) -> Watcher:
    course = await make_course(api)
    browser = await api.learner()
    await buy(api, browser, course)
    return Watcher(api, browser, course, UserId(UUID((await browser.get("/api/v1/me")).json()["id"])))


async def flush(api: Api) -> None:
    await api.container.learning.flush_progress()()


@pytest.mark.parametrize("memory", ["kept", "lost"])
async def test_redis_killed_between_heartbeats_loses_at_most_what_came_since_the_last_flush(
    api: Api, redis: tuple[RedisServer, Child], watcher: Watcher, memory: str
) -> None:
    server, child = redis
    await watcher.watch(1)
    await watcher.watch(2)
    await flush(api)
    await watcher.watch(3)
    await kill(child)
    await watcher.watch(4)
    # At once, for there is no buffer.
    assert await watcher.seen() == [1, 2, 4]
    assert await watcher.resumes_at() == 4
    if memory == "lost":
        shutil.rmtree(server.data)
        server.data.mkdir()
    await restart(server, child)
    for second in range(5, 9):
        await watcher.watch(second)
    await flush(api)
    # What Redis still had is older by its number, and is ignored.
    assert await watcher.seen() == [1, 2, 4, 5, 6, 7, 8]
    assert await watcher.resumes_at() == 8


async def test_a_frozen_redis_holds_few_heartbeats_up_and_refuses_none(
    api: Api, redis: tuple[RedisServer, Child], watcher: Watcher
) -> None:
    _, child = redis
    await watcher.watch(0)
    child.signal(signal.SIGSTOP)
    try:
        with counted() as trips:
            for second in range(1, 61):
                await watcher.watch(second)
    finally:
        child.signal(signal.SIGCONT)
    assert (await watcher.seen())[-60:] == list(range(1, 61))
    # Each would have asked at least twice.
    assert trips.redis < 60
    for second in range(61, 65):
        await watcher.watch(second)
    await flush(api)
    assert (await watcher.seen())[-4:] == [61, 62, 63, 64]
    assert await watcher.resumes_at() == 64
