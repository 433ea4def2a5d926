"""What goes wrong on the way, whose fault it is, and where the run goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kosu.modules.identity import Origin
from kosu.modules.media.domain.runs import LEASE, StepName
from kosu.modules.media.errors import (
    NothingToCancel,
    NotRetryable,
    SourceCorrupt,
    TranscoderFailed,
)
from kosu.ports.object_store import ObjectNotFound
from tests.support.media import OWNER, MediaWorld


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def test_failure_on_our_side_is_tried_again_from_the_failed_step(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")]

    await world.process()
    asset = await world.asset(asset_id)
    assert (asset.state, asset.step, asset.error) == ("stalled", "mp4", None)
    world.clock.advance(seconds=15)
    await world.container.reconcile_runs()()
    await world.process()

    asset = await world.asset(asset_id)
    assert asset.state == "ready"
    assert next(step.attempt for step in asset.steps if step.name == "mp4") == 2
    assert world.transcoder.calls["encode_hls"] == 1, "what was done is not repeated"


async def test_store_that_is_away_is_waited_for(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.store.available = False
    await world.process()
    world.clock.advance(minutes=1)
    world.store.available = True

    await world.process()

    assert (await world.asset(asset_id)).state == "ready"


async def test_third_failure_of_a_step_ends_the_run_and_a_retry_starts_there(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")] * 3
    for _ in range(3):
        await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, asset.step, asset.playable) == ("failed", "mp4", False)
    assert asset.error is not None
    assert (asset.error.code, asset.error.retryable) == ("transcoder_failed", True)

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    assert (await world.asset(asset_id)).state == "queued"
    await world.process()
    asset = await world.asset(asset_id)
    assert (asset.state, asset.attempt) == ("ready", 2)
    assert world.transcoder.calls["encode_hls"] == 1


async def test_step_that_kills_its_worker_three_times_is_given_up(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    for _ in range(3):
        worker = await world.held()
        await worker.write(lambda run, at: run.begun(StepName.DOWNLOAD, at))
        world.clock.advance(LEASE)

    await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, asset.error.code if asset.error else "") == ("failed", "worker_died")


async def test_verdict_on_the_source_ends_the_run_at_once(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["encode_hls"] = [SourceCorrupt("too many errors")]

    await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, asset.step) == ("failed", "hls")
    assert asset.error is not None
    assert (asset.error.code, asset.error.retryable) == ("source_corrupt", False)
    with pytest.raises(NotRetryable):
        await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())


async def test_outputs_that_are_no_longer_on_disk_are_made_again(world: MediaWorld) -> None:
    """The run goes on on another machine."""
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")]
    await world.process()
    percent = (await world.asset(asset_id)).percent
    await world.scratch.remove(world.run().id)

    worker = await world.encoding()
    again = await world.asset(asset_id)
    assert (again.step, again.percent) == ("hls", percent), "shown progress does not fall"
    world.transcoder.gate.set()
    await worker

    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 2


async def test_full_disk_is_waited_for_without_an_attempt(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.scratch.free = 2 * 1024**3
    await world.process()
    assert (await world.asset(asset_id)).steps[0].attempt == 0

    world.scratch.free *= 2
    world.clock.advance(minutes=1)
    await world.container.reconcile_runs()()
    await world.process()

    assert (await world.asset(asset_id)).state == "ready"


async def test_disk_that_cannot_be_used_is_waited_for(world: MediaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    asset_id = await world.uploaded()

    async def refuse(*_: object) -> Path:
        raise PermissionError("read-only")

    with monkeypatch.context() as patch:
        patch.setattr(world.scratch, "open", refuse)
        await world.process()
    assert (await world.asset(asset_id)).state == "stalled"
    world.clock.advance(minutes=1)
    await world.container.reconcile_runs()()
    await world.process()

    assert (await world.asset(asset_id)).state == "ready"


async def test_folder_of_a_failed_run_is_removed_after_a_day(world: MediaWorld) -> None:
    world.probe.verdict = SourceCorrupt("no picture")
    await world.uploaded()
    await world.process()
    failed = world.run().id
    world.probe.verdict = None
    await world.uploaded(size_bytes=2000)
    await world.process()
    assert await world.scratch.run_ids() == [failed]

    world.clock.advance(timedelta(days=1))
    await world.uploaded(size_bytes=3000)
    await world.process()

    assert await world.scratch.run_ids() == []


async def test_source_that_is_gone_is_a_verdict(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.store.delete(world.run().source_key)

    await world.process()

    asset = await world.asset(asset_id)
    assert asset.error is not None
    assert asset.error.code == "source_missing"


async def test_cleanup_that_fails_for_good_leaves_a_ready_asset(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = await world.uploaded()

    async def away(_: object) -> None:
        raise OSError("the disk is read-only")

    monkeypatch.setattr(world.scratch, "remove", away)
    await world.process()
    with pytest.raises(NothingToCancel):
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    for _ in range(2):
        await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, asset.playable, asset.steps[-1].state) == ("ready", True, "failed")
    with pytest.raises(ObjectNotFound):
        await world.store.head(world.run().source_key)


async def test_it_is_told_how_each_step_ended(world: MediaWorld) -> None:
    """Whoever watches over the platform sees which steps are slow, and whose fault it is that they fail."""
    await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")]
    await world.process()
    assert [(step, outcome) for step, outcome, _ in world.steps_told] == [
        (StepName.DOWNLOAD, "done"),
        (StepName.INSPECT, "done"),
        (StepName.THUMBNAIL, "done"),
        (StepName.HLS, "done"),
        (StepName.MP4, "postponed"),
    ]
    world.steps_told.clear()
    world.probe.verdict = SourceCorrupt("no frames")
    await world.uploaded()
    await world.process()
    assert [(step, outcome) for step, outcome, _ in world.steps_told][-1] == (StepName.INSPECT, "refused")
