"""The hls step of a long video: in chunks, with the help of all workers that have time."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kosu.modules.media.domain.chunks import CHUNK_SEGMENTS, Chunk, ChunkState, plan_chunks, prove_seams
from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.domain.sources import tolerated_errors
from kosu.modules.media.errors import ChunksUnfit, LeaseLost, TranscoderFailed
from kosu.modules.media.jobs import EncodeChunks
from kosu.modules.media.ports import Chunks, ChunkTranscoder, MediaRecords
from kosu.modules.media.processing.chunk_worker import ChunkWorker
from kosu.modules.media.processing.held_chunk import HeldChunk
from kosu.modules.media.processing.held_run import BEAT_SECONDS, HeldRun
from kosu.modules.media.processing.patience import while_held
from kosu.modules.media.processing.preview import Preview
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

MOST_HELPERS = 8

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChunkedEncode:
    """The worker that holds the run cuts the video, encodes chunks as the helpers do, and joins them.

    Alone it does everything. A helper that dies costs its chunk, which is free again when its lease ends. Chunks that
    are done stay, whoever holds the run next.
    """

    transaction: Transaction[MediaRecords]
    transcoder: ChunkTranscoder
    worker: ChunkWorker
    preview: Preview
    clock: Clock
    threshold_seconds: int
    chunk_segments: int = CHUNK_SEGMENTS
    beat_seconds: float = BEAT_SECONDS

    async def __call__(self, held: HeldRun, source: Path, folder: Path) -> Sequence[Rendition]:
        """Leave in `{folder}/hls/` what a single pass leaves there; nothing, and no rendition, if one is needed.

        Raises:
            Unavailable, OSError: trying again goes on with the chunks that are done.
            LeaseLost
        """
        if not await self._is_cut(held, source):
            return ()
        scratch = folder / "chunks"
        try:
            return await self._encode(held, source, scratch, folder / StepName.HLS)
        except (ChunksUnfit, TranscoderFailed) as error:
            log.warning("run %s: a single pass after all: %s", held.run.id, error)
            await held.write(lambda run, _: run, along=_give_up)
            await asyncio.to_thread(_empty, folder / StepName.HLS)
            return ()
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)

    async def _is_cut(self, held: HeldRun, source: Path) -> bool:
        """Whether the run has chunks, none of which failed. They are planned if need be, and help is asked for.

        A message too many is harmless; helpers of an earlier attempt may be gone.
        """
        run, facts = held.run, held.run.inspected
        spans = plan_chunks(facts, threshold_seconds=self.threshold_seconds, chunk_segments=self.chunk_segments)
        if not spans:
            return False
        planned: Sequence[Chunk] = ()
        chunks = await self._chunks(held)
        if any(chunk.state is ChunkState.FAILED for chunk in chunks):
            return False
        if not chunks:
            if not await self.transcoder.reaches(source, facts, spans):
                log.info("run %s: a single pass, since one cannot begin anywhere in this source", run.id)
                return False
            planned = chunks = [Chunk(run_id=run.id, index=index, span=span) for index, span in enumerate(spans)]
        left = sum(chunk.state is ChunkState.WAITING for chunk in chunks)

        async def add_and_ask(records: MediaRecords, run: Run) -> Run:
            await records.chunks.add(planned)
            await records.outbox.add(*[EncodeChunks(run.id)] * min(left - 1, MOST_HELPERS))
            return run

        await held.write(lambda run, _: run, along=add_and_ask)
        return True

    async def _encode(self, held: HeldRun, source: Path, scratch: Path, target: Path) -> Sequence[Rendition]:
        facts = held.run.inspected
        sound = scratch if facts.has_audio else None
        async with self._following(held), self._sounding(held, source, sound):
            chunks = await self._all_done(held, source, scratch)
        ladder = ladder_for(facts.width, facts.height)
        prove_seams(chunks, rungs=[rung.name for rung in ladder], tolerated=tolerated_errors(facts))
        folders = [_folder(scratch, chunk) for chunk in chunks]
        for chunk, folder in zip(chunks, folders, strict=True):
            if not folder.exists():
                await self.worker.fetch(chunk.prefix, chunk.files, folder=folder)
        return await self.transcoder.join(folders, facts, ladder, sound=sound, folder=target)

    async def _all_done(self, held: HeldRun, source: Path, scratch: Path) -> Sequence[Chunk]:
        """Encode what is left, and wait for what others are at.

        Raises:
            ChunksUnfit: a chunk failed for good.
        """

        async def on_disk() -> Path:
            return source

        while True:
            chunks, at = await self._chunks(held), self.clock.now()
            if lost := [chunk.index for chunk in chunks if chunk.is_given_up(at)]:
                msg = f"chunk {lost[0]} of {len(chunks)} failed"
                raise ChunksUnfit(msg)
            if all(chunk.state is ChunkState.DONE for chunk in chunks):
                return chunks
            mine = await self._patiently(held, lambda: self.worker.claim(held.run.id))
            if mine is None:
                await asyncio.sleep(self.beat_seconds)
                continue
            folder = _folder(scratch, mine.chunk)
            async with self._shown(held, mine, picture=folder, sound=scratch):
                is_done = await self.worker.encode(mine, held.run.inspected, source=on_disk, folder=folder)
            if not is_done:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    @asynccontextmanager
    async def _sounding(self, held: HeldRun, source: Path, folder: Path | None) -> AsyncIterator[None]:
        """Encodes the sound, if a folder for it is given, while the block runs and then to its end."""
        if folder is None:
            yield
            return
        task = asyncio.create_task(self.transcoder.encode_sound(source, held.run.inspected, folder=folder))
        try:
            yield
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _shown(
        self, held: HeldRun, mine: HeldChunk, *, picture: Path, sound: Path
    ) -> AbstractAsyncContextManager[None]:
        """The author watches the first chunk while it grows, if it is ours."""
        if mine.chunk.index:
            return nullcontext()
        facts = held.run.inspected
        return self.preview.of(held.run, ladder_for(facts.width, facts.height), picture=picture, sound=sound)

    @asynccontextmanager
    async def _following(self, held: HeldRun) -> AsyncIterator[None]:
        """Reports how far all chunks are together, for as long as the block runs."""
        total = held.run.inspected.frame_count

        async def follow() -> None:
            with suppress(LeaseLost):  # which the hold itself notices
                while True:
                    frames = await self._reading(held, lambda chunks: chunks.frames(held.run.id))
                    held.report(StepName.HLS, 100 * frames // total)
                    await asyncio.sleep(self.beat_seconds)

        task = asyncio.create_task(follow())
        try:
            yield
        finally:
            task.cancel()

    async def _chunks(self, held: HeldRun) -> Sequence[Chunk]:
        return await self._reading(held, lambda chunks: chunks.of(held.run.id))

    async def _reading(self, held: HeldRun, ask: Callable[[Chunks], Awaitable[T]]) -> T:
        async def read() -> T:
            async with self.transaction() as records:
                return await ask(records.chunks)

        return await self._patiently(held, read)

    async def _patiently(self, held: HeldRun, ask: Callable[[], Awaitable[T]]) -> T:
        return await while_held(
            ask,
            is_held=lambda: held.run.is_held(self.clock.now()),
            name=f"run {held.run.id}",
            beat_seconds=self.beat_seconds,
        )


def _folder(scratch: Path, chunk: Chunk) -> Path:
    """Where a claim of a chunk is encoded: what lies there when it is done was encoded here."""
    return scratch / f"{chunk.index}-{chunk.fence}"


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


async def _give_up(records: MediaRecords, run: Run) -> Run:
    await records.chunks.give_up(run.id)
    return run
