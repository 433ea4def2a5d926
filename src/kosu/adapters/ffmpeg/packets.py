"""Opening files under guard, and what reading all their packets tells."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kosu.adapters.ffmpeg.guards import OPEN_OPTIONS
from kosu.modules.media.domain.containers import HEAD_BYTES, looks_like_media
from kosu.modules.media.errors import NotAVideo, SourceCorrupt, SourceTruncated, TranscoderFailed, Verdict

if TYPE_CHECKING:
    from av.container import InputContainer


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


@contextmanager
def opened(source: Path) -> Iterator[InputContainer]:
    """A container opened under guard, with PyAV's errors turned into verdicts."""
    import av  # noqa: PLC0415 - only where media is processed is it installed

    try:
        container = av.open(str(source), options=dict(OPEN_OPTIONS))
    except FileNotFoundError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        with source.open("rb") as file:
            if not looks_like_media(file.read(HEAD_BYTES)):
                raise NotAVideo(str(error)) from error
        # A container that begins well and cannot be opened lacks its index, which stands at the end.
        raise SourceTruncated(str(error)) from error
    with container:
        try:
            yield container
        except av.error.FFmpegError as error:
            raise SourceCorrupt(str(error)) from error


def measure(source: Path, stop: threading.Event) -> dict[int, Span]:
    """Read all packets, by stream. Stops early, with what it has, once `stop` is set."""
    spans: dict[int, Span] = {}
    with opened(source) as container:
        for packet in container.demux():
            if stop.is_set():
                break
            start = packet.pts if packet.pts is not None else packet.dts
            if start is None or packet.time_base is None:
                continue
            span = spans.setdefault(packet.stream.index, Span())
            span.add(start * packet.time_base, (packet.duration or 0) * packet.time_base)
    return spans


async def measured_duration_ms(path: Path) -> int:
    """The duration of the longest stream of a file of our own, by its packets.

    Raises:
        TranscoderFailed: it cannot be read.
    """
    try:
        spans = await asyncio.to_thread(measure, path, threading.Event())
    except Verdict as error:
        raise TranscoderFailed(f"{path.name}: {error}") from error
    return round(1000 * max((span.duration for span in spans.values()), default=Fraction(0)))
