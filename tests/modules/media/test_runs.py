"""Processing: held by one worker at a time, resumed wherever it stopped, published once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kosu.ids import AssetId
from kosu.modules.media.domain.runs import LEASE, StepName
from kosu.modules.media.errors import (
    AssetNotFound,
    LeaseLost,
    MediaNotReady,
    NothingToCancel,
    NotRetryable,
    SourceCorrupt,
    TranscoderFailed,
)
from kosu.modules.media.processing.held_run import HeldRun
from kosu.ports.object_store import ObjectNotFound
from tests.support.media import LESSON, OWNER, STRANGER, MediaWorld
from tests.support.object_stores import stream


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def held(world: MediaWorld) -> HeldRun:
    """The latest run in the hands of a worker that does nothing by itself."""
    async with world.transaction() as records:
        run = await records.runs.claim(world.run().id, at=world.clock.now())
    assert run is not None
    return HeldRun(run, world.transaction, world.clock)


async def encoding(world: MediaWorld) -> asyncio.Task[None]:
    """A worker that is in the middle of the encode and stays there until the gate is opened."""
    world.transcoder.gate.clear()
    world.transcoder.encoding.clear()
    worker = asyncio.create_task(world.process())
    await world.transcoder.encoding.wait()
    return worker


def published_revisions(world: MediaWorld) -> list[object]:
    return [message.payload["revision"] for message in world.messages("media.AssetReady")]


async def test_run_passes_seven_steps_and_is_published(world: MediaWorld) -> None:
    asset_id = await world.uploaded()

    await world.process()

    asset = await world.asset(asset_id)
    assert [(step.name, step.state, step.percent, step.attempt) for step in asset.steps] == [
        (name, "done", 100, 1) for name in ("download", "inspect", "thumbnail", "hls", "mp4", "upload", "cleanup")
    ]
    assert (asset.state, asset.percent, asset.step, asset.playable, asset.error) == ("ready", 100, None, True, None)
    assert asset.media is not None
    assert (asset.media.duration_ms, asset.media.width, asset.media.fps, asset.media.audio) == (13_000, 1280, 30, True)
    assert [rendition.name for rendition in asset.renditions] == ["720p", "480p", "360p", "240p", "audio"]
    (event,) = world.messages("media.AssetReady")
    assert event.payload == {
        "asset_id": str(asset_id),
        "lesson_id": str(LESSON),
        "revision": 1,
        "duration_ms": 13_000,
    }


async def test_published_revision_is_whole_and_nothing_else_is_left(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    prefix = f"media/v/{asset_id}/1/"

    await world.process()

    keys = await world.store.list_keys("")
    assert all(key.startswith(prefix) for key in keys), "the source is gone"
    assert {"master.m3u8", "video.mp4", "poster.jpg", "720p/index.m3u8", "audio/00002.m4s"} <= {
        key.removeprefix(prefix) for key in keys
    }
    master = (await world.store.read(prefix + "master.m3u8", length=10_000)).decode()
    assert "RESOLUTION=1280x720" in master
    assert not world.scratch._sealed


async def test_playback_opens_the_published_revision(world: MediaWorld) -> None:
    media = world.container.facade()
    asset_id = await world.uploaded()
    with pytest.raises(MediaNotReady):
        await media.playback(LESSON)
    await world.process()

    playback = await media.playback(LESSON)

    base = f"https://media.kosu.test/media/v/{asset_id}/1/"
    assert playback.hls_url == f"{base}master.m3u8"
    assert (playback.mp4_url, playback.poster_url) == (f"{base}video.mp4", f"{base}poster.jpg")
    assert (playback.duration_ms, playback.media_revision) == (13_000, 1)
    assert playback.expires_at == world.clock.now() + timedelta(hours=2)
    assert playback.cookie_path == f"/media/v/{asset_id}/"
    assert world.signer.opens(playback.cookies, f"media/v/{asset_id}/1/720p/00000.m4s", at=world.clock.now())
    assert not world.signer.opens(playback.cookies, f"media/v/{asset_id}/2/720p/00000.m4s", at=world.clock.now())


async def test_repeated_message_publishes_once(world: MediaWorld) -> None:
    await world.uploaded()

    await world.process()
    await world.process()

    assert published_revisions(world) == [1]
    assert world.transcoder.calls["encode_hls"] == 1


async def test_second_worker_is_refused_while_the_lease_is_good(world: MediaWorld) -> None:
    await world.uploaded()
    first = await encoding(world)

    world.clock.advance(LEASE - timedelta(seconds=1))
    await world.process()
    assert world.transcoder.calls["encode_hls"] == 1

    world.transcoder.gate.set()
    await first
    assert published_revisions(world) == [1]


async def test_worker_that_lost_its_lease_can_neither_write_nor_publish(world: MediaWorld) -> None:
    await world.uploaded()
    paused = await encoding(world)
    world.clock.advance(LEASE)
    world.transcoder.gate.set()
    second = asyncio.create_task(world.process())
    await asyncio.gather(paused, second)

    assert published_revisions(world) == [1]
    assert world.run().fence == 2
    assert world.run().state == "completed"


async def test_every_write_is_conditional_on_the_fence(world: MediaWorld) -> None:
    await world.uploaded()
    stale = await held(world)
    world.clock.advance(LEASE)
    fresh = await held(world)

    with pytest.raises(LeaseLost):
        await stale.write(lambda run, at: run.begun(StepName.DOWNLOAD, at))

    await fresh.write(lambda run, at: run.begun(StepName.DOWNLOAD, at))


async def test_beat_renews_the_lease_and_writes_progress(world: MediaWorld) -> None:
    await world.uploaded()
    worker = await held(world)
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


async def test_percentage_never_falls_and_reaches_100_only_at_the_end(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await held(world)
    seen = []
    for name in StepName:
        await worker.write(lambda run, at, name=name: run.begun(name, at))  # type: ignore[misc]
        for percent in (50, 20, 100):
            worker.report(name, percent)
            await worker.beat()
            seen.append((await world.asset(asset_id)).percent)
        await worker.write(lambda run, at, name=name: run.done(name, at))  # type: ignore[misc]
        seen.append((await world.asset(asset_id)).percent)

    assert seen == sorted(seen)
    assert seen[-1] == 99


async def test_eta_follows_the_speed_of_the_running_step(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await held(world)
    for name in (StepName.DOWNLOAD, StepName.INSPECT, StepName.THUMBNAIL):
        await worker.write(lambda run, at, name=name: run.done(name, at))  # type: ignore[misc]
    await worker.write(lambda run, at: run.begun(StepName.HLS, at))
    assert (await world.asset(asset_id)).eta_seconds is None

    world.clock.advance(seconds=40)
    worker.report(StepName.HLS, 50)
    await worker.beat()

    # Half of hls (80) took 40 s; the other half and the steps after it (2 + 9 + 1) weigh 52.
    assert (await world.asset(asset_id)).eta_seconds == 52


async def test_shutdown_hands_the_run_over_at_once_and_counts_no_attempt(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await encoding(world)

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
    await held(world)
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

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)
    assert (await world.asset(asset_id)).state == "queued"
    await world.process()
    asset = await world.asset(asset_id)
    assert (asset.state, asset.attempt) == ("ready", 2)
    assert world.transcoder.calls["encode_hls"] == 1


async def test_step_that_kills_its_worker_three_times_is_given_up(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    for _ in range(3):
        worker = await held(world)
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
        await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)


async def test_outputs_that_are_no_longer_on_disk_are_made_again(world: MediaWorld) -> None:
    """The run goes on on another machine."""
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")]
    await world.process()
    await world.scratch.remove(world.run().id)

    await world.process()

    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 2


async def test_interrupted_upload_of_a_revision_is_not_mixed_with_its_repeat(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await held(world)
    async with world.transaction() as records:
        taken = await records.assets.next_revision(asset_id)
    await worker.write(lambda run, _: replace(run, revisions=(taken,)))
    await world.store.put(f"media/v/{asset_id}/{taken}/half", stream(b"half"), content_type="video/mp4")
    world.clock.advance(LEASE)

    await world.process()

    assert published_revisions(world) == [2]
    assert not await world.store.list_keys(f"media/v/{asset_id}/1/")


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


async def test_cancelled_run_stops_its_worker_and_can_be_retried(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await encoding(world)

    for _ in range(2):
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)
    assert (await world.asset(asset_id)).state == "cancelled"
    world.transcoder.gate.set()
    await worker
    assert not published_revisions(world)

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)
    await world.process()
    assert (await world.asset(asset_id)).state == "ready"


async def test_worker_notices_a_cancellation_while_it_encodes(world: MediaWorld) -> None:
    """The gate stays closed: only the beat can end this worker."""
    asset_id = await world.uploaded()
    worker = await encoding(world)
    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)
    await worker

    assert world.run().state == "cancelled"


async def test_open_upload_is_cancelled_too(world: MediaWorld) -> None:
    upload = await world.start()

    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=upload.asset_id)

    assert world.upload(upload.id).state == "aborted"


async def test_ready_asset_has_nothing_to_cancel_and_nothing_to_retry(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    with pytest.raises(NothingToCancel):
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)
    with pytest.raises(NotRetryable):
        await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)


async def test_replacement_plays_on_until_the_new_revision_is_published(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    assert await world.uploaded(size_bytes=2000) == asset_id
    asset = await world.asset(asset_id)
    assert (asset.state, asset.playable) == ("queued", True)
    assert (await world.container.facade().playback(LESSON)).media_revision == 1
    await world.process()

    assert (await world.container.facade().playback(LESSON)).media_revision == 2


async def test_newer_source_cancels_the_run_of_the_older(world: MediaWorld) -> None:
    await world.uploaded()
    await world.uploaded(size_bytes=2000)

    assert [run.state for run in world.runs()] == ["cancelled", "queued"]


async def test_aborted_replacement_leaves_the_ready_asset_as_it_was(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()
    upload = await world.start()
    assert (await world.asset(asset_id)).state == "uploading"

    await world.container.abort_upload()(user_id=OWNER, upload_id=upload.id)

    assert (await world.asset(asset_id)).state == "ready"


async def test_source_that_is_gone_is_a_verdict(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.store.delete(world.run().source_key)

    await world.process()

    asset = await world.asset(asset_id)
    assert asset.error is not None
    assert asset.error.code == "source_missing"


async def test_database_that_is_away_for_a_moment_does_not_end_an_encode(
    world: MediaWorld, caplog: pytest.LogCaptureFixture
) -> None:
    asset_id = await world.uploaded()
    worker = await encoding(world)
    world.database.available = False
    world.transcoder.gate.set()
    await turns_until(lambda: "waiting for the database" in caplog.text)
    world.database.available = True

    await worker

    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 1


async def turns_until(condition: Callable[[], bool]) -> None:
    """Let other tasks go on until it has come to that."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come to that")


async def test_asset_is_visible_to_its_owner_and_to_operators_only(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    describe = world.container.describe_asset()

    await describe(user_id=STRANGER, is_operator=True, asset_id=asset_id)
    with pytest.raises(AssetNotFound):
        await describe(user_id=STRANGER, is_operator=False, asset_id=asset_id)
    with pytest.raises(AssetNotFound):
        await describe(user_id=OWNER, is_operator=True, asset_id=AssetId(world.ids.new()))


async def test_cleanup_that_fails_for_good_leaves_a_ready_asset(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = await world.uploaded()

    async def away(_: object) -> None:
        raise OSError("the disk is read-only")

    monkeypatch.setattr(world.scratch, "remove", away)
    for _ in range(3):
        await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, asset.playable, asset.steps[-1].state) == ("ready", True, "failed")
    with pytest.raises(ObjectNotFound):
        await world.store.head(world.run().source_key)
