"""A probe and a transcoder that look at nothing and write tiny files of the right shape."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from kosu.errors import KosuError
from kosu.modules.media.domain.chunks import SEGMENT_SECONDS
from kosu.modules.media.domain.hls import AUDIO_NAME, KEY_FRAMES_NAME, PLAYLIST, Rendition
from kosu.modules.media.domain.key_frames import KeyFrame, KeyFrames, key_frame_playlist
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.storyboard import STORYBOARD_FOLDER, Storyboard, sheet_name

GOP_SECONDS = 2
FACTS = SourceFacts(
    duration_ms=13_000, width=1280, height=720, fps_numerator=30, fps_denominator=1, video_stream=0, audio_stream=1
)


class MemoryProbe:
    """Finds the same `facts` in every source, or raises `verdict`."""

    def __init__(self, facts: SourceFacts = FACTS) -> None:
        self.facts = facts
        self.verdict: KosuError | None = None

    async def inspect(self, source: Path) -> SourceFacts:
        await asyncio.to_thread(source.stat)
        if self.verdict is not None:
            raise self.verdict
        return self.facts


class MemoryTranscoder:
    """`failures["encode_hls"]` are raised by that method's next calls, one each; `calls` counts them.

    While `gate` is cleared, an encode has begun, has one segment of everything, and waits.
    """

    def __init__(self) -> None:
        self.failures: dict[str, list[KosuError]] = defaultdict(list)
        self.calls: dict[str, int] = defaultdict(int)
        self.gate = asyncio.Event()
        self.gate.set()
        self.encoding = asyncio.Event()

    async def poster(self, source: Path, facts: SourceFacts, *, target: Path) -> None:
        self._called("poster")
        await asyncio.to_thread(source.stat)
        await asyncio.to_thread(target.write_bytes, b"\xff\xd8\xff%dx%d\xff\xd9" % (facts.width, facts.height))

    async def encode_hls(
        self,
        source: Path,
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> Sequence[Rendition]:
        self._called("encode_hls")
        await asyncio.to_thread(source.stat)
        sizes = {rung.name: (rung.width, rung.height) for rung in ladder}
        if facts.has_audio:
            sizes[AUDIO_NAME] = (0, 0)
        for name in sizes:
            await asyncio.to_thread(begin_rendition, folder / name)
        on_frames(facts.frame_count // 2)
        self.encoding.set()
        await self.gate.wait()
        renditions = [
            await asyncio.to_thread(write_rendition, folder, name, width, height, facts.duration_ms)
            for name, (width, height) in sizes.items()
        ]
        on_frames(facts.frame_count)
        return renditions

    async def copy_key_frames(self, folder: Path, rendition: Rendition) -> KeyFrames:
        self._called("copy_key_frames")
        target = folder / KEY_FRAMES_NAME
        seconds = rendition.duration_ms / 1000
        frames = tuple(
            KeyFrame(start, min(GOP_SECONDS, seconds - start), offset=4 + 3 * number, size_bytes=3)
            for number, start in enumerate(range(0, math.ceil(seconds), GOP_SECONDS))
        )
        key_frames = KeyFrames(rendition=rendition, init_bytes=4, frames=frames)
        await asyncio.to_thread(target.mkdir)
        await asyncio.to_thread((target / "iframes.mp4").write_bytes, b"init" + b"key" * len(frames))
        playlist = key_frame_playlist(key_frames, uri="iframes.mp4")
        await asyncio.to_thread((target / PLAYLIST).write_text, playlist)
        return key_frames

    async def draw_storyboard(self, folder: Path, storyboard: Storyboard) -> None:
        self._called("draw_storyboard")
        sheets = folder / STORYBOARD_FOLDER
        await asyncio.to_thread(sheets.mkdir)
        for number in range(1, storyboard.sheet_count + 1):
            await asyncio.to_thread((sheets / sheet_name(number)).write_bytes, b"\xff\xd8\xff\xd9")

    async def remux_mp4(self, folder: Path, renditions: Sequence[Rendition], *, target: Path) -> None:
        self._called("remux_mp4")
        parts = [folder / rendition.name / "init.mp4" for rendition in renditions]
        data = [await asyncio.to_thread(part.read_bytes) for part in parts]
        await asyncio.to_thread(target.write_bytes, b"\x00\x00\x00\x08ftyp" + b"".join(data))

    def _called(self, method: str) -> None:
        self.calls[method] += 1
        if self.failures[method]:
            raise self.failures[method].pop(0)


HEAD = ("#EXTM3U", '#EXT-X-MAP:URI="init.mp4"')


def begin_rendition(target: Path) -> None:
    """What an encode under way leaves of a rendition: one segment, in a playlist that has not ended."""
    target.mkdir(parents=True)
    (target / "init.mp4").write_bytes(b"init")
    (target / "00000.m4s").write_bytes(b"segment")
    (target / PLAYLIST).write_text("\n".join([*HEAD, f"#EXTINF:{SEGMENT_SECONDS:.3f},", "00000.m4s", ""]))


def write_rendition(folder: Path, name: str, width: int, height: int, duration_ms: int) -> Rendition:
    """A playlist with its segments; without a size it is sound."""
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    (target / "init.mp4").write_bytes(b"init")
    lines = [*HEAD]
    left_seconds, count = duration_ms / 1000, 0
    while left_seconds > 0:
        segment = f"{count:05}.m4s"
        (target / segment).write_bytes(b"segment")
        lines += [f"#EXTINF:{min(SEGMENT_SECONDS, left_seconds):.3f},", segment]
        left_seconds -= SEGMENT_SECONDS
        count += 1
    (target / PLAYLIST).write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    return Rendition(
        name=name,
        codec="avc1.640028" if height else "mp4a.40.2",
        peak_bps=56,
        average_bps=9,
        segment_count=count,
        duration_ms=duration_ms,
        width=width,
        height=height,
    )
