"""Chunks of runs, in memory and in PostgreSQL: who may encode which, and who may write."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from kosu.adapters.memory.media import MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.postgres.media import PostgresMediaQueries, PostgresMediaRecords
from kosu.adapters.system import SystemIds
from kosu.ids import RunId
from kosu.modules.media.domain.chunks import Chunk, ChunkFile, ChunkState, EncodedChunk, Part, Span
from kosu.modules.media.domain.runs import LEASE, MAX_ATTEMPTS, Run, RunState
from kosu.modules.media.errors import LeaseLost
from tests.contracts.test_media_records import NOW, Media
from tests.support.databases import Database

ENCODED = EncodedChunk(
    (
        Part(
            name="360p",
            init_digest="abc",
            segment_starts=(0, 180),
            end_frame=360,
            first_decoded=-2,
            last_decoded=357,
        ),
    ),
    complaints=1,
)
FILES = (ChunkFile("360p/00000.m4s", 2**40),)


@pytest.fixture
def media(db: Database) -> Media:
    return Media(
        db.transaction(MemoryMediaRecords, PostgresMediaRecords),
        db.queries(MemoryMediaQueries, PostgresMediaQueries),
    )


def chunks_of(run: Run, count: int) -> Sequence[Chunk]:
    spans = [
        Span(first_segment=index, segment_starts=(180 * index,), frame_count=180, is_last=index == count - 1)
        for index in range(count)
    ]
    return [Chunk(run_id=run.id, index=index, span=span) for index, span in enumerate(spans)]


async def stored(media: Media, count: int = 2) -> tuple[Run, Sequence[Chunk]]:
    """A run that is being processed, with its chunks."""
    run = await media.stored_run()
    claimed = await media.claim(run, NOW)
    assert claimed is not None
    chunks = chunks_of(run, count)
    async with media.transaction() as records:
        await records.chunks.add(chunks)
    return claimed, chunks


async def claim(media: Media, run: Run, *, at: timedelta = timedelta()) -> Chunk | None:
    async with media.transaction() as records:
        return await records.chunks.claim(run.id, at=NOW + at)


async def save(media: Media, chunk: Chunk, *, fence: int) -> None:
    async with media.transaction() as records:
        await records.chunks.save(chunk, fence=fence)


async def present(media: Media, run: Run) -> Sequence[Chunk]:
    async with media.transaction() as records:
        return await records.chunks.of(run.id)


async def test_chunks_come_back_in_order_as_they_were_saved(media: Media) -> None:
    run, (first, second) = await stored(media)
    other, _ = await stored(media, 12)
    claimed = first.claimed(NOW)
    assert await claim(media, run) == claimed

    await save(media, claimed.renewed(90, NOW), fence=1)
    done = claimed.done(ENCODED, FILES)
    await save(media, done, fence=1)

    assert await present(media, run) == [done, second]
    assert [chunk.index for chunk in await present(media, other)] == list(range(12))


async def test_frames_of_a_run_are_those_of_all_its_chunks(media: Media) -> None:
    run, (first, second) = await stored(media)
    other, _ = await stored(media)
    for chunk, frames in ((first, 90), (second, 7)):
        await claim(media, run)
        await save(media, chunk.claimed(NOW).renewed(frames, NOW), fence=1)

    async with media.transaction() as records:
        frames = await records.chunks.frames(run.id)
        assert (frames, type(frames)) == (97, int), "a percentage is made of it, which is stored as it is"
        assert await records.chunks.frames(other.id) == 0
        assert await records.chunks.frames(RunId(SystemIds().new())) == 0


async def test_claims_go_from_the_first_to_the_last_and_pass_over_leases(media: Media) -> None:
    run, chunks = await stored(media)
    late = timedelta(seconds=1)

    assert await claim(media, run) == chunks[0].claimed(NOW)
    assert await claim(media, run, at=late) == chunks[1].claimed(NOW + late)
    assert await claim(media, run, at=late) is None

    again = await claim(media, run, at=LEASE)
    assert again is not None
    assert (again.index, again.fence, again.attempt, again.frames) == (0, 2, 2, 0)


async def test_raced_claims_take_different_chunks(media: Media) -> None:
    run, chunks = await stored(media, 4)

    claims = await asyncio.gather(*(claim(media, run) for _ in range(6)))

    taken = [chunk.index for chunk in claims if chunk is not None]
    assert len(taken) == len(set(taken))
    assert set(taken) <= {chunk.index for chunk in chunks}
    assert {chunk.fence for chunk in await present(media, run)} <= {0, 1}


async def test_chunk_is_claimed_three_times_at_most(media: Media) -> None:
    run, _ = await stored(media, 1)
    for attempt in range(MAX_ATTEMPTS):
        assert await claim(media, run, at=attempt * LEASE) is not None

    assert await claim(media, run, at=MAX_ATTEMPTS * LEASE) is None


async def test_postponed_chunk_is_free_again_after_its_time(media: Media) -> None:
    run, (chunk,) = await stored(media, 1)
    await claim(media, run)
    await save(media, chunk.claimed(NOW).postponed(NOW), fence=1)

    assert await claim(media, run, at=timedelta(seconds=14)) is None
    assert await claim(media, run, at=timedelta(seconds=15)) is not None


@pytest.mark.parametrize("state", [ChunkState.DONE, ChunkState.FAILED])
async def test_chunk_that_is_over_is_neither_claimed_nor_written(media: Media, state: ChunkState) -> None:
    run, _ = await stored(media, 1)
    claimed = await claim(media, run)
    assert claimed is not None
    over = replace(claimed, state=state, lease_until=None)
    await save(media, over, fence=1)

    assert await claim(media, run, at=LEASE) is None
    with pytest.raises(LeaseLost):
        await save(media, claimed.renewed(1, NOW), fence=1)
    assert await present(media, run) == [over]


async def test_save_under_a_stale_fence_writes_nothing(media: Media) -> None:
    run, _ = await stored(media, 1)
    stale = await claim(media, run)
    fresh = await claim(media, run, at=LEASE)
    assert stale is not None

    with pytest.raises(LeaseLost):
        await save(media, stale.done(ENCODED, FILES), fence=stale.fence)

    assert await present(media, run) == [fresh]


@pytest.mark.parametrize("state", [RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED])
async def test_chunks_of_a_run_that_is_over_are_neither_claimed_nor_written(media: Media, state: RunState) -> None:
    run, _ = await stored(media)
    held = await claim(media, run)
    assert held is not None
    await media.save(replace(run, state=state), fence=run.fence)

    assert await claim(media, run, at=LEASE) is None
    with pytest.raises(LeaseLost):
        await save(media, held.renewed(1, NOW), fence=held.fence)


async def test_giving_up_fails_all_chunks_and_fences_their_workers_out(media: Media) -> None:
    run, _ = await stored(media)
    other, _ = await stored(media)
    held = await claim(media, run)
    assert held is not None

    async with media.transaction() as records:
        await records.chunks.give_up(run.id)

    assert [(chunk.state, chunk.fence) for chunk in await present(media, run)] == [("failed", 2), ("failed", 1)]
    with pytest.raises(LeaseLost):
        await save(media, held.renewed(1, NOW), fence=held.fence)
    assert await claim(media, other) is not None


async def test_leftovers_are_chunks_of_runs_that_ended_before(media: Media) -> None:
    runs = [(await stored(media))[0] for _ in range(4)]
    ends = [NOW - timedelta(seconds=1), NOW, None, NOW - timedelta(seconds=1)]
    states = [RunState.FAILED, RunState.CANCELLED, RunState.PROCESSING, RunState.COMPLETED]
    for run, state, finished_at in zip(runs, states, ends, strict=True):
        await media.save(replace(run, state=state, finished_at=finished_at), fence=run.fence)

    assert await media.queries.runs_with_leftover_chunks(ended_before=NOW, limit=10) == [runs[0].id, runs[3].id]
    assert await media.queries.runs_with_leftover_chunks(ended_before=NOW, limit=1) == [runs[0].id]
    async with media.transaction() as records:
        await records.chunks.remove(runs[0].id)
        await records.chunks.remove(runs[0].id)
    assert await media.queries.runs_with_leftover_chunks(ended_before=NOW, limit=10) == [runs[3].id]
    assert len(await present(media, runs[1])) == 2
