"""The probe port over PyAV: opens a file under guard, decodes one picture, and reads every packet."""

from __future__ import annotations

import asyncio
import math
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kosu.adapters.ffmpeg.packets import Span, measure, opened
from kosu.modules.media.domain.sources import SourceFacts, snap_frame_rate
from kosu.modules.media.errors import NothingToPlay, SourceCorrupt, SourceTruncated

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Dispositions of streams. Source: libavformat/avformat.h, AV_DISPOSITION_…
DEFAULT = 0x1
ATTACHED_PICTURE = 0x400
# What is declared may be a guess from the bit rate of the first frames.
GUESSED_DURATIONS = frozenset({"mp3"})
# ITU-T H.273, transfer characteristics: PQ and HLG.
HDR_TRANSFERS = frozenset({16, 18})
QUARTER_TURNS = frozenset({90, 270})
# A container that declares more than this share or time above what it holds was cut off.
TRUNCATED_SHARE = Fraction(2, 100)
TRUNCATED_SECONDS = Fraction(1, 2)
RATE_TOLERANCE = Fraction(5, 100)
# A mean that is off by more is of another rate; one that is closer to a standard rate (29.97 and 30 are five times
# as far apart) is that rate.
OFF_RATE = Fraction(2, 100)
EXACT_RATE = Fraction(2, 10_000)
# Sound comes in whole codec frames, and its encoder starts before zero: so much more of it than of the picture, at
# either end, means nothing.
SOUND_SLACK_SECONDS = Fraction(1, 10)


class PyavProbe:
    async def inspect(self, source: Path) -> SourceFacts:
        stop = threading.Event()
        try:
            return await asyncio.to_thread(_inspect, source, stop)
        finally:
            # A cancelled await leaves the thread behind; it must not go on reading for minutes.
            stop.set()


@dataclass(frozen=True, slots=True)
class Picture:
    """A stream of moving pictures, as its first one looks."""

    index: int
    width: int
    height: int
    interlaced: bool
    hdr: bool
    nominal_rate: Fraction | None
    base_rate: Fraction | None


def _inspect(source: Path, stop: threading.Event) -> SourceFacts:
    with opened(source) as container:
        picture = _looked_at(container)
        audio = _chosen_sound(container)
        if picture is None and audio is not None:
            _require_sound(container, audio)
        audio_index = audio.index if audio is not None else None
        covers = [stream.index for stream in container.streams.video if _is_cover(stream)]
        declared = _declared_duration(container)
        begin = Fraction(container.start_time or 0, 1_000_000)
    spans = measure(source, stop)
    sound = spans.get(audio_index, Span()) if audio_index is not None else Span()
    if not sound.packets:
        audio_index = None
    if picture is None and audio_index is None:
        msg = "there is no moving picture and no sound"
        raise NothingToPlay(msg)
    shown = spans.get(picture.index, Span()) if picture is not None else Span()
    start = _start(shown, sound)
    _require_whole(declared, max(shown.end, sound.end) - start)
    if picture is None:
        return _sound_facts(sound.end - start, audio_index, next(iter(covers), None))
    return _video_facts(picture, shown, sound, audio_index, begin=begin)


def _sound_facts(duration: Fraction, audio_index: int | None, cover_index: int | None) -> SourceFacts:
    return SourceFacts(
        duration_ms=math.ceil(1000 * duration),
        width=0,
        height=0,
        fps_numerator=0,
        fps_denominator=1,
        video_stream=None,
        audio_stream=audio_index,
        cover_stream=cover_index,
    )


