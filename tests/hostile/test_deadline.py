"""A request that takes too long is given up, and leaves nothing half-done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar, get
from litestar.response import Stream

from entrypoints.api.deadline import Deadline
from entrypoints.api.errors import EXCEPTION_HANDLERS
from tests.support.api import problem, running_api
from tests.support.settings import API_URL


async def test_what_was_open_when_time_was_up_is_rolled_back(database: str, redis_url: str, tmp_path: Path) -> None:
    """A profile is changed while somebody else holds its row; the connection it waited on serves others after."""
    changes = {"KOSU_REQUEST_TIMEOUT_SECONDS": "1", "KOSU_DATABASE_LOCK_TIMEOUT_MS": "60000"}
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, settings_changes=changes) as api:
        api.without_deadlines()
        learner = await api.learner()
        before = (await learner.get("/api/v1/me")).json()
        async with await psycopg.AsyncConnection.connect(database) as other:
            await other.execute("SELECT FROM identity.users FOR UPDATE")
            refused = await learner.patch("/api/v1/me", json={"display_name": "Half-done"})
            problem(refused, 503, "request_timed_out")
            assert int(refused.headers["retry-after"]) > 0
        assert (await learner.get("/api/v1/me")).json() == before
        done = await learner.patch("/api/v1/me", json={"display_name": "Done"})
        assert (done.status_code, done.json()["display_name"]) == (200, "Done")
        assert api.container.engine().pool.checkedout() == 0  # type: ignore[attr-defined]
    with psycopg.connect(database) as connection:
        waiting = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        ).fetchone()
        assert waiting == (0,)


class Handlers:
    """An application whose one route does what the test wants."""

    def __init__(self, work: Callable[[], Awaitable[Any]]) -> None:
        @get("/", opt={"auth": "nobody"})
        async def answer() -> Any:
            return await work()

        app = Litestar([answer], exception_handlers=EXCEPTION_HANDLERS, openapi_config=None, logging_config=None)
        self._transport = httpx.ASGITransport(app=Deadline(app, app, seconds=0.2))  # type: ignore[arg-type]

    async def ask(self) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url=API_URL) as client:
            return await client.get("/")


async def test_an_answer_that_has_begun_may_take_its_time() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one ", b"two ", b"three"):
            await asyncio.sleep(0.15)
            yield part

    async def stream() -> Stream:
        return Stream(parts())

    answer = await Handlers(stream).ask()
    assert (answer.status_code, answer.content) == (200, b"one two three")


async def test_a_time_out_of_somebody_elses_is_a_failure_like_any_other() -> None:
    async def fail(*_: object) -> None:
        async with asyncio.timeout(0):
            await asyncio.sleep(1)

    assert (await Handlers(fail).ask()).json()["code"] == "internal_error"
    # Nor is one that no handler made passed off as ours.
    app = Litestar([], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app=Deadline(app, fail, seconds=5))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=API_URL) as client:
        with pytest.raises(TimeoutError):
            await client.get("/")


@pytest.mark.parametrize("ends", [True, False])
async def test_a_handler_is_told_that_its_time_is_up(ends: bool) -> None:
    told = False

    async def work() -> str:
        nonlocal told
        try:
            await asyncio.sleep(0.01 if ends else 60)
        except asyncio.CancelledError:
            told = True
            raise
        return "done"

    answer = await Handlers(work).ask()
    assert told is not ends
    assert answer.status_code == (200 if ends else 503)
