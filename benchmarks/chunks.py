"""What encoding a video in chunks costs and gains, against a single pass of the same video.

    python -m benchmarks.chunks

Whole runs, from the download to the published revision, on real files but with databases and stores in memory. The
ffmpeg of each worker stays on a core of its own. Chunks are far shorter than the three minutes of a real plan, so that
beginning anew costs more than it does there. The bar: 1.12 times the processor time of the single pass.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._machine import API_CORE, OTHER_CORE, wait_for_quiet
from benchmarks._media import Site, ffmpeg, own_cpu_seconds
from entrypoints.embedded import wheels
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock
from kosu.ids import RunId
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.runs import RunState

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
    ffmpeg(*inputs, *encoder, "-f", "mp4", str(target), folder=target.parent)


def ffmpeg_on(core: int, folder: Path) -> Ffmpeg:
    """An ffmpeg that stays on one core."""
    program = folder / f"ffmpeg-{core}"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("taskset")} --cpu-list {core} {wheels.ffmpeg()} "$@"\n')
    program.chmod(0o755)
    return Ffmpeg(str(program))


async def process(site: Site, workers: Sequence[MediaContainer], run_id: RunId) -> None:
    """The first worker holds the run; the others help as soon as they are asked to."""
    first, *others = workers
    holder = asyncio.create_task(first.process_run()(run_id=run_id))
    while not holder.done() and not site.is_cut():  # noqa: ASYNC110 - the records in memory do not tell
        await asyncio.sleep(LOOK_SECONDS)
    await asyncio.gather(holder, *(other.encode_chunks()(run_id=run_id) for other in others))
    run = site.run(run_id)
    assert run.state is RunState.COMPLETED, run.error


def cost(video: Path, *, cores: Sequence[int], threshold_seconds: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        site = Site(MemoryObjectStore(SystemClock()))
        workers = [
            site.worker(
                Path(folder) / str(core),
                ffmpeg=ffmpeg_on(core, Path(folder)),
                chunk_threshold_seconds=threshold_seconds,
                chunk_segments=CHUNK_SEGMENTS,
            )
            for core in cores
        ]
        run = asyncio.run(site.uploaded(video))
        wall, cpu = time.perf_counter(), own_cpu_seconds()
        asyncio.run(process(site, workers, run.id))
        return Cost(time.perf_counter() - wall, own_cpu_seconds() - cpu)


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
