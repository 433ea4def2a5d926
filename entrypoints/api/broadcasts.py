"""What every api process does with the events that the database tells all of them: the one table, and the listening."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec

from kosu.container import Container
from kosu.modules.catalog import CatalogueChanged
from kosu.modules.identity import AuthorityChanged, SessionEnded
from kosu.modules.learning import ReviewsChanged
from kosu.ports.broadcasts import Broadcast
from kosu.ports.messages import Event, name_of
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.2


def reactions(container: Container) -> dict[type[Event], Callable[[Any], None]]:
    """Quick, in memory, and idempotent: an event may be told and caught up on."""
    hear = container.identity.hear_broadcasts()
    version = container.catalog.version()
    return {
        SessionEnded: hear.session_ended,
        AuthorityChanged: hear.authority_changed,
        CatalogueChanged: lambda _: version.changed(),
        ReviewsChanged: lambda _: version.changed(),
    }


def catch_up(container: Container) -> list[Callable[[], Awaitable[None]]]:
    """What to read once whenever listening begins, for what was told before."""
    return [container.identity.hear_broadcasts().catch_up]


@asynccontextmanager
async def listening(container: Container) -> AsyncIterator[None]:
    """Listen in the background, and begin again whenever the database was away. What is told here is heard at once."""
    by_type = reactions(container)
    by_name = {name_of(event): (event, react) for event, react in by_type.items()}
    broadcasts, missed, version = container.broadcasts(), catch_up(container), container.catalog.version()

    def hear_own(event: Event) -> None:
        if type(event) in by_type:
            by_type[type(event)](event)

    def hear(broadcast: Broadcast) -> None:
        if broadcast.name in by_name:
            event, react = by_name[broadcast.name]
            react(msgspec.convert(broadcast.payload, type=event))

    async def listen() -> None:
        while True:
            try:
                async with broadcasts.listen() as heard:
                    for read in missed:
                        await read()
                    version.listening()
                    async for broadcast in heard:
                        hear(broadcast)
            except (DatabaseUnavailable, msgspec.DecodeError) as error:
                # What could not be read is caught up on too: nothing is told twice.
                log.warning("broadcasts: not heard for a moment: %s", error)
            finally:
                version.deaf()
            await asyncio.sleep(RETRY_SECONDS)

    container.own_broadcasts().hear_with(hear_own)
    task = asyncio.create_task(listen(), name="broadcasts")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
