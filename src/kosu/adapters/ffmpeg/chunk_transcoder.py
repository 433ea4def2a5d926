"""The chunk transcoder port over ffmpeg and PyAV."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from kosu.adapters.ffmpeg.child import Ffmpeg, Outcome
from kosu.adapters.ffmpeg.chunk_arguments import LOOK_BACK_SECONDS, chunk_arguments, seek_seconds, sound_arguments
from kosu.adapters.ffmpeg.chunk_outputs import join_files, measured_part
from kosu.adapters.ffmpeg.guards import OPEN_OPTIONS
from kosu.adapters.ffmpeg.outputs import finished_rendition
from kosu.adapters.ffmpeg.transcoder import check_duration, check_exit
from kosu.modules.media.domain.chunks import EncodedChunk, Span, prove_fit
from kosu.modules.media.domain.hls import AUDIO_NAME, Rendition
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts, tolerated_errors
from kosu.modules.media.errors import ChunksUnfit

# Their indexes lead to key frames, and their packets carry the time at which they are shown. In a transport stream a
# seek ends somewhere near, amid pictures that lack what they refer to.
EXACT_CONTAINERS = frozenset({"mov", "matroska"})
# Screen recorders write a key frame a minute, or a single one: each chunk would decode all that is before it.
LONGEST_WAY_SECONDS = 30


class FfmpegChunkTranscoder:
    def __init__(self, ffmpeg: Ffmpeg) -> None:
        self._ffmpeg = ffmpeg

    async def reaches(self, source: Path, facts: SourceFacts, spans: Sequence[Span]) -> bool:
        return await asyncio.to_thread(_reaches, source, facts, spans)

    async def encode_chunk(
        self,
        source: Path,
        facts: SourceFacts,
        ladder: Sequence[Rung],
        span: Span,
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> EncodedChunk:
        await asyncio.to_thread(folder.mkdir, parents=True)
        arguments = chunk_arguments(source, facts, ladder, span)
        outcome = await self._ffmpeg.run(arguments, folder=folder, on_frames=on_frames)
        _check(outcome, facts)
        parts = [await asyncio.to_thread(measured_part, folder / rung.name, fps=facts.fps) for rung in ladder]
        encoded = EncodedChunk(tuple(parts), outcome.errors)
        prove_fit(span, encoded)
        return encoded

    async def encode_sound(self, source: Path, facts: SourceFacts, *, folder: Path) -> None:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        outcome = await self._ffmpeg.run(sound_arguments(source, facts), folder=folder)
        _check(outcome, facts)

    async def join(
        self,
        chunks: Sequence[Path],
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        sound: Path | None,
        folder: Path,
    ) -> Sequence[Rendition]:
        renditions = []
        for rung in ladder:
            await asyncio.to_thread(join_files, [chunk / rung.name for chunk in chunks], folder=folder / rung.name)
            renditions.append(
                await asyncio.to_thread(finished_rendition, folder / rung.name, width=rung.width, height=rung.height)
            )
        if sound is not None:
            await asyncio.to_thread((sound / AUDIO_NAME).replace, folder / AUDIO_NAME)
            renditions.append(await asyncio.to_thread(finished_rendition, folder / AUDIO_NAME))
        for rendition in renditions:
            check_duration(rendition.name, rendition.duration_ms, facts.duration_ms)
        return renditions


def _check(outcome: Outcome, facts: SourceFacts) -> None:
    """Raises ChunksUnfit or TranscoderFailed unless ffmpeg ended well and found the source whole."""
    if outcome.errors > tolerated_errors(facts):
        msg = f"{outcome.errors} errors while decoding: {outcome.last_errors}"
        raise ChunksUnfit(msg)
    check_exit(outcome)


def _reaches(source: Path, facts: SourceFacts, spans: Sequence[Span]) -> bool:
    import av  # noqa: PLC0415 - only where media is processed is it installed

    video = facts.video_stream
    if video is None:
        return False
    try:
        with av.open(str(source), options=dict(OPEN_OPTIONS)) as container:
            if EXACT_CONTAINERS.isdisjoint(container.format.name.split(",")):
                return False
            for span in spans[1:]:
                wanted = (container.start_time or 0) + round(seek_seconds(facts, span) * av.time_base)
                container.seek(wanted)
                packets = container.demux(container.streams[video])
                first = next(packet for packet in packets if packet.size)
                if first.pts is None or not first.is_keyframe:
                    return False
                late = first.pts * first.time_base - Fraction(wanted, av.time_base)
                if not -LONGEST_WAY_SECONDS <= late <= LOOK_BACK_SECONDS:
                    return False
    except (av.error.FFmpegError, StopIteration):
        return False
    return True
