"""What a run waits for on which nobody works: an instructor sees the reason, and not only that nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kosu.ids import AssetId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.runs import LEASE
from kosu.modules.media.errors import TranscoderFailed
from tests.support.media import OWNER, MediaWorld


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def waiting(world: MediaWorld, asset_id: AssetId) -> tuple[str, str | None]:
    asset = await world.asset(asset_id)
    return asset.state, asset.waiting_for


async def test_queued_run_waits_for_a_worker_when_none_is_online(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    assert await waiting(world, asset_id) == ("queued", None), "only for its turn"

    world.workers.online = {"default"}
    assert await waiting(world, asset_id) == ("queued", "worker")
    world.workers.available = False
    assert await waiting(world, asset_id) == ("queued", None), "nobody can tell"


async def test_run_of_a_dead_worker_waits_for_another_one(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.held()
    world.workers.online.clear()
    assert await waiting(world, asset_id) == ("processing", None), "it lives as long as its lease does"

    world.clock.advance(LEASE)

    assert await waiting(world, asset_id) == ("stalled", "worker")


async def test_full_disk_is_told(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.scratch.free = 0
    await world.process()
    assert await waiting(world, asset_id) == ("stalled", "disk")

    world.scratch.free = 2**40
    world.clock.advance(minutes=1)
    await world.container.reconcile_runs()()
    assert await waiting(world, asset_id) == ("stalled", None), "a worker is asked to look again"
    await world.process()

    assert await waiting(world, asset_id) == ("ready", None)


async def test_pause_before_the_next_attempt_is_told(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["encode_hls"] = [TranscoderFailed("died")]
    await world.process()
    assert await waiting(world, asset_id) == ("stalled", "retry")

    worker = await world.held()
    assert await waiting(world, asset_id) == ("processing", None)
    await worker.release()
    assert await waiting(world, asset_id) == ("stalled", None)


async def test_cancelled_and_retried_run_begins_to_wait_anew(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.scratch.free = 0
    await world.process()
    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    assert await waiting(world, asset_id) == ("cancelled", None)

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())

    assert await waiting(world, asset_id) == ("queued", None)


async def test_upload_waits_for_nobody(world: MediaWorld) -> None:
    world.workers.online.clear()
    upload = await world.start()

    assert await waiting(world, upload.asset_id) == ("uploading", None)
