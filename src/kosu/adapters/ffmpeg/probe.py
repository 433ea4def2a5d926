"""The probe port over PyAV: opens a file under guard, decodes one picture, and reads every packet."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kosu.adapters.ffmpeg.guards import OPEN_OPTIONS
from kosu.modules.media.domain.containers import HEAD_BYTES, looks_like_video
from kosu.modules.media.domain.sources import SourceFacts, snap_frame_rate
from kosu.modules.media.errors import (
    NotAVideo,
    NoVideoStream,
    SourceCorrupt,
    SourceTruncated,
    TranscoderFailed,
    Verdict,
)

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

ATTACHED_PICTURE = 0x400
# ITU-T H.273, transfer characteristics: PQ and HLG.
HDR_TRANSFERS = frozenset({16, 18})
QUARTER_TURNS = frozenset({90, 270})
# A container that declares more than this share or time above what it holds was cut off.
TRUNCATED_SHARE = Fraction(2, 100)
TRUNCATED_SECONDS = Fraction(1, 2)
RATE_TOLERANCE = Fraction(5, 100)
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


async def measured_duration_ms(path: Path) -> int:
    """The duration of the longest stream of a file of our own, by its packets.

    Raises:
        TranscoderFailed: it cannot be read.
    """
    try:
        spans = await asyncio.to_thread(_measure, path, threading.Event())
    except Verdict as error:
        raise TranscoderFailed(f"{path.name}: {error}") from error
    return round(1000 * max((span.duration for span in spans.values()), default=Fraction(0)))


@dataclass(slots=True)
class Span:
    """From when to when the packets of one stream go, in seconds; `first` and `last` are starts of packets."""

    packets: int = 0
    first: Fraction | None = None
    last: Fraction = field(default_factory=Fraction)
    end: Fraction = field(default_factory=Fraction)

    @property
    def duration(self) -> Fraction:
        return self.end - self.first if self.first is not None else Fraction(0)

    @property
    def rate(self) -> Fraction | None:
        """Packets a second, by the distances between them: the last one's own duration is often unknown."""
        if self.first is None or self.last <= self.first:
            return None
        return (self.packets - 1) / (self.last - self.first)

    def add(self, start: Fraction, duration: Fraction) -> None:
        self.packets += 1
        self.first = start if self.first is None else min(self.first, start)
        self.last = max(self.last, start)
        self.end = max(self.end, start + duration)


def _inspect(source: Path, stop: threading.Event) -> SourceFacts:
    with _opened(source) as container:
        video = _moving_picture(container)
        audio = next(iter(container.streams.audio), None)
        frame = _first_frame(container, video)
        declared = Fraction(container.duration, 1_000_000) if container.duration else None
        width, height = _shown_size(video, frame)
        video_index, audio_index = video.index, audio.index if audio is not None else None
        interlaced, hdr = bool(frame.interlaced_frame), frame.color_trc in HDR_TRANSFERS
        nominal = video.average_rate
    spans = _measure(source, stop)
    picture = spans.get(video_index, Span())
    sound = spans.get(audio_index, Span()) if audio_index is not None else Span()
    ends = max(picture.end, sound.end)
    start = _start(picture, sound)
    if declared is not None and declared - (ends - start) > max(TRUNCATED_SECONDS, declared * TRUNCATED_SHARE):
        msg = f"{float(declared):.1f} s are declared, {float(ends - start):.1f} s are there"
        raise SourceTruncated(msg)
    fps = snap_frame_rate(_frame_rate(nominal, picture.rate, interlaced=interlaced))
    # A picture stays until the next one: the last one of a stream for one frame at least.
    shown = max(picture.end, picture.last + 1 / fps)
    hold = sound.end - shown if sound.end - shown > SOUND_SLACK_SECONDS else Fraction(0)
    return SourceFacts(
        duration_ms=math.ceil(1000 * (shown + hold - start)),
        width=width,
        height=height,
        fps_numerator=fps.numerator,
        fps_denominator=fps.denominator,
        video_stream=video_index,
        audio_stream=audio_index if sound.packets else None,
        hold_ms=math.ceil(1000 * hold),
        interlaced=interlaced,
        hdr=hdr,
    )


def _frame_rate(nominal: Fraction | None, measured: Fraction | None, *, interlaced: bool) -> Fraction:
    """What the file declares if its packets agree; of interlaced video a packet may be half a picture."""
    if nominal and (measured is None or interlaced or abs(nominal - measured) <= RATE_TOLERANCE * nominal):
        return nominal
    return measured or Fraction(25)


def _start(picture: Span, sound: Span) -> Fraction:
    first = picture.first or Fraction(0)
    if sound.first is not None and first - sound.first > SOUND_SLACK_SECONDS:
        return sound.first
    return first


@contextmanager
def _opened(source: Path) -> Iterator[InputContainer]:
    """A container opened under guard, with PyAV's errors turned into verdicts."""
    import av  # noqa: PLC0415 - only where media is processed is it installed

    try:
        container = av.open(str(source), options=dict(OPEN_OPTIONS))
    except FileNotFoundError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        with source.open("rb") as file:
            if not looks_like_video(file.read(HEAD_BYTES)):
                raise NotAVideo(str(error)) from error
        # A container that begins well and cannot be opened lacks its index, which stands at the end.
        raise SourceTruncated(str(error)) from error
    with container:
        try:
            yield container
        except av.error.FFmpegError as error:
            raise SourceCorrupt(str(error)) from error


def _moving_picture(container: InputContainer) -> VideoStream:
    """The first video stream that is not a cover."""
    for stream in container.streams.video:
        if not int(stream.disposition) & ATTACHED_PICTURE:
            return stream
    msg = "there is no video stream, or only a cover"
    raise NoVideoStream(msg)


def _first_frame(container: InputContainer, video: VideoStream) -> VideoFrame:
    for frame in container.decode(video):
        return frame
    msg = "no picture could be decoded"
    raise SourceCorrupt(msg)


def _shown_size(video: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """The size in square pixels, turned as players turn it."""
    width = max(1, round(frame.width * (video.sample_aspect_ratio or 1)))
    return (frame.height, width) if frame.rotation % 360 in QUARTER_TURNS else (width, frame.height)


def _measure(source: Path, stop: threading.Event) -> dict[int, Span]:
    """Read all packets, by stream. Stops early, with what it has, once `stop` is set."""
    spans: dict[int, Span] = {}
    with _opened(source) as container:
        for packet in container.demux():
            if stop.is_set():
                break
            start = packet.pts if packet.pts is not None else packet.dts
            if start is None or packet.time_base is None:
                continue
            span = spans.setdefault(packet.stream.index, Span())
            span.add(start * packet.time_base, (packet.duration or 0) * packet.time_base)
    return spans
