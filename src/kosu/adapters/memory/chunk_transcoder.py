"""A chunk transcoder that looks at nothing and writes tiny files of the right shape."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from kosu.adapters.memory.transcoder import HEAD, write_rendition
from kosu.errors import KosuError
from kosu.modules.media.domain.chunks import SEGMENT_SECONDS, EncodedChunk, Part, Span
from kosu.modules.media.domain.hls import AUDIO_NAME, PLAYLIST, Rendition
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts


class MemoryChunkTranscoder:
    """`encoded` are the first segments of the chunks that were begun, in order.

    `failures` by first segment are raised by the next encodes of that chunk, one each, and `sound_failures` by those of
    the sound; chunks whose `gates` are cleared have written their segments and wait. `seekable` is what `reaches`
    answers, `init_digests` by first segment what differs from others.
    """

    def __init__(self) -> None:
        self.seekable = True
        self.encoded: list[int] = []
        self.failures: dict[int, list[KosuError]] = defaultdict(list)
        self.sound_failures: list[KosuError] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.init_digests: dict[int, str] = {}

    async def reaches(self, source: Path, facts: SourceFacts, spans: Sequence[Span]) -> bool:  # noqa: ARG002 - see above
        return self.seekable

    async def encode_chunk(
        self,
        source: Path,
        facts: SourceFacts,  # noqa: ARG002 - the port's
        ladder: Sequence[Rung],
        span: Span,
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> EncodedChunk:
        await asyncio.to_thread(source.stat)
        self.encoded.append(span.first_segment)
        on_frames(span.frame_count // 2)
        for rung in ladder:
            await asyncio.to_thread(_write_segments, folder / rung.name, span)
        if span.first_segment in self.gates:
            await self.gates[span.first_segment].wait()
        if self.failures[span.first_segment]:
            raise self.failures[span.first_segment].pop(0)
        on_frames(span.frame_count)
        parts = [self._part(rung.name, span) for rung in ladder]
        return EncodedChunk(tuple(parts), complaints=0)

    async def encode_sound(self, source: Path, facts: SourceFacts, *, folder: Path) -> None:
        await asyncio.to_thread(source.stat)
        if self.sound_failures:
            raise self.sound_failures.pop(0)
        await asyncio.to_thread(write_rendition, folder, AUDIO_NAME, 0, 0, facts.duration_ms)

    async def join(
        self,
        chunks: Sequence[Path],
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        sound: Path | None,
        folder: Path,
    ) -> Sequence[Rendition]:
        renditions = [
            await asyncio.to_thread(write_rendition, folder, rung.name, rung.width, rung.height, facts.duration_ms)
            for rung in ladder
        ]
        for rung in ladder:
            await asyncio.to_thread(_move_segments, [chunk / rung.name for chunk in chunks], folder / rung.name)
        if sound is not None:
            renditions.append(await asyncio.to_thread(write_rendition, folder, AUDIO_NAME, 0, 0, facts.duration_ms))
        return renditions

    def _part(self, name: str, span: Span) -> Part:
        return Part(
            name=name,
            init_digest=self.init_digests.get(span.first_segment, "init"),
            segment_starts=span.segment_starts,
            end_frame=span.end_frame,
            first_decoded=span.first_frame - 2,
            last_decoded=span.end_frame - 3,
        )


def _write_segments(target: Path, span: Span) -> None:
    target.mkdir(parents=True)
    (target / "init.mp4").write_bytes(b"init")
    lines = [*HEAD]
    for number in range(span.first_segment, span.first_segment + len(span.segment_starts)):
        (target / f"{number:05}.m4s").write_bytes(b"chunked")
        lines += [f"#EXTINF:{SEGMENT_SECONDS:.3f},", f"{number:05}.m4s"]
    (target / PLAYLIST).write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))


def _move_segments(chunks: Sequence[Path], target: Path) -> None:
    for chunk in chunks:
        for file in chunk.glob("*.m4s"):
            file.replace(target / file.name)
