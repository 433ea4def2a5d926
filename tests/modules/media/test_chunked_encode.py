"""Long videos: cut, encoded by whoever has time, joined, and in a single pass where that does not work out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from kosu.adapters.memory.transcoder import FACTS
from kosu.errors import KosuError
from kosu.ids import AssetId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.chunks import Chunk, ChunkState
from kosu.modules.media.domain.runs import LEASE, StepName
from kosu.modules.media.errors import ChunksUnfit, SourceCorrupt, TranscoderFailed
from tests.support.media import OWNER, MediaWorld, turns_until

# What nine chunks of 100 s begin with: 17 segments, at most two in each.
FIRST_SEGMENTS = [0, 1, 3, 5, 7, 9, 11, 13, 15]


@pytest.fixture
async def asset_id(world: MediaWorld) -> AssetId:
    """A long video whose run is queued."""
    return await world.uploaded()


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    world = MediaWorld(tmp_path)
    world.probe.facts = replace(FACTS, duration_ms=100_000)
    return world


def chunks(world: MediaWorld) -> Sequence[Chunk]:
    table = world.database.table("media.chunks")
    return [cast(Chunk, table[key]) for key in sorted(table)]


def states(world: MediaWorld) -> Counter[str]:
    return Counter(chunk.state for chunk in chunks(world))


def gate(world: MediaWorld, first_segment: int) -> asyncio.Event:
    """Whoever encodes this chunk waits until it is set."""
    return world.chunk_transcoder.gates.setdefault(first_segment, asyncio.Event())


async def processing(world: MediaWorld, *, waits_at: int) -> asyncio.Task[None]:
    """A worker that holds the run and is at this chunk."""
    gate(world, waits_at)
    worker = asyncio.create_task(world.process())
    await turns_until(lambda: waits_at in world.chunk_transcoder.encoded)
    return worker


async def ended(world: MediaWorld, worker: asyncio.Task[None]) -> None:
    """The worker has noticed that its run is over. Time goes on until it has: its last write may fall anywhere."""

    def is_over() -> bool:
        world.clock.advance(seconds=10)
        return worker.done()

    await turns_until(is_over)
    await worker


async def help_out(world: MediaWorld) -> None:
    await world.container.encode_chunks()(run_id=world.run().id)


async def segment(world: MediaWorld, asset_id: AssetId, number: int) -> bytes:
    return await world.store.read(f"media/v/{asset_id}/1/720p/{number:05}.m4s", length=100)


async def assert_ready_in_chunks(world: MediaWorld, asset_id: AssetId) -> None:
    """Published, from chunks, and nothing is left of them."""
    asset = await world.asset(asset_id)
    assert (asset.state, asset.percent) == ("ready", 100)
    assert [rendition.name for rendition in asset.renditions] == ["720p", "480p", "360p", "240p", "audio"]
    assert world.transcoder.calls["encode_hls"] == 0
    assert {await segment(world, asset_id, first) for first in FIRST_SEGMENTS} == {b"chunked"}
    assert all(key.startswith(f"media/v/{asset_id}/1/") for key in await world.store.list_keys(""))
    assert not any("chunks" in key for key in await world.store.list_keys(""))
    assert not chunks(world)


async def assert_ready_in_a_single_pass(world: MediaWorld, asset_id: AssetId) -> None:
    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 1
    assert await segment(world, asset_id, 0) == b"segment"
    assert not await world.store.list_keys("chunks/")
    assert not chunks(world)


async def test_author_watches_the_first_chunk_while_the_others_are_encoded(
    world: MediaWorld, asset_id: AssetId
) -> None:
    worker = await processing(world, waits_at=FIRST_SEGMENTS[0])
    prefix = f"media/preview/{world.run().upload_id}/{world.run().fence}/"
    async with asyncio.timeout(10):
        while f"{prefix}master.m3u8" not in await world.store.list_keys(prefix):  # noqa: ASYNC110 - a store does not say when
            await asyncio.sleep(0.01)

    preview = await world.container.preview_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)

    assert preview.preview.hls_url == f"https://media.kosu.test/{prefix}master.m3u8"
    assert not preview.preview.is_published
    assert {key.removeprefix(prefix) for key in await world.store.list_keys(prefix)} >= {
        *("master.m3u8", "480p/index.m3u8", "480p/init.mp4", "480p/00000.m4s", "audio/index.m3u8", "audio/00000.m4s")
    }
    gate(world, FIRST_SEGMENTS[0]).set()
    await worker
    await assert_ready_in_chunks(world, asset_id)


async def test_sound_that_cannot_be_encoded_apart_is_left_to_a_single_pass(
    world: MediaWorld, asset_id: AssetId
) -> None:
    world.chunk_transcoder.sound_failures = [ChunksUnfit("many errors")]

    await world.process()

    assert world.transcoder.calls["encode_hls"] == 1
    assert (await world.asset(asset_id)).state == "ready"


async def test_one_worker_alone_does_everything(world: MediaWorld, asset_id: AssetId) -> None:
    await world.process()

    assert world.chunk_transcoder.encoded == FIRST_SEGMENTS
    await assert_ready_in_chunks(world, asset_id)


async def test_help_is_asked_for_by_the_chunks_that_are_left(world: MediaWorld, asset_id: AssetId) -> None:
    """Also when the run is resumed: earlier helpers may be gone."""
    worker = await processing(world, waits_at=3)
    messages = world.messages("media.EncodeChunks")
    assert len(messages) == 8
    assert {message.queue for message in messages} == {"media"}
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    gate(world, 3).set()
    await world.process()

    assert len(world.messages("media.EncodeChunks")) == 8 + 6
    assert world.chunk_transcoder.encoded == [0, 1, 3, *FIRST_SEGMENTS[2:]]


async def test_help_is_not_asked_for_without_end(world: MediaWorld, asset_id: AssetId) -> None:
    world.probe.facts = replace(FACTS, duration_ms=150_000)

    await world.process()

    assert len(world.chunk_transcoder.encoded) == 13
    assert len(world.messages("media.EncodeChunks")) == 8


async def test_helper_takes_what_is_left(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=0)

    await help_out(world)
    assert states(world) == {ChunkState.DONE: 8, ChunkState.WAITING: 1}
    gate(world, 0).set()
    await worker

    assert world.chunk_transcoder.encoded == FIRST_SEGMENTS
    await assert_ready_in_chunks(world, asset_id)


async def test_chunk_of_a_helper_that_died_is_encoded_when_its_lease_ends(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=0)
    assert await world.container.chunk_worker().claim(world.run().id) is not None
    gate(world, 0).set()
    await turns_until(lambda: states(world)[ChunkState.DONE] == 8)
    assert 1 not in world.chunk_transcoder.encoded

    world.clock.advance(LEASE)
    await worker

    assert sorted(world.chunk_transcoder.encoded) == FIRST_SEGMENTS
    await assert_ready_in_chunks(world, asset_id)


async def test_chunk_that_kills_its_worker_three_times_is_given_up(
    world: MediaWorld, asset_id: AssetId, caplog: pytest.LogCaptureFixture
) -> None:
    worker = await processing(world, waits_at=0)
    for _ in range(3):
        held = await world.container.chunk_worker().claim(world.run().id)
        assert held is not None
        assert held.chunk.index == 1
        # The chunk that the first worker is at renews its lease meanwhile.
        await asyncio.sleep(0.05)
        world.clock.advance(LEASE - timedelta(seconds=1))
        await asyncio.sleep(0.05)
        world.clock.advance(timedelta(seconds=1))
    gate(world, 0).set()
    await worker

    assert "a single pass after all: chunk 1 of 9 failed" in caplog.text
    await assert_ready_in_a_single_pass(world, asset_id)


async def test_cancelled_run_stops_its_worker_and_its_helpers(world: MediaWorld, asset_id: AssetId) -> None:
    """The gates stay closed: only the beats can end them."""
    worker = await processing(world, waits_at=0)
    gate(world, 1)
    helper = asyncio.create_task(help_out(world))
    await turns_until(lambda: 1 in world.chunk_transcoder.encoded)

    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    await helper
    await ended(world, worker)

    assert world.run().state == "cancelled"
    assert world.chunk_transcoder.encoded == [0, 1]


async def test_retry_goes_on_with_the_chunks_that_are_done(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=3)
    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    await ended(world, worker)
    gate(world, 3).set()
    await world.scratch.remove(world.run().id)

    await world.container.retry_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    world.clock.advance(LEASE)
    await world.process()

    assert sorted(world.chunk_transcoder.encoded) == sorted([*FIRST_SEGMENTS, 3])
    await assert_ready_in_chunks(world, asset_id)


async def test_shutdown_gives_the_chunk_back_at_once_and_counts_no_attempt(
    world: MediaWorld, asset_id: AssetId
) -> None:
    worker = await processing(world, waits_at=0)
    gate(world, 1)
    helper = asyncio.create_task(help_out(world))
    await turns_until(lambda: 1 in world.chunk_transcoder.encoded)

    for task in (helper, worker):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert {(chunk.attempt, chunk.lease_until) for chunk in chunks(world)} == {(0, None)}
    for event in world.chunk_transcoder.gates.values():
        event.set()
    await world.process()
    await assert_ready_in_chunks(world, asset_id)


async def test_helper_goes_on_while_another_worker_takes_the_run_over(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=0)
    gate(world, 1)
    helper = asyncio.create_task(help_out(world))
    await turns_until(lambda: 1 in world.chunk_transcoder.encoded)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    gate(world, 0).set()

    second = asyncio.create_task(world.process())
    await turns_until(lambda: states(world)[ChunkState.DONE] == 8)
    gate(world, 1).set()
    await asyncio.gather(second, helper)

    assert world.chunk_transcoder.encoded.count(1) == 1
    await assert_ready_in_chunks(world, asset_id)


async def test_seams_that_do_not_fit_end_in_a_single_pass(
    world: MediaWorld, asset_id: AssetId, caplog: pytest.LogCaptureFixture
) -> None:
    world.chunk_transcoder.init_digests[5] = "another"

    await world.process()

    assert "a single pass after all: 720p: the initialisation changes at frame 900" in caplog.text
    await assert_ready_in_a_single_pass(world, asset_id)


@pytest.mark.parametrize("error", [ChunksUnfit("a frame is missing"), SourceCorrupt("too many errors")])
async def test_chunk_that_cannot_be_right_ends_in_a_single_pass_at_once(
    world: MediaWorld, asset_id: AssetId, error: KosuError
) -> None:
    world.chunk_transcoder.failures[3] = [error]

    await world.process()

    assert world.chunk_transcoder.encoded == [0, 1, 3]
    await assert_ready_in_a_single_pass(world, asset_id)


async def test_chunk_that_fails_on_our_side_is_tried_again_later(world: MediaWorld, asset_id: AssetId) -> None:
    world.chunk_transcoder.failures[3] = [TranscoderFailed("died")]
    worker = asyncio.create_task(world.process())
    await turns_until(lambda: states(world)[ChunkState.DONE] == 8)
    assert world.chunk_transcoder.encoded == FIRST_SEGMENTS

    world.clock.advance(seconds=15)
    await worker

    assert world.chunk_transcoder.encoded == [*FIRST_SEGMENTS, 3]
    await assert_ready_in_chunks(world, asset_id)


async def test_run_that_fell_back_does_not_try_chunks_again(world: MediaWorld, asset_id: AssetId) -> None:
    world.chunk_transcoder.failures[1] = [ChunksUnfit("a frame is missing")]
    single_pass = await world.encoding()
    assert set(states(world)) == {ChunkState.FAILED}
    single_pass.cancel()
    with pytest.raises(asyncio.CancelledError):
        await single_pass
    world.transcoder.gate.set()

    await world.process()

    assert (await world.asset(asset_id)).state == "ready"
    assert world.chunk_transcoder.encoded == [0, 1]
    assert len(world.messages("media.EncodeChunks")) == 8


async def test_source_that_cannot_be_entered_anywhere_is_not_cut(world: MediaWorld, asset_id: AssetId) -> None:
    world.chunk_transcoder.seekable = False

    await world.process()

    assert not world.messages("media.EncodeChunks")
    await assert_ready_in_a_single_pass(world, asset_id)


async def test_chunks_that_are_no_longer_in_the_store_end_in_a_single_pass(
    world: MediaWorld, asset_id: AssetId
) -> None:
    worker = await processing(world, waits_at=0)
    await help_out(world)
    await world.store.delete(f"{chunks(world)[3].prefix}720p/init.mp4")
    gate(world, 0).set()
    await worker

    await assert_ready_in_a_single_pass(world, asset_id)


async def test_progress_is_that_of_all_chunks_together(world: MediaWorld, asset_id: AssetId) -> None:
    """The first chunk is half done here; the others are done by a helper."""
    worker = await processing(world, waits_at=0)
    await turns_until(lambda: world.run().step(StepName.HLS).percent == 3)

    await help_out(world)
    await turns_until(lambda: world.run().step(StepName.HLS).percent == 97)

    gate(world, 0).set()
    await worker
    await assert_ready_in_chunks(world, asset_id)


async def test_helper_has_nothing_to_do_for_one_chunk_or_a_run_that_is_over(
    world: MediaWorld, asset_id: AssetId
) -> None:
    worker = await processing(world, waits_at=13)
    await world.container.encode_chunks()(run_id=world.run().id)
    assert 15 not in world.chunk_transcoder.encoded
    gate(world, 13).set()
    await worker

    await help_out(world)

    assert world.chunk_transcoder.encoded == FIRST_SEGMENTS


async def test_helper_without_room_leaves_the_chunks_to_others(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=0)
    world.scratch.free = 1024**3

    await help_out(world)

    assert world.chunk_transcoder.encoded == [0]
    gate(world, 0).set()
    await worker
    await assert_ready_in_chunks(world, asset_id)


async def test_source_that_a_helper_cannot_get_is_no_verdict(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=0)
    await world.store.delete(world.run().source_key)

    await help_out(world)

    assert chunks(world)[1].attempt == 1
    assert states(world) == {ChunkState.WAITING: 9}
    gate(world, 0).set()
    await turns_until(lambda: states(world)[ChunkState.DONE] == 8)
    world.clock.advance(seconds=15)
    await worker
    await assert_ready_in_chunks(world, asset_id)


async def test_database_that_is_away_for_a_moment_costs_no_chunk(
    world: MediaWorld, asset_id: AssetId, caplog: pytest.LogCaptureFixture
) -> None:
    worker = await processing(world, waits_at=0)
    world.database.available = False
    gate(world, 0).set()
    await turns_until(lambda: "chunk 0: waiting for the database" in caplog.text)
    world.database.available = True
    await worker

    assert world.chunk_transcoder.encoded == FIRST_SEGMENTS
    await assert_ready_in_chunks(world, asset_id)


async def test_database_that_is_away_while_others_are_waited_for_costs_no_attempt(
    world: MediaWorld, asset_id: AssetId, caplog: pytest.LogCaptureFixture
) -> None:
    worker = await processing(world, waits_at=0)
    gate(world, 1)
    helper = asyncio.create_task(help_out(world))
    await turns_until(lambda: 1 in world.chunk_transcoder.encoded)
    gate(world, 0).set()
    await turns_until(lambda: states(world)[ChunkState.DONE] == 8)
    run_id = world.run().id
    world.database.available = False
    await turns_until(lambda: f"run {run_id}: waiting for the database" in caplog.text)
    world.database.available = True
    gate(world, 1).set()
    await asyncio.gather(worker, helper)

    assert next(step.attempt for step in (await world.asset(asset_id)).steps if step.name == "hls") == 1
    await assert_ready_in_chunks(world, asset_id)


async def test_chunks_of_a_cancelled_run_are_dropped_after_a_day(world: MediaWorld, asset_id: AssetId) -> None:
    worker = await processing(world, waits_at=3)
    await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    await ended(world, worker)

    await world.container.expire_uploads()()
    assert await world.store.list_keys("chunks/")
    world.clock.advance(days=1)
    await world.container.expire_uploads()()

    assert not await world.store.list_keys("chunks/")
    assert not chunks(world)


async def test_short_video_is_not_cut(world: MediaWorld, asset_id: AssetId) -> None:
    world.probe.facts = FACTS

    await world.process()

    assert not world.messages("media.EncodeChunks")
    await assert_ready_in_a_single_pass(world, asset_id)