def _video_facts(
    picture: Picture, shown: Span, sound: Span, audio_index: int | None, *, begin: Fraction
) -> SourceFacts:
    fps = snap_frame_rate(_frame_rate(picture, shown.rate))
    # A picture stays until the next one: the last one of a stream for one frame at least.
    end = max(shown.end, shown.last + 1 / fps)
    hold = sound.end - end if sound.end - end > SOUND_SLACK_SECONDS else Fraction(0)
    # Of sound that begins much earlier, only what keeps the pictures from the times of frames is left out.
    start = _start(shown, sound)
    lead = max(Fraction(0), shown.first - begin) if shown.first is not None else Fraction(0)
    if start != shown.first:
        lead %= 1 / fps
        start += lead
    return SourceFacts(
        duration_ms=math.ceil(1000 * (end + hold - start)),
        width=picture.width,
        height=picture.height,
        fps_numerator=fps.numerator,
        fps_denominator=fps.denominator,
        video_stream=picture.index,
        audio_stream=audio_index,
        hold_ms=math.ceil(1000 * hold),
        lead_us=round(1_000_000 * lead),
        interlaced=picture.interlaced,
        hdr=picture.hdr,
    )


def _require_whole(declared: Fraction | None, found: Fraction) -> None:
    if declared is not None and declared - found > max(TRUNCATED_SECONDS, declared * TRUNCATED_SHARE):
        msg = f"{float(declared):.1f} s are declared, {float(found):.1f} s are there"
        raise SourceTruncated(msg)


def _declared_duration(container: InputContainer) -> Fraction | None:
    if not container.duration or container.format.name in GUESSED_DURATIONS:
        return None
    declared = Fraction(container.duration, 1_000_000)
    if "matroska" in container.format.name:
        # What ffmpeg, among others, writes there is when the last packet ends.
        declared -= max(Fraction(0), Fraction(container.start_time or 0, 1_000_000))
    return declared


def _frame_rate(picture: Picture, measured: Fraction | None) -> Fraction:
    """What the file declares if its packets agree; of interlaced video a packet may be half a picture.

    The declared mean of a steady rate is a little off where one picture was held or left out: then the rate of the time
    stamps is the true one.
    """
    nominal, base = picture.nominal_rate, picture.base_rate
    if not nominal or not (measured is None or picture.interlaced or _agree(nominal, measured, RATE_TOLERANCE)):
        return measured or Fraction(25)
    if base and _agree(nominal, base, OFF_RATE) and not _agree(nominal, snap_frame_rate(nominal), EXACT_RATE):
        return base
    return nominal


def _agree(rate: Fraction, other: Fraction, tolerance: Fraction) -> bool:
    return abs(rate - other) <= tolerance * rate


def _start(shown: Span, sound: Span) -> Fraction:
    """When it begins to play: what decoders drop of the sound stands before zero."""
    if shown.first is None:
        return max(sound.first or Fraction(0), Fraction(0))
    if sound.first is not None and shown.first - sound.first > SOUND_SLACK_SECONDS:
        return sound.first
    return shown.first


def _looked_at(container: InputContainer) -> Picture | None:
    """The first video stream that is not a cover."""
    video = next((stream for stream in container.streams.video if not _is_cover(stream)), None)
    if video is None:
        return None
    frame = _first_frame(container, video)
    width, height = _shown_size(video, frame)
    return Picture(
        index=video.index,
        width=width,
        height=height,
        interlaced=bool(frame.interlaced_frame),
        hdr=frame.color_trc in HDR_TRANSFERS,
        nominal_rate=video.average_rate,
        base_rate=video.base_rate,
    )


def _is_cover(stream: VideoStream) -> bool:
    return bool(int(stream.disposition) & ATTACHED_PICTURE)


def _chosen_sound(container: InputContainer) -> AudioStream | None:
    """The track that the file declares as its default, else the first."""
    tracks = container.streams.audio
    default = (track for track in tracks if int(track.disposition) & DEFAULT)
    return next(default, next(iter(tracks), None))


def _first_frame(container: InputContainer, video: VideoStream) -> VideoFrame:
    for frame in container.decode(video):
        return frame
    msg = "no picture could be decoded"
    raise SourceCorrupt(msg)


def _require_sound(container: InputContainer, audio: AudioStream) -> None:
    for _ in container.decode(audio):
        return
    msg = "no sound could be decoded"
    raise SourceCorrupt(msg)


def _shown_size(video: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """The size in square pixels, turned as players turn it."""
    width = max(1, round(frame.width * (video.sample_aspect_ratio or 1)))
    return (frame.height, width) if frame.rotation % 360 in QUARTER_TURNS else (width, frame.height)
