"""How often this process asks Redis and PostgreSQL: counted where the drivers send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def counted() -> Iterator[RoundTrips]:
    """Count what happens inside of the block. The drivers are watched, not our code."""
    trips = RoundTrips()
    send, execute = AbstractConnection.send_packed_command, psycopg.AsyncCursor.execute

    async def counting_send(self: Any, *args: Any, **named: Any) -> Any:
        trips.redis += 1
        return await send(self, *args, **named)

    async def counting_execute(self: Any, *args: Any, **named: Any) -> Any:
        trips.postgres += 1
        return await execute(self, *args, **named)

    with (
        patch.object(AbstractConnection, "send_packed_command", counting_send),
        patch.object(psycopg.AsyncCursor, "execute", counting_execute),
    ):
        yield trips
