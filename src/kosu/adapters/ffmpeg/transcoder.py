"""The transcoder port over ffmpeg."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from kosu.adapters.ffmpeg.arguments import AUDIO_NAME, hls_arguments, poster_arguments, remux_arguments
from kosu.adapters.ffmpeg.child import Ffmpeg, Outcome
from kosu.adapters.ffmpeg.outputs import PLAYLIST, finished_rendition, is_jpeg
from kosu.adapters.ffmpeg.probe import measured_duration_ms
from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts, tolerated_errors
from kosu.modules.media.errors import SourceCorrupt, TranscoderFailed

# What ffmpeg ends with when most of a stream could not be decoded (`-max_error_rate`).
TOO_MANY_ERRORS = 69


class FfmpegTranscoder:
    def __init__(self, ffmpeg: Ffmpeg) -> None:
        self._ffmpeg = ffmpeg

    async def poster(self, source: Path, facts: SourceFacts, *, target: Path) -> None:
        # A tenth into the video is past fades and titles; very short or sparse ones have a picture at zero only.
        for at_seconds in (facts.duration_ms / 10_000, 0.0):
            arguments = poster_arguments(source, facts, at_seconds=at_seconds, target=target)
            outcome = await self._ffmpeg.run(arguments, folder=target.parent)
            if await asyncio.to_thread(is_jpeg, target):
                return
        msg = f"no poster: {outcome.last_errors or 'no picture was decoded'}"
        raise TranscoderFailed(msg)

    async def encode_hls(
        self,
        source: Path,
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> Sequence[Rendition]:
        outcome = await self._ffmpeg.run(hls_arguments(source, facts, ladder), folder=folder, on_frames=on_frames)
        _check_decoding(outcome, facts)
        check_exit(outcome)
        renditions = [
            await asyncio.to_thread(finished_rendition, folder / rung.name, width=rung.width, height=rung.height)
            for rung in ladder
        ]
        if facts.has_audio:
            renditions.append(await asyncio.to_thread(finished_rendition, folder / AUDIO_NAME))
        for rendition in renditions:
            check_duration(rendition.name, rendition.duration_ms, facts.duration_ms)
        if len({rendition.segment_count for rendition in renditions if not rendition.is_audio}) != 1:
            msg = "the rungs have different numbers of segments"
            raise TranscoderFailed(msg)
        return renditions

    async def remux_mp4(self, folder: Path, renditions: Sequence[Rendition], *, target: Path) -> None:
        largest = max(renditions, key=lambda rendition: rendition.height)
        chosen = [largest, *(rendition for rendition in renditions if rendition.is_audio)]
        playlists = [folder / rendition.name / PLAYLIST for rendition in chosen]
        check_exit(await self._ffmpeg.run(remux_arguments(playlists, target=target), folder=target.parent))
        check_duration(target.name, await measured_duration_ms(target), largest.duration_ms)


def _check_decoding(outcome: Outcome, facts: SourceFacts) -> None:
    tolerated = tolerated_errors(facts)
    if outcome.exit_code == TOO_MANY_ERRORS or (outcome.exit_code == 0 and outcome.errors > tolerated):
        msg = f"{outcome.errors} errors while decoding: {outcome.last_errors}"
        raise SourceCorrupt(msg)


def check_exit(outcome: Outcome) -> None:
    """Raises TranscoderFailed unless ffmpeg ended well."""
    if outcome.exit_code != 0:
        msg = f"ffmpeg ended with {outcome.exit_code}: {outcome.last_errors}"
        raise TranscoderFailed(msg)


def check_duration(name: str, actual_ms: int, expected_ms: int) -> None:
    """Raises TranscoderFailed unless a file lasts about as long as it should."""
    if abs(actual_ms - expected_ms) > max(500, expected_ms // 50):
        msg = f"{name} lasts {actual_ms} ms, expected were {expected_ms}"
        raise TranscoderFailed(msg)
