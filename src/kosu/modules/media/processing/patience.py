"""Waiting for a database that is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kosu.modules.media.errors import LeaseLost
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")


async def while_held(
    ask: Callable[[], Awaitable[T]], *, is_held: Callable[[], bool], name: str, beat_seconds: float
) -> T:
    """Read or write, as often as it takes while the lease is good: no outage throws hours of encoding away.

    Raises:
        LeaseLost: the database was away for longer.
    """
    while True:
        try:
            return await ask()
        except DatabaseUnavailable as error:
            if not is_held():
                msg = f"{name}: the database was away for longer than the lease"
                raise LeaseLost(msg) from error
            log.warning("%s: waiting for the database: %s", name, error)
        await asyncio.sleep(beat_seconds)
