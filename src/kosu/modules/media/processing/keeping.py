"""Working while a lease is kept: the part that runs and chunks share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from kosu.modules.media.errors import LeaseLost

log = logging.getLogger(__name__)

T = TypeVar("T")


async def while_kept(
    keep: Callable[[], Coroutine[object, object, None]], work: Callable[[], Awaitable[T]], *, name: str
) -> T | None:
    """What `work` answers, while `keep` goes on beside it until it is cancelled.

    When the lease is lost, work is cancelled, and the answer is None unless there was one already: somebody else works
    on it, or nobody any more, and whoever does has been told.
    """
    answer: T | None = None

    try:
        async with asyncio.TaskGroup() as group:
            keeper = group.create_task(keep())
            answer = await work()
            keeper.cancel()
    except* LeaseLost as lost:
        # Cancelled by its owner, ended, or taken over after a long pause of this process.
        log.warning("%s: no longer ours: %s", name, lost.exceptions[0])
    # The leases of a run and of the chunk within it are lost at once, and a group with errors of its own passes over a
    # cancellation that comes at the same moment. Source: CPython issue 116720, mended in 3.13.
    if (task := asyncio.current_task()) is not None and task.cancelling():
        raise asyncio.CancelledError
    return answer
