"""Holding a run: one worker at a time, and whoever lost the lease writes nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from kosu.modules.identity import Origin
from kosu.modules.media.domain.runs import LEASE, StepName
from kosu.modules.media.errors import (
    LeaseLost,
    NothingToCancel,
    NotRetryable,
)
from kosu.modules.media.processing.held_run import RENEWAL
from tests.support.media import OWNER, MediaWorld, turns_until


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def test_second_worker_is_refused_while_the_lease_is_good(world: MediaWorld) -> None:
    await world.uploaded()
    first = await world.encoding()

    world.clock.advance(LEASE - timedelta(seconds=1))
    second = asyncio.create_task(world.process())
    await turns_until(second.done)
    assert world.transcoder.calls["encode_hls"] == 1

    world.transcoder.gate.set()
    await first
    assert world.published_revisions() == [1]


async def test_worker_that_lost_its_lease_can_neither_write_nor_publish(world: MediaWorld) -> None:
    await world.uploaded()
    paused = await world.encoding()
    world.clock.advance(LEASE)
    world.transcoder.gate.set()
    second = asyncio.create_task(world.process())
    await asyncio.gather(paused, second)

    assert world.published_revisions() == [1]
    assert world.run().fence == 2
    assert world.run().state == "completed"


async def test_every_write_is_conditional_on_the_fence(world: MediaWorld) -> None:
    await world.uploaded()
    stale = await world.held()
    world.clock.advance(LEASE)
    fresh = await world.held()

    with pytest.raises(LeaseLost):
        await stale.write(lambda run, at: run.begun(StepName.DOWNLOAD, at))

    await fresh.write(lambda run, at: run.begun(StepName.DOWNLOAD, at))


async def test_beat_renews_the_lease_and_writes_progress(world: MediaWorld) -> None:
    await world.uploaded()
    worker = await world.held()
    await worker.write(lambda run, at: run.begun(StepName.HLS, at))
    claimed_until = world.run().lease_until

    world.clock.advance(seconds=9)
    await worker.beat()
    assert world.run().lease_until == claimed_until, "too early to write anything"
    world.clock.advance(seconds=1)
    await worker.beat()
    assert world.run().lease_until == world.clock.now() + LEASE

    worker.report(StepName.HLS, 40)
    await worker.beat()
    assert world.run().step(StepName.HLS).percent == 40


async def test_shutdown_hands_the_run_over_at_once_and_counts_no_attempt(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.encoding()

    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker

    assert len(world.messages("media.ProcessRun")) == 2
    assert world.run().step(StepName.HLS).attempt == 0
    world.transcoder.gate.set()
    await world.process()
    asset = await world.asset(asset_id)
    assert asset.state == "ready"
    assert asset.steps[0].attempt == 1, "the finished download was not repeated"


async def test_dead_worker_is_noticed_and_its_run_resumed(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.held()
    world.queue.take()
    await world.container.reconcile_runs()()
    assert not world.queue.take()

    world.clock.advance(LEASE)
    assert (await world.asset(asset_id)).state == "stalled"
    await world.container.reconcile_runs()()
    await world.container.reconcile_runs()()
    assert len(world.queue.take()) == 1
    await world.process()

    assert (await world.asset(asset_id)).state == "ready"


async def test_lost_message_is_asked_for_again(world: MediaWorld) -> None:
    await world.uploaded()

    world.clock.advance(minutes=15)
    await world.container.reconcile_runs()()

    assert len(world.messages("media.ProcessRun")) == 2


async def test_database_that_is_away_for_a_moment_does_not_end_an_encode(
    world: MediaWorld, caplog: pytest.LogCaptureFixture
) -> None:
    asset_id = await world.uploaded()
    worker = await world.encoding()
    world.database.available = False
    world.transcoder.gate.set()
    await turns_until(lambda: "waiting for the database" in caplog.text)
    world.database.available = True

    await worker

    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 1


async def test_cancelled_run_stops_its_worker_and_can_be_retried(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.encoding()

    for _ in range(2):
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    assert (await world.asset(asset_id)).state == "cancelled"
    world.transcoder.gate.set()
    await worker
    assert not world.published_revisions()

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    await world.process()
    assert (await world.asset(asset_id)).state == "ready"


async def test_worker_notices_a_cancellation_while_it_encodes(world: MediaWorld) -> None:
    """The gate stays closed: only the beat can end this worker."""
    asset_id = await world.uploaded()
    worker = await world.encoding()
    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    # What the encode reported may be written already: then it is the next renewal that fails.
    world.clock.advance(RENEWAL)
    await worker

    assert world.run().state == "cancelled"


async def test_open_upload_is_cancelled_too(world: MediaWorld) -> None:
    upload = await world.start()

    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=upload.asset_id, origin=Origin())

    assert world.upload(upload.id).state == "aborted"


async def test_ready_asset_has_nothing_to_cancel_and_nothing_to_retry(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    with pytest.raises(NothingToCancel):
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    with pytest.raises(NotRetryable):
        await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
