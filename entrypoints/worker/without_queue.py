"""What a worker does unasked while the queue is away and nobody can ring for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

from kosu.errors import Unavailable
from kosu.ports.queue import Queue, QueueUnavailable

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# A queue that is frozen, and not gone, never answers at all.
ANSWER_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 15.0


async def work_while_away(
    queue: Queue,
    work: Callable[[], Awaitable[object]],
    *,
    name: str,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> NoReturn:
    """Do `work` every second for as long as the queue is away, and nothing while it is there; until it is cancelled.

    Work that fails is tried again, ever more slowly: the other stores may be away too.
    """
    pause, was_there = LOOK_SECONDS, True
    while True:
        await sleep(pause)
        is_there = await _answers(queue)
        if is_there != was_there:
            log.warning("the queue is %s", "back" if is_there else f"away: {name} is done without being rung for")
        was_there = is_there
        is_well = is_there or await _succeeds(work, name)
        pause = LOOK_SECONDS if is_well else min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _answers(queue: Queue) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await queue.ping()
    except (QueueUnavailable, TimeoutError):
        return False
    return True


async def _succeeds(work: Callable[[], Awaitable[object]], name: str) -> bool:
    try:
        await work()
    except Unavailable as error:
        log.warning("%s: %s", name, error)
        return False
    except Exception:
        log.exception("%s failed", name)
        return False
    return True
