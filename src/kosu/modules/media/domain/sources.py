"""What inspecting a source tells, as far as anything later depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

MAX_FRAME_RATE = Fraction(60)
# Cameras and screen recorders miss these by a little; players and GOPs want them exact.
_NTSC_RATES = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
_STANDARD_RATES = (*_NTSC_RATES, *(Fraction(rate) for rate in (24, 25, 30, 50, 60)))
_SNAP = Fraction(2, 100)
# Sound is encoded at 48 kHz, in AAC frames of 1024 samples.
SOUND_FRAME_RATE = Fraction(48_000, 1024)
# Decoders go on over damage: a few complaints are a scratch, many are a broken file.
_TOLERATED_ERRORS = 12
_FRAMES_PER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A source as it is to be shown: sizes in square pixels after rotation, the frame rate that it is encoded in.

    Streams are given by their index in the file. `duration_ms` is measured by reading all packets, not what the file
    declares; where the sound goes on after the picture, the last picture is held for `hold_ms` of it. A sound recording
    has no video stream, and zeros for size and frame rate; it may have a cover.

    The first `lead_us` of the file are left out, so that the first picture is exactly at a frame's time: rounding it
    there would take it away from its sound.
    """

    duration_ms: int
    width: int
    height: int
    fps_numerator: int
    fps_denominator: int
    video_stream: int | None
    audio_stream: int | None
    cover_stream: int | None = None
    hold_ms: int = 0
    lead_us: int = 0
    interlaced: bool = False
    hdr: bool = False

    @property
    def fps(self) -> Fraction:
        return Fraction(self.fps_numerator, self.fps_denominator)

    @property
    def has_picture(self) -> bool:
        """Whether there is a moving one."""
        return self.video_stream is not None

    @property
    def has_audio(self) -> bool:
        return self.audio_stream is not None

    @property
    def frame_count(self) -> int:
        """About how many frames an encode has, of sound if there is no picture: what progress is measured against."""
        rate = self.fps if self.has_picture else SOUND_FRAME_RATE
        return max(1, round(rate * self.duration_ms / 1000))


def tolerated_errors(facts: SourceFacts) -> int:
    """How often a decoder may complain about a source that counts as whole."""
    return _TOLERATED_ERRORS + facts.frame_count // _FRAMES_PER_ERROR


def snap_frame_rate(measured: Fraction) -> Fraction:
    """The nearest standard rate within 2 %, else a whole rate; more than 60 a second are halved until they fit."""
    while measured > MAX_FRAME_RATE * (1 + _SNAP):
        measured /= 2
    nearest = min(_STANDARD_RATES, key=lambda rate: abs(rate - measured))
    if abs(nearest - measured) <= nearest * _SNAP:
        return nearest
    return Fraction(max(1, round(measured)))
