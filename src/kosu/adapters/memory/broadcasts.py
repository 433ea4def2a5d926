"""Broadcasts in memory: from a MemoryDatabase to whoever listens to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kosu.adapters.memory.database import MemoryDatabase
from kosu.ports.broadcasts import Broadcast
from kosu.ports.unit_of_work import DatabaseUnavailable


class MemoryBroadcasts:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[Broadcast]]:
        if not self._database.available:
            msg = "the database is away"
            raise DatabaseUnavailable(msg)
        heard: asyncio.Queue[Broadcast] = asyncio.Queue()
        self._database.listeners.append(heard)
        try:
            yield _heard(heard)
        finally:
            self._database.listeners.remove(heard)


async def _heard(queue: asyncio.Queue[Broadcast]) -> AsyncIterator[Broadcast]:
    while True:
        yield await queue.get()
