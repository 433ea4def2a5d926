"""Broadcasts by NOTIFY and LISTEN: sent with the commit, to every listening connection."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import msgspec
import psycopg
from psycopg import AsyncConnection

from kosu.ports.broadcasts import Broadcast
from kosu.ports.unit_of_work import DatabaseUnavailable
from kosu.settings import PostgresSettings

CHANNEL = "kosu_broadcasts"
# A connection whose other end vanished without a word is noticed by asking.
PROBE_SECONDS = 15


class PostgresBroadcasts:
    def __init__(self, settings: PostgresSettings) -> None:
        self._url = settings.url

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[Broadcast]]:
        try:
            connection = await AsyncConnection.connect(str.__str__(self._url), autocommit=True, connect_timeout=5)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                # Closed before the connection is, which it holds locked wherever its reader left off.
                async with aclosing(_heard(connection)) as heard:
                    yield heard
        except (psycopg.OperationalError, OSError) as error:
            raise DatabaseUnavailable(str(error)) from error


async def _heard(connection: AsyncConnection) -> AsyncGenerator[Broadcast]:
    decode = msgspec.json.Decoder(Broadcast).decode
    while True:
        async with aclosing(connection.notifies(timeout=PROBE_SECONDS)) as notifies:
            async for notify in notifies:
                yield decode(notify.payload)
        await connection.execute("SELECT 1")
