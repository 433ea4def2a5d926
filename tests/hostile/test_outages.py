"""Stores that die, freeze and come back while people work: nobody is signed out by it, and nobody waits for long."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from entrypoints import migrate
from entrypoints.embedded.child import Child
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis
from kosu.modules.identity.domain.sessions import Client
from tests.support.api import PASSWORD, Api, problem, running_api

CLIENT = Client(ip="192.0.2.1", browser="Firefox", os="Linux")
CLIENTS = 50
# However busy the machine is: what takes longer does not come.
PATIENCE_SECONDS = 30


@pytest.fixture
def redis() -> Iterator[tuple[RedisServer, Child]]:
    with temporary_redis() as started:
        yield started


@pytest.fixture
async def api(database: str, redis: tuple[RedisServer, Child], tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis[0].url()) as running:
        yield running


@pytest.fixture
async def browsers(api: Api) -> list[httpx.AsyncClient]:
    return [await api.learner() for _ in range(CLIENTS)]


@dataclass(slots=True)
class Observed:
    """What all clients saw: statuses and codes, the slowest answer, the last failure, cookies that were taken away."""

    answers: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0
    cleared: int = 0
    last_failure: float = 0

    def note(self, answer: httpx.Response, seconds: float, at: float) -> None:
        code = answer.json()["code"] if answer.status_code >= 400 else "ok"
        self.answers[f"{answer.status_code} {code}"] += 1
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        if answer.status_code != 200:
            self.last_failure = at
        self.cleared += sum("max-age=0" in cookie.lower() for cookie in answer.headers.get_list("set-cookie"))

    async def second_without_failure(self) -> None:
        """Wait for it, from now on."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() - max(began, self.last_failure) < 1:  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(0.05)


@asynccontextmanager
async def at_work(browsers: list[httpx.AsyncClient]) -> AsyncIterator[Observed]:
    """All clients send one request after another, every tenth a refresh, until the block ends."""
    observed, over, loop = Observed(), asyncio.Event(), asyncio.get_running_loop()

    async def work(browser: httpx.AsyncClient) -> None:
        number = 0
        while not over.is_set():
            number += 1
            started = loop.time()
            if number % 10:
                answer = await browser.get("/api/v1/me")
            else:
                answer = await browser.post("/api/v1/auth/refresh")
            observed.note(answer, loop.time() - started, loop.time())
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(work(browser)) for browser in browsers]
    try:
        yield observed
    finally:
        over.set()
        await asyncio.gather(*tasks)


async def kill(child: Child) -> None:
    child.signal(signal.SIGKILL)
    while child.running():  # noqa: ASYNC110 - a process says nothing when it ends
        await asyncio.sleep(0.01)


async def restart(server: RedisServer, child: Child) -> None:
    child.start()
    await asyncio.to_thread(server.wait_until_ready, child)


async def refused_as_revoked(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await client.get("/api/v1/me")).status_code == 503:  # noqa: ASYNC110 - as it is told to
            await asyncio.sleep(0.05)
    problem(answer, 401, "session_revoked")


@pytest.mark.parametrize("memory", ["kept", "lost"])
async def test_redis_killed_under_load_signs_nobody_out(
    api: Api, redis: tuple[RedisServer, Child], browsers: list[httpx.AsyncClient], memory: str
) -> None:
    """PostgreSQL answers meanwhile; where it cannot keep up, the answer is to come again."""
    server, child = redis
    async with at_work(browsers) as observed:
        await asyncio.sleep(1)
        await kill(child)
        killed = asyncio.get_running_loop().time()
        await asyncio.sleep(1.5)
        if memory == "lost":
            shutil.rmtree(server.data)
            server.data.mkdir()
        await restart(server, child)
        restarted = asyncio.get_running_loop().time()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await observed.second_without_failure()
    print(
        f"\nredis killed for {restarted - killed:.1f} s, its memory {memory}: {dict(observed.answers)}, slowest answer"
        f" {observed.slowest_seconds * 1000:.0f} ms, last failure {max(0, observed.last_failure - killed):.1f} s after"
    )
    assert set(observed.answers) <= {"200 ok", "503 auth_unavailable"}
    assert observed.answers["200 ok"] > 10 * CLIENTS
    assert observed.cleared == 0
    assert [(await browser.get("/api/v1/me")).status_code for browser in browsers] == [200] * CLIENTS


