"""Command lines for the still picture of a source."""

from __future__ import annotations

from pathlib import Path

from kosu.adapters.ffmpeg.arguments import picture_filters
from kosu.adapters.ffmpeg.guards import INPUT_ARGUMENTS
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import SourceFacts

SHORT_SIDE = 720
LARGEST_COVER = (1280, 720)
WAVEFORM_SIZE = "1280x720"
# The filter keeps all samples until it draws: of ten minutes at 8 kHz some twenty megabytes.
WAVEFORM_SECONDS = 600
_WAVEFORM = f"aresample=8000,aformat=channel_layouts=mono,showwavespic=s={WAVEFORM_SIZE}:colors=0x8FA3BF:scale=sqrt"


def poster_attempts(source: Path, facts: SourceFacts, *, target: Path) -> list[list[str]]:
    """Ways to get a poster, to be tried until one leaves a picture."""
    if facts.has_picture:
        # A tenth into the video is past fades and titles; very short or sparse ones have a picture at zero only.
        return [_frame(source, facts, at_seconds, target) for at_seconds in (facts.duration_ms / 10_000, 0.0)]
    covers = [] if facts.cover_stream is None else [_cover(source, facts.cover_stream, target)]
    return [*covers, _waveform(source, facts, target)]


def _frame(source: Path, facts: SourceFacts, at_seconds: float, target: Path) -> list[str]:
    """One picture, of the size of the largest rung that is not above 720."""
    rungs = ladder_for(facts.width, facts.height)
    size = next((rung for rung in rungs if min(rung.width, rung.height) <= SHORT_SIDE), rungs[0])
    filters = [*picture_filters(facts), f"scale={size.width}:{size.height}:flags=bicubic", "setsar=1"]
    return [
        *("-ss", f"{at_seconds:.3f}", *INPUT_ARGUMENTS, "-i", str(source)),
        *("-map", f"0:{facts.video_stream}", "-vf", ",".join(filters), *_jpeg(target)),
    ]


def _cover(source: Path, stream: int, target: Path) -> list[str]:
    """The cover, made smaller where it is too large."""
    width, height = LARGEST_COVER
    fitted = f"scale=min({width}\\,iw):min({height}\\,ih):force_original_aspect_ratio=decrease:force_divisible_by=2"
    return [*INPUT_ARGUMENTS, "-i", str(source), "-map", f"0:{stream}", "-vf", f"{fitted},setsar=1", *_jpeg(target)]


def _waveform(source: Path, facts: SourceFacts, target: Path) -> list[str]:
    """The loudness of the sound's beginning, from left to right."""
    drawn = f"[0:{facts.audio_stream}]{_WAVEFORM}[wave]"
    arguments = ["-t", str(WAVEFORM_SECONDS), *INPUT_ARGUMENTS, "-i", str(source)]
    return [*arguments, "-filter_complex", drawn, "-map", "[wave]", *_jpeg(target)]


def _jpeg(target: Path) -> list[str]:
    picture = ["-an", "-frames:v", "1", "-pix_fmt", "yuvj420p", "-q:v", "3"]
    return [*picture, "-f", "image2", "-update", "1", "-y", str(target)]
