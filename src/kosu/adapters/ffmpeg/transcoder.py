"""The transcoder port over ffmpeg."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from kosu.adapters.ffmpeg.arguments import hls_arguments, remux_arguments
from kosu.adapters.ffmpeg.child import Ffmpeg, Outcome
from kosu.adapters.ffmpeg.outputs import finished_rendition, is_jpeg
from kosu.adapters.ffmpeg.packets import measured_duration_ms
from kosu.adapters.ffmpeg.posters import poster_attempts
from kosu.adapters.ffmpeg.scanning import (
    KEY_FRAMES_FILE,
    check_sheets,
    finished_key_frames,
    key_frame_arguments,
    storyboard_arguments,
)
from kosu.modules.media.domain.hls import AUDIO_NAME, KEY_FRAMES_NAME, PLAYLIST, Rendition
from kosu.modules.media.domain.key_frames import KeyFrames
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts, tolerated_errors
from kosu.modules.media.domain.storyboard import STORYBOARD_FOLDER, Storyboard
from kosu.modules.media.errors import SourceCorrupt, TranscoderFailed

# What ffmpeg ends with when most of a stream could not be decoded (`-max_error_rate`).
TOO_MANY_ERRORS = 69


class FfmpegTranscoder:
    def __init__(self, ffmpeg: Ffmpeg) -> None:
        self._ffmpeg = ffmpeg

    async def poster(self, source: Path, facts: SourceFacts, *, target: Path) -> None:
        for arguments in poster_attempts(source, facts, target=target):
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
        arguments = hls_arguments(source, facts, ladder)
        outcome = await self._ffmpeg.run(
            arguments, folder=folder, on_frames=on_frames, sound_only=not facts.has_picture
        )
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
        if len({rendition.segment_count for rendition in renditions if not rendition.is_audio}) > 1:
            msg = "the rungs have different numbers of segments"
            raise TranscoderFailed(msg)
        return renditions

    async def copy_key_frames(self, folder: Path, rendition: Rendition) -> KeyFrames:
        target = folder / KEY_FRAMES_NAME
        await asyncio.to_thread(target.mkdir)
        arguments = key_frame_arguments(folder / rendition.name / PLAYLIST, target=target / KEY_FRAMES_FILE)
        check_exit(await self._ffmpeg.run(arguments, folder=target))
        return await asyncio.to_thread(finished_key_frames, target, rendition)

    async def draw_storyboard(self, folder: Path, storyboard: Storyboard) -> None:
        sheets = folder / STORYBOARD_FOLDER
        await asyncio.to_thread(sheets.mkdir)
        arguments = storyboard_arguments(folder / KEY_FRAMES_NAME / KEY_FRAMES_FILE, storyboard, sheets=sheets)
        check_exit(await self._ffmpeg.run(arguments, folder=sheets))
        await asyncio.to_thread(check_sheets, sheets, storyboard)

    async def remux_mp4(self, folder: Path, renditions: Sequence[Rendition], *, target: Path) -> None:
        rungs = sorted((one for one in renditions if not one.is_audio), key=lambda rung: rung.height)
        chosen = [*rungs[-1:], *(one for one in renditions if one.is_audio)]
        playlists = [folder / rendition.name / PLAYLIST for rendition in chosen]
        check_exit(await self._ffmpeg.run(remux_arguments(playlists, target=target), folder=target.parent))
        check_duration(target.name, await measured_duration_ms(target), chosen[0].duration_ms)


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