async def test_a_flush_signs_nobody_out_and_nobody_in(api: Api, browsers: list[httpx.AsyncClient]) -> None:
    """All ask PostgreSQL at once; where it cannot keep up, the answer is to come again, and never that they are out."""
    ended, kept = browsers[:10], browsers[10:]
    tokens = [browser.cookies["kosu_at"] for browser in ended]
    for browser in ended:
        await browser.post("/api/v1/auth/logout")
    # Without what this process itself remembers: another one has only the stores.
    api.container.identity.denials()._ended.clear()
    async with at_work(kept) as observed:
        for _ in range(5):
            await asyncio.sleep(0.1)
            await api.container.redis().flushall()
            for token in tokens:
                client = await api.browser(Authorization=f"Bearer {token}")
                await refused_as_revoked(client)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await observed.second_without_failure()
    assert set(observed.answers) <= {"200 ok", "503 auth_unavailable"}
    assert observed.answers["200 ok"] > 10 * len(kept)
    assert observed.cleared == 0


async def test_a_frozen_redis_holds_few_requests_up(
    redis: tuple[RedisServer, Child], browsers: list[httpx.AsyncClient]
) -> None:
    """Some have to find out, and the others are answered as ever by PostgreSQL."""
    _, child = redis
    child.signal(signal.SIGSTOP)
    loop, seconds = asyncio.get_running_loop(), []
    try:
        for browser in browsers:
            started = loop.time()
            assert (await browser.get("/api/v1/me")).status_code == 200
            seconds.append(loop.time() - started)
    finally:
        child.signal(signal.SIGCONT)
    waited = [elapsed for elapsed in seconds if elapsed > 0.2]
    print(f"\nredis frozen: {len(waited)} of {len(seconds)} requests waited, the slowest {max(seconds) * 1000:.0f} ms")
    assert len(waited) <= 6
    assert (await browsers[0].get("/api/v1/me")).status_code == 200


@contextmanager
def frozen(child: Child) -> Iterator[None]:
    """PostgreSQL with all of its processes stopped: connections stay open, and nothing is answered."""
    assert child.pid is not None
    backends = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    family = [child.pid, *map(int, backends)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def postgres() -> Iterator[tuple[PostgresServer, Child, str]]:
    """A server of its own, for it is stopped."""
    with temporary_postgres() as (server, child):
        server.create_database("kosu_outages")
        migrate.upgrade(server.url("kosu_outages"))
        yield server, child, server.url("kosu_outages")


@pytest.fixture
async def fragile(
    postgres: tuple[PostgresServer, Child, str], redis: tuple[RedisServer, Child], tmp_path: Path
) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=postgres[2], redis_url=redis[0].url()) as running:
        yield running


async def test_a_frozen_postgres_lets_cached_sessions_through(
    fragile: Api, postgres: tuple[PostgresServer, Child, str]
) -> None:
    admitted = await fragile.container.identity.register_user()(
        email="ada@kosu.test",
        password=PASSWORD,
        display_name="Ada",
        device_id=None,
        client=CLIENT,
    )
    authenticate, token = fragile.container.identity.authenticate_request(), admitted.tokens.access_token
    await authenticate(access_token=token)
    with frozen(postgres[1]):
        for _ in range(20):
            async with asyncio.timeout(1):
                assert (await authenticate(access_token=token)).session_id == admitted.session.id


async def test_with_both_stores_away_the_answer_is_to_come_again_and_soon(
    fragile: Api, postgres: tuple[PostgresServer, Child, str], redis: tuple[RedisServer, Child]
) -> None:
    server, child = redis
    browser = await fragile.learner()
    assert (await browser.get("/api/v1/me")).status_code == 200
    await kill(child)
    with frozen(postgres[1]):
        for _ in range(3):
            async with asyncio.timeout(1.5):
                answer = await browser.get("/api/v1/me")
            problem(answer, 503, "auth_unavailable")
            assert answer.headers["retry-after"] == "2"
            assert answer.headers.get_list("set-cookie") == []
    await restart(server, child)
    deadline = asyncio.get_running_loop().time() + 10
    while (answer := await browser.get("/api/v1/me")).status_code == 503:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.1)
    assert answer.status_code == 200
