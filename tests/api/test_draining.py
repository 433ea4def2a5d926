"""A process that is told to stop: it says so before it does, and loses nobody's request."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from dependency_injector.providers import Object

from entrypoints.api.app import create_litestar, with_front
from entrypoints.api.draining import Draining
from kosu.adapters.memory.queue import MemoryQueue
from kosu.container import Container
from tests.support.api import problem
from tests.support.settings import API_URL, settings


@pytest.fixture
def draining() -> Draining:
    return Draining()


@pytest.fixture
async def client(database: str, redis_url: str, tmp_path: Path, draining: Draining) -> AsyncIterator[httpx.AsyncClient]:
    container = Container(
        settings=settings(tmp_path, database_url=database, redis_url=redis_url, KOSU_DRAIN_SECONDS="0"),
        queue=Object(MemoryQueue()),
    )
    app = create_litestar(container, draining)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.lifespan())
        transport = httpx.ASGITransport(app=with_front(app, container, draining))  # type: ignore[arg-type]
        yield await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=API_URL))


async def test_it_is_not_ready_and_alive_and_answers_what_still_comes(
    client: httpx.AsyncClient, draining: Draining
) -> None:
    before = await client.get("/health/ready")
    assert before.status_code == 200
    assert "connection" not in before.headers

    draining.has_begun = True
    told = problem(await client.get("/health/ready"), 503, "not_ready")
    assert "stopping" in told["detail"]
    for path in ("/health/live", "/api/v1/courses"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")


async def test_the_server_hears_of_it_after_the_drain(draining: Draining) -> None:
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, heard.set)
    try:
        draining.at_sigterm(0.2)
        told = loop.time()
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            await heard.wait()
        assert draining.has_begun
        assert loop.time() - told >= 0.2
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def test_without_a_drain_the_server_hears_of_it_at_once(draining: Draining) -> None:
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, heard.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    try:
        draining.at_sigterm(0)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            await heard.wait()
        assert not draining.has_begun
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
