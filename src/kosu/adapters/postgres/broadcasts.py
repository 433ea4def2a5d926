"""Broadcasts by NOTIFY and LISTEN: sent with the commit, to every listening connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
                yield _heard(connection)
        except (psycopg.OperationalError, OSError) as error:
            raise DatabaseUnavailable(str(error)) from error


async def _heard(connection: AsyncConnection) -> AsyncIterator[Broadcast]:
    decode = msgspec.json.Decoder(Broadcast).decode
    while True:
        async for notify in connection.notifies(timeout=PROBE_SECONDS):
            yield decode(notify.payload)
        await connection.execute("SELECT 1")
