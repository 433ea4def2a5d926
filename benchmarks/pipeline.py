"""What the seven steps cost beside the bare ffmpeg that they are built around.

    python -m benchmarks.pipeline

Three ways from one source to its rungs, in processor seconds of all that each of them starts:

    kosu        the whole run: download, inspect, poster, HLS, MP4, upload, cleanup, with real files and ffmpeg
    bare        one ffmpeg with the arguments of Kosu's HLS step, and nothing else
    separate    one ffmpeg for each rung and one more for the MP4, which is how it is mostly done

They take turns. Ratios within one run are what counts: cores here may be shared.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from dependency_injector.providers import Object

from entrypoints.embedded import wheels
from kosu.adapters.ffmpeg.arguments import hls_arguments
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.chunk_transcoder import FfmpegChunkTranscoder
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.filesystem.scratch import FilesystemScratch
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.delivery_signer import MemorySigner
from kosu.adapters.memory.media import MemoryLessonAuthors, MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.system import SystemClock, SystemIds
from kosu.ids import AssetId, RunId, UploadId, UserId
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.ladder import Rung, ladder_for
from kosu.modules.media.domain.preview import preview_prefix
from kosu.modules.media.domain.runs import Run, RunState
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.uploads import LIFETIME, UploadSession, UploadState, plan_parts, source_key
from kosu.ports.object_store import ObjectNotFound

LOOK_SECONDS = 0.25


@dataclass(slots=True)
class Way:
    """CPU and elapsed seconds of each turn."""

    cpu: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)

    @contextmanager
    def turn(self) -> Iterator[None]:
        cpu, started = cpu_seconds(), time.perf_counter()
        yield
        self.cpu.append(cpu_seconds() - cpu)
        self.elapsed.append(time.perf_counter() - started)


def cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def ffmpeg(*arguments: str, folder: Path) -> None:
    subprocess.run([wheels.ffmpeg(), "-v", "error", "-nostdin", *arguments], cwd=folder, check=True)


def make_source(target: Path, *, seconds: int) -> None:
    """Motion, detail and some noise in 1080p, with a tone."""
    picture = f"testsrc2=size=1920x1080:rate=30:duration={seconds},noise=alls=3:allf=t"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")
    encoder = ("-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "aac")
    ffmpeg(*inputs, *encoder, str(target), folder=target.parent)


def bare(source: Path, facts: SourceFacts, ladder: Sequence[Rung], folder: Path) -> None:
    ffmpeg(*hls_arguments(source, facts, ladder), folder=folder)


def separate(source: Path, facts: SourceFacts, ladder: Sequence[Rung], folder: Path) -> None:
    for rung in ladder:
        (folder / rung.name).mkdir()
        bare(source, facts, [rung], folder / rung.name)
    top = ladder[0]
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(top.crf), "-maxrate", f"{top.max_kbps}k"]
    encoder += ["-bufsize", f"{2 * top.max_kbps}k", "-pix_fmt", "yuv420p", "-vf", f"scale={top.width}:{top.height}"]
    ffmpeg("-i", str(source), *encoder, "-c:a", "aac", "-movflags", "+faststart", "video.mp4", folder=folder)


class Pipeline:
    """Kosu's media module over files in `folder`; its records are in memory, since they are not what is measured."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.ids, database = SystemClock(), SystemIds(), MemoryDatabase()
        self.store = FilesystemObjectStore(
            directory=folder / "objects", url="http://unused", signing_key="unused", clock=self.clock
        )
        self.transaction = MemoryTransaction(database, MemoryQueue(), self.clock, self.ids, MemoryMediaRecords)
        self.media = MediaContainer(
            clock=Object(self.clock),
            ids=Object(self.ids),
            transaction=Object(self.transaction),
            queries=Object(MemoryMediaQueries(database)),
            store=Object(self.store),
            signer=Object(MemorySigner()),
            probe=Object(PyavProbe()),
            transcoder=Object(FfmpegTranscoder(Ffmpeg())),
            chunk_transcoder=Object(FfmpegChunkTranscoder(Ffmpeg())),
            chunk_threshold_seconds=Object(0),
            scratch=Object(FilesystemScratch(folder / "work")),
            lesson_authors=Object(MemoryLessonAuthors()),
            media_base_url=Object("http://unused"),
            cookie_ttl_seconds=Object(7200),
            max_upload_bytes=Object(2**40),
        )

    async def uploaded(self, source: Path) -> Run:
        """The run of a source that has arrived."""
        at, owner, upload_id = datetime.now(UTC), UserId(uuid4()), UploadId(uuid4())
        key = source_key(upload_id)
        size_bytes = (await self.store.put_file(key, source, content_type="video/mp4")).size_bytes
        asset = Asset(id=AssetId(uuid4()), owner_id=owner, lesson_id=None, created_at=at)
        session = UploadSession(
            id=upload_id,
            owner_id=owner,
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
            id=RunId(uuid4()),
            asset_id=asset.id,
            lesson_id=None,
            upload_id=upload_id,
            source_key=key,
            source_bytes=size_bytes,
            created_at=at,
        )
        async with self.transaction() as records:
            await records.assets.add_or_get(asset)
            await records.uploads.add_or_resume(session)
            await records.runs.add(run)
        return run

    async def process(self, run: Run) -> float:
        """The whole run; answers after how many seconds a player could show its beginning to the author."""
        started = time.perf_counter()
        working = asyncio.create_task(self.media.process_run()(run_id=run.id))
        previewed = None
        while not working.done():
            await asyncio.sleep(LOOK_SECONDS)
            if previewed is None and await self._has(preview_prefix(run.upload_id, 1) + "master.m3u8"):
                previewed = time.perf_counter() - started
        await working
        async with self.transaction() as records:
            ended = await records.runs.lock(run.id)
        assert ended is not None
        assert ended.state is RunState.COMPLETED, ended
        assert previewed is not None
        return previewed

    async def _has(self, key: str) -> bool:
        try:
            await self.store.head(key)
        except ObjectNotFound:
            return False
        return True


