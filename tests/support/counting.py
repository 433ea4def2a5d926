"""How often this process asks Redis and PostgreSQL: counted where the drivers send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import psycopg
from redis.asyncio.connection import AbstractConnection


@dataclass(slots=True)
class RoundTrips:
    """To Redis a pipeline is one, as is each command that sets a new connection up; to PostgreSQL a statement is."""

    redis: int = 0
    postgres: int = 0


# Tasks take the context along in which they are started.
_BLOCK: ContextVar[RoundTrips | None] = ContextVar("counted_block", default=None)


@contextmanager
def counted() -> Iterator[RoundTrips]:
    """Count what the block asks, and the tasks that it starts. The drivers are watched, not our code.

    What else goes on in the process meanwhile, such as a task of the application that now and then writes, is left out.
    """
    trips = RoundTrips()
    token = _BLOCK.set(trips)
    send, execute = AbstractConnection.send_packed_command, psycopg.AsyncCursor.execute

    async def counting_send(self: Any, *args: Any, **named: Any) -> Any:
        if _BLOCK.get() is trips:
            trips.redis += 1
        return await send(self, *args, **named)

    async def counting_execute(self: Any, *args: Any, **named: Any) -> Any:
        if _BLOCK.get() is trips:
            trips.postgres += 1
        return await execute(self, *args, **named)

    with (
        patch.object(AbstractConnection, "send_packed_command", counting_send),
        patch.object(psycopg.AsyncCursor, "execute", counting_execute),
    ):
        try:
            yield trips
        finally:
            _BLOCK.reset(token)
