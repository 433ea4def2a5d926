"""Work beside a lease: it ends with the lease, and a cancellation is never lost."""

from __future__ import annotations

import asyncio

import pytest

from kosu.modules.media.errors import LeaseLost
from kosu.modules.media.processing.keeping import while_kept


class Lease:
    def __init__(self) -> None:
        self.lost = asyncio.Event()
        self.kept = False

    async def keep(self) -> None:
        self.kept = True
        try:
            await self.lost.wait()
        finally:
            self.kept = False
        raise LeaseLost


async def endless() -> str:
    await asyncio.Event().wait()
    return "never"


async def soon() -> str:
    await asyncio.sleep(0)
    return "done"


@pytest.fixture
async def lease() -> Lease:
    return Lease()


async def test_work_is_answered_and_the_lease_is_let_go(lease: Lease) -> None:
    assert await while_kept(lease.keep, soon, name="it") == "done"
    assert not lease.kept


async def test_work_ends_with_its_lease(lease: Lease) -> None:
    working = asyncio.create_task(while_kept(lease.keep, endless, name="it"))
    await asyncio.sleep(0)
    lease.lost.set()
    assert await working is None


@pytest.mark.parametrize("turns", range(6))
async def test_a_cancellation_around_the_moment_of_the_loss_is_passed_on(lease: Lease, turns: int) -> None:
    """Whoever swallows it goes on for ever: nobody cancels twice."""

    async def worker() -> None:
        await while_kept(lease.keep, endless, name="it")
        # What a worker does that does not know of it.
        await endless()

    working = asyncio.create_task(worker())
    for _ in range(3):
        await asyncio.sleep(0)
    lease.lost.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    working.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(working, 5)