def show(name: str, way: Way) -> None:
    print(f"{name:<10} {statistics.median(way.cpu):7.1f} CPU s   {statistics.median(way.elapsed):7.1f} s", flush=True)


def measure(folder: Path, *, seconds: int, rounds: int) -> None:
    source = folder / "source.mp4"
    make_source(source, seconds=seconds)
    facts = asyncio.run(PyavProbe().inspect(source))
    ladder = ladder_for(facts.width, facts.height)
    print(f"{seconds} s of 1080p30, {source.stat().st_size / 1e6:.0f} MB, to {', '.join(rung.name for rung in ladder)}")
    ways = {"kosu": Way(), "bare": Way(), "separate": Way()}
    others: dict[str, Callable[[Path, SourceFacts, Sequence[Rung], Path], None]] = {"bare": bare, "separate": separate}
    previews = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            pipeline = Pipeline(Path(place))
            run = asyncio.run(pipeline.uploaded(source))
            with ways["kosu"].turn():
                previews.append(asyncio.run(pipeline.process(run)))
        for name, way in others.items():
            with tempfile.TemporaryDirectory(dir=folder) as place, ways[name].turn():
                way(source, facts, ladder, Path(place))
    for name, turns in ways.items():
        show(name, turns)
    cpu = {name: statistics.median(turns.cpu) for name, turns in ways.items()}
    for name in others:
        print(f"kosu / {name}: {cpu['kosu'] / cpu[name]:.3f} x CPU")
    print(f"first picture for the author after {statistics.median(previews):.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="of video (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        measure(Path(folder), seconds=arguments.seconds, rounds=arguments.rounds)


if __name__ == "__main__":
    main()
