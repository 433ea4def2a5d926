"""What encoding a video in chunks costs and gains, against a single pass of the same video.

    python -m benchmarks.chunks

Whole runs, from the download to the published revision, on real files but with databases and stores in memory. The
ffmpeg of each worker stays on a core of its own. Chunks are far shorter than the three minutes of a real plan, so that
beginning anew costs more than it does there. The bar: 1.12 times the processor time of the single pass.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dependency_injector.providers import Object

from benchmarks._machine import API_CORE, OTHER_CORE, wait_for_quiet
from entrypoints.embedded import wheels
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.chunk_transcoder import FfmpegChunkTranscoder
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.filesystem.scratch import FilesystemScratch
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.media import MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.system import SystemClock, SystemIds
from kosu.ids import AssetId, RunId, UploadId, UserId
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.runs import Run, RunState
from kosu.modules.media.domain.uploads import UploadSession, UploadState

BAR = 1.12
CHUNK_SEGMENTS = 3
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    wall_seconds: float
    cpu_seconds: float


def make_video(target: Path, *, seconds: int) -> None:
    """Moving and noisy, at an NTSC rate, with key frames eight seconds apart."""
    picture = f"testsrc2=size=1280x720:rate=30000/1001:duration={seconds},noise=alls=12:allf=t"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")
    encoder = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-pix_fmt", "yuv420p", "-c:a", "aac")
    arguments = (*inputs, *encoder, "-f", "mp4", str(target))
    subprocess.run([wheels.ffmpeg(), "-v", "error", "-nostdin", *arguments], check=True)


def ffmpeg_on(core: int, folder: Path) -> Ffmpeg:
    """An ffmpeg that stays on one core."""
    program = folder / f"ffmpeg-{core}"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("taskset")} --cpu-list {core} {wheels.ffmpeg()} "$@"\n')
    program.chmod(0o755)
    return Ffmpeg(str(program))


class Site:
    """A database and a store with one uploaded video, and as many workers as there are cores."""

    def __init__(self, folder: Path, cores: Sequence[int], *, threshold_seconds: int) -> None:
        self._clock, self._ids = SystemClock(), SystemIds()
        database = MemoryDatabase()
        self._transaction = MemoryTransaction(database, MemoryQueue(), self._clock, self._ids, MemoryMediaRecords)
        self._store = MemoryObjectStore(self._clock)
        self._database = database
        self.workers = [self._worker(ffmpeg_on(core, folder), folder / str(core), threshold_seconds) for core in cores]

    def _worker(self, ffmpeg: Ffmpeg, folder: Path, threshold_seconds: int) -> MediaContainer:
        return MediaContainer(
            clock=Object(self._clock),
            ids=Object(self._ids),
            transaction=Object(self._transaction),
            queries=Object(MemoryMediaQueries(self._database)),
            store=Object(self._store),
            probe=Object(PyavProbe()),
            transcoder=Object(FfmpegTranscoder(ffmpeg)),
            chunk_transcoder=Object(FfmpegChunkTranscoder(ffmpeg)),
            scratch=Object(FilesystemScratch(folder)),
            chunk_threshold_seconds=Object(threshold_seconds),
            chunk_segments=Object(CHUNK_SEGMENTS),
        )

    async def upload(self, video: Path) -> RunId:
        """A run whose source has arrived."""
        at, asset_id, upload_id = self._clock.now(), AssetId(self._ids.new()), UploadId(self._ids.new())
        owner_id, key = UserId(self._ids.new()), f"uploads/{upload_id}/source"
        size = (await self._store.put_file(key, video, content_type="video/mp4")).size_bytes
        session = UploadSession(
            id=upload_id,
            owner_id=owner_id,
            asset_id=asset_id,
            lesson_id=None,
            filename="video.mp4",
            content_type="video/mp4",
            size_bytes=size,
            part_size_bytes=size,
            key=key,
            multipart_id="",
            fingerprint=None,
            created_at=at,
            expires_at=at + timedelta(hours=1),
            state=UploadState.COMPLETED,
        )
        run = Run(
            id=RunId(self._ids.new()),
            asset_id=asset_id,
            lesson_id=None,
            upload_id=upload_id,
            source_key=key,
            source_bytes=size,
            created_at=at,
        )
        async with self._transaction() as records:
            await records.assets.add_or_get(Asset(id=asset_id, owner_id=owner_id, lesson_id=None, created_at=at))
            await records.uploads.add_or_resume(session)
            await records.runs.add(run.queued(at))
        return run.id

    async def process(self, run_id: RunId) -> None:
        """The first worker holds the run; the others help as soon as they are asked to."""
        first, *others = self.workers
        holder = asyncio.create_task(first.process_run()(run_id=run_id))
        while not holder.done() and not self._is_cut():  # noqa: ASYNC110 - the records in memory do not tell
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.gather(holder, *(other.encode_chunks()(run_id=run_id) for other in others))
        run: Run = self._database.table("media.runs")[run_id]
        assert run.state is RunState.COMPLETED, run.error

    def _is_cut(self) -> bool:
        return bool(self._database.table("media.chunks"))


def cost(video: Path, *, cores: Sequence[int], threshold_seconds: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        site = Site(Path(folder), cores, threshold_seconds=threshold_seconds)
        run_id = asyncio.run(site.upload(video))
        wall, cpu = time.perf_counter(), _cpu_seconds()
        asyncio.run(site.process(run_id))
        return Cost(time.perf_counter() - wall, _cpu_seconds() - cpu)


def _cpu_seconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def benchmark(video: Path) -> bool:
    """Print the three ways; whether the bar is met."""
    costs: list[Cost] = []
    for name, cores, threshold_seconds in (
        ("in a single pass", [API_CORE], 0),
        ("in chunks, one worker", [API_CORE], 1),
        ("in chunks, two workers", [API_CORE, OTHER_CORE], 1),
    ):
        wait_for_quiet(patience_seconds=20)
        costs.append(cost(video, cores=cores, threshold_seconds=threshold_seconds))
        print(f"{name:<24}{costs[-1].wall_seconds:8.1f} s   {costs[-1].cpu_seconds:8.1f} CPU s", flush=True)
    single, alone, together = costs
    ratio = alone.cpu_seconds / single.cpu_seconds
    print(
        f"chunks cost {ratio:.3f} times the processor time (bar {BAR}), "
        f"{together.cpu_seconds / single.cpu_seconds:.3f} times with two workers\n"
        f"two workers are {alone.wall_seconds / together.wall_seconds:.2f} times as fast as one, "
        f"{single.wall_seconds / together.wall_seconds:.2f} times as fast as a single pass"
    )
    return ratio <= BAR


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=72, help="length of the video (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        video = Path(folder) / "video"
        make_video(video, seconds=arguments.seconds)
        return 0 if benchmark(video) else 1


if __name__ == "__main__":
    sys.exit(main())
