"""Opening and closing what a runtime holds; the same for api, worker and scheduler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Protocol, runtime_checkable

from kosu.container import Container
from kosu.errors import Unavailable

log = logging.getLogger(__name__)

OPEN_SECONDS = 15


@runtime_checkable
class Closable(Protocol):
    """An adapter that holds threads of its own."""

    def close(self) -> None: ...


@asynccontextmanager
async def running(container: Container) -> AsyncIterator[Container]:
    """Connect to PostgreSQL and Redis; on the way out close everything in reverse.

    Raises:
        psycopg_pool.PoolTimeout: PostgreSQL cannot be reached. Redis may be away: nothing acknowledged depends on it.
    """
    async with AsyncExitStack() as stack:
        for client in (container.queue_redis(), container.redis()):
            stack.push_async_callback(client.aclose)
        stack.push_async_callback(container.engine().dispose)
        for part in (container.object_store(), container.passwords()):
            if isinstance(part, Closable):
                stack.callback(part.close)
        for pool in (container.pool(), container.session_pool()):
            await pool.open(wait=True, timeout=OPEN_SECONDS)
            stack.push_async_callback(pool.close)
        yield container


@asynccontextmanager
async def repeating(action: Callable[[], Awaitable[object]], *, every_seconds: float, name: str) -> AsyncIterator[None]:
    """Run `action` now and then in the background, and once more at the end. What it needs may be away meanwhile."""

    async def attempt() -> None:
        try:
            await action()
        except Unavailable as error:
            log.warning("%s: put off: %s", name, error)

    async def loop() -> None:
        while True:
            await asyncio.sleep(every_seconds)
            await attempt()

    task = asyncio.create_task(loop(), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await attempt()
