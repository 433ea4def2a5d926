"""Encoding one chunk, whoever does it: the worker that holds the run, or one that helps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kosu.errors import Unavailable
from kosu.ids import RunId
from kosu.modules.media.domain.chunks import ChunkFile
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import ChunksUnfit, Verdict
from kosu.modules.media.ports import ChunkTranscoder, MediaRecords
from kosu.modules.media.processing.held_chunk import HeldChunk
from kosu.modules.media.processing.held_run import BEAT_SECONDS
from kosu.modules.media.processing.keeping import while_kept
from kosu.modules.media.processing.transfers import a_few_at_once
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectNotFound, ObjectStore
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ChunkWorker:
    transaction: Transaction[MediaRecords]
    store: ObjectStore
    transcoder: ChunkTranscoder
    clock: Clock
    beat_seconds: float = BEAT_SECONDS

    async def claim(self, run_id: RunId) -> HeldChunk | None:
        """The first chunk of a run that is left; None when there is none."""
        async with self.transaction() as records:
            chunk = await records.chunks.claim(run_id, at=self.clock.now())
        if chunk is None:
            return None
        return HeldChunk(chunk, self.transaction, self.clock, beat_seconds=self.beat_seconds)

    async def encode(
        self, held: HeldChunk, facts: SourceFacts, *, source: Callable[[], Awaitable[Path]], folder: Path
    ) -> bool:
        """Encode a chunk into `folder` and store what became of it; False when it did not come to that.

        `source` gets the file when it is needed first. When cancelled, the chunk is given back at once.
        """
        try:
            work = partial(self._attempt, held, facts, source, folder)
            return bool(await while_kept(held.keep, work, name=held.name))
        except asyncio.CancelledError:
            await asyncio.shield(held.release())
            raise

    async def fetch(self, prefix: str, files: Sequence[ChunkFile], *, folder: Path) -> None:
        """Get from the store what another worker encoded.

        Raises:
            ChunksUnfit: it is not there as it was stored.
            StoreUnavailable
        """

        async def fetch(file: ChunkFile) -> None:
            path = folder / file.name
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
            try:
                stored = await self.store.download(prefix + file.name, path)
            except ObjectNotFound as error:
                raise ChunksUnfit(str(error)) from error
            if stored.size_bytes != file.size_bytes:
                msg = f"{prefix}{file.name} has {stored.size_bytes} bytes, {file.size_bytes} were stored"
                raise ChunksUnfit(msg)

        await a_few_at_once(fetch, files)

    async def _attempt(
        self, held: HeldChunk, facts: SourceFacts, source: Callable[[], Awaitable[Path]], folder: Path
    ) -> bool:
        chunk, ladder = held.chunk, ladder_for(facts.width, facts.height)
        try:
            file = await source()
            encoded = await self.transcoder.encode_chunk(
                file, facts, ladder, chunk.span, folder=folder, on_frames=held.report
            )
            files = await self._put(chunk.prefix, folder)
        except (ChunksUnfit, Verdict) as error:
            log.warning("%s: %s", held.name, error)
            await held.write(lambda chunk, _: chunk.failed())
            return False
        except (Unavailable, OSError) as error:
            log.warning("%s: attempt %d: %s", held.name, chunk.attempt, error)
            await held.write(lambda chunk, at: chunk.postponed(at))
            return False
        await held.write(lambda chunk, _: chunk.done(encoded, files))
        log.info("%s: done", held.name)
        return True

    async def _put(self, prefix: str, folder: Path) -> Sequence[ChunkFile]:
        files = await asyncio.to_thread(_files, folder)

        async def put(file: ChunkFile) -> None:
            await self.store.put_file(prefix + file.name, folder / file.name, content_type=CONTENT_TYPE)

        await a_few_at_once(put, files)
        return files


def _files(folder: Path) -> Sequence[ChunkFile]:
    return [
        ChunkFile(path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
