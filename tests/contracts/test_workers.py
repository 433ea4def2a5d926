"""Whether workers live: told by memory, and by what SAQ's own workers write into Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from saq.types import Context

from entrypoints.worker.saq_worker import GracefulWorker
from kosu.adapters.memory.workers import MemoryWorkers
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.saq.queue import SaqQueue, create_queue_redis
from kosu.adapters.saq.workers import SaqWorkers
from kosu.ports.workers import Workers
from kosu.settings import RedisSettings, Secret


@dataclass(frozen=True, slots=True)
class Site:
    """A place where workers can be started, by the name of their queue; `stop` ends all of them."""

    workers: Workers
    start: Callable[[str], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


def in_memory() -> Site:
    workers = MemoryWorkers()

    async def start(queue: str) -> None:
        workers.online.add(queue)

    async def stop() -> None:
        workers.online.clear()

    return Site(workers, start, stop)


@asynccontextmanager
async def with_saq(url: str) -> AsyncIterator[tuple[Site, Callable[..., Awaitable[None]]]]:
    settings = RedisSettings(url=Secret(url))
    queue_redis, redis = create_queue_redis(settings), create_redis(settings)
    queue = SaqQueue(queue_redis, ["default", "media"])
    running: list[tuple[GracefulWorker, asyncio.Task[None]]] = []

    async def work(_: Context) -> None:
        """There is none."""

    async def start(name: str, *, concurrency: int = 1) -> None:
        worker = GracefulWorker(
            queue.queues[name],
            [("work", work)],
            concurrency=concurrency,
            # Its sign of life expires after two seconds.
            timers={"schedule": 1, "worker_info": 1, "sweep": 60, "abort": 60},
        )
        running.append((worker, asyncio.create_task(worker.start())))
        await asyncio.sleep(0.1)

    async def stop() -> None:
        for worker, task in running:
            worker.event.set()
            await task
        running.clear()

    async with AsyncExitStack() as stack:
        stack.push_async_callback(queue_redis.aclose)
        stack.push_async_callback(redis.aclose)
        stack.push_async_callback(stop)
        yield Site(SaqWorkers(redis), start, stop), start


@pytest.fixture(params=["memory", "saq"])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    if request.param == "memory":
        yield in_memory()
    else:
        async with with_saq(request.getfixturevalue("redis_url")) as (found, _):
            yield found


async def becomes(workers: Workers, queue: str, *, online: bool) -> None:
    """Wait until it has come to that."""
    for _ in range(500):
        if await workers.are_online(queue) is online:
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come to that")


async def test_workers_are_online_from_their_start_until_a_while_after_their_end(site: Site) -> None:
    assert await site.workers.are_online("media") is False

    await site.start("media")
    await becomes(site.workers, "media", online=True)
    assert await site.workers.are_online("default") is False
    await site.stop()

    await becomes(site.workers, "media", online=False)


async def test_nobody_can_tell_while_redis_is_away() -> None:
    redis = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0")))

    assert await SaqWorkers(redis).are_online("media") is None

    await redis.aclose()


async def test_frozen_redis_is_not_waited_for() -> None:
    """One that takes connections and never answers."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    redis = create_redis(RedisSettings(url=Secret(f"redis://127.0.0.1:{port}/0"), timeout_ms=3_600_000))

    assert await SaqWorkers(redis).are_online("media") is None

    await redis.aclose()
    server.close()
