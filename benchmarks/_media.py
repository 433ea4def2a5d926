"""Kosu's media module on real files and the real ffmpeg, with its records in memory: they are not what is measured."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path
from typing import cast

from dependency_injector.providers import Object

from entrypoints.embedded import wheels
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.chunk_transcoder import FfmpegChunkTranscoder
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.filesystem.scratch import FilesystemScratch
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.media import MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.system import SystemClock, SystemIds
from kosu.ids import AssetId, RunId, UploadId, UserId
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.chunks import CHUNK_SEGMENTS
from kosu.modules.media.domain.runs import Run
from kosu.modules.media.domain.uploads import LIFETIME, UploadSession, UploadState, plan_parts, source_key
from kosu.ports.object_store import ObjectStore


class Site:
    """Records in memory, a store, and workers that share them."""

    def __init__(self, store: ObjectStore) -> None:
        self._clock, self._ids = SystemClock(), SystemIds()
        self._store = store
        self._database = MemoryDatabase()
        self._transaction = MemoryTransaction(self._database, MemoryQueue(), self._clock, self._ids, MemoryMediaRecords)

    def worker(
        self,
        folder: Path,
        *,
        ffmpeg: Ffmpeg | None = None,
        chunk_threshold_seconds: int = 0,
        chunk_segments: int = CHUNK_SEGMENTS,
    ) -> MediaContainer:
        """A worker with scratch space of its own in `folder`; unless told otherwise it cuts no video."""
        program = ffmpeg or Ffmpeg()
        return MediaContainer(
            clock=Object(self._clock),
            ids=Object(self._ids),
            transaction=Object(self._transaction),
            queries=Object(MemoryMediaQueries(self._database)),
            store=Object(self._store),
            probe=Object(PyavProbe()),
            transcoder=Object(FfmpegTranscoder(program)),
            chunk_transcoder=Object(FfmpegChunkTranscoder(program)),
            scratch=Object(FilesystemScratch(folder)),
            chunk_threshold_seconds=Object(chunk_threshold_seconds),
            chunk_segments=Object(chunk_segments),
        )

    async def uploaded(self, source: Path) -> Run:
        """The run of a source that has arrived."""
        at, owner_id, upload_id = self._clock.now(), UserId(self._ids.new()), UploadId(self._ids.new())
        key = source_key(upload_id)
        size_bytes = (await self._store.put_file(key, source, content_type="video/mp4")).size_bytes
        asset = Asset(id=AssetId(self._ids.new()), owner_id=owner_id, lesson_id=None, created_at=at)
        session = UploadSession(
            id=upload_id,
            owner_id=owner_id,
            asset_id=asset.id,
            lesson_id=None,
            filename=source.name,
            content_type="video/mp4",
            size_bytes=size_bytes,
            part_size_bytes=plan_parts(size_bytes).part_size_bytes,
            key=key,
            multipart_id="",
            fingerprint=None,
            created_at=at,
            expires_at=at + LIFETIME,
            state=UploadState.COMPLETED,
        )
        run = Run(
            id=RunId(self._ids.new()),
            asset_id=asset.id,
            lesson_id=None,
            upload_id=upload_id,
            source_key=key,
            source_bytes=size_bytes,
            created_at=at,
        ).queued(at)
        async with self._transaction() as records:
            await records.assets.add_or_get(asset)
            await records.uploads.add_or_resume(session)
            await records.runs.add(run)
        return run

    def run(self, run_id: RunId) -> Run:
        return cast(Run, self._database.table("media.runs")[run_id])

    def is_cut(self) -> bool:
        """Whether there are chunks of any run."""
        return bool(self._database.table("media.chunks"))


def ffmpeg(*arguments: str, folder: Path) -> None:
    """Run ffmpeg in `folder`, bare."""
    subprocess.run([wheels.ffmpeg(), "-v", "error", "-nostdin", *arguments], cwd=folder, check=True)


def own_cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
