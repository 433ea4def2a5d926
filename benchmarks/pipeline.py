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
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._media import Site, ffmpeg, own_cpu_seconds
from kosu.adapters.ffmpeg.arguments import hls_arguments
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.system import SystemClock
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.hls import MASTER
from kosu.modules.media.domain.ladder import Rung, ladder_for
from kosu.modules.media.domain.preview import preview_prefix
from kosu.modules.media.domain.runs import Run, RunState
from kosu.modules.media.domain.sources import SourceFacts
from kosu.ports.object_store import ObjectNotFound, ObjectStore

LOOK_SECONDS = 0.25


@dataclass(slots=True)
class Way:
    """CPU and elapsed seconds of each turn."""

    cpu: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)

    @contextmanager
    def turn(self) -> Iterator[None]:
        cpu, started = own_cpu_seconds(), time.perf_counter()
        yield
        self.cpu.append(own_cpu_seconds() - cpu)
        self.elapsed.append(time.perf_counter() - started)


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


async def process(site: Site, worker: MediaContainer, store: ObjectStore, run: Run) -> float:
    """The whole run; answers after how many seconds a player could show its beginning to the author."""
    started = time.perf_counter()
    working = asyncio.create_task(worker.process_run()(run_id=run.id))
    previewed = None
    while not working.done():
        await asyncio.sleep(LOOK_SECONDS)
        if previewed is None and await _has(store, preview_prefix(run.upload_id, 1) + MASTER):
            previewed = time.perf_counter() - started
    await working
    ended = site.run(run.id)
    assert ended.state is RunState.COMPLETED, ended
    assert previewed is not None
    return previewed


async def _has(store: ObjectStore, key: str) -> bool:
    try:
        await store.head(key)
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
            store = FilesystemObjectStore(
                directory=Path(place) / "objects", url="http://unused", signing_key="unused", clock=SystemClock()
            )
            site = Site(store)
            worker = site.worker(Path(place) / "work")
            run = asyncio.run(site.uploaded(source))
            with ways["kosu"].turn():
                previews.append(asyncio.run(process(site, worker, store, run)))
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
