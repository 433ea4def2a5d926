"""Sources that are hard to take: what cameras, screen recorders and editors really make, as tiny files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.support.videos import HDR10, INTERLACED, ffmpeg, make_video, rotated

# Large enough for two rungs.
SIZE = "534x300"


@dataclass(frozen=True, slots=True)
class HardInput:
    """How to make a source in a folder, and what has to come out of it."""

    name: str
    make: Callable[[Path], Path]
    size: tuple[int, int] = (534, 300)
    fps: Fraction = Fraction(30)
    frames: int = 90
    sound: bool = True
    rungs: int = 2
    interlaced: bool = False
    hdr: bool = False

    @property
    def key_frames(self) -> list[int]:
        """Every two seconds the first frame that is due."""
        return [number for number in range(self.frames) if number == 0 or self._is_due(number)]

    def _is_due(self, number: int) -> bool:
        return int(number / self.fps / 2) > int((number - 1) / self.fps / 2)


def no_audio(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, tone_seconds=0)


def short_audio(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, tone_seconds=1)


def longer_audio(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, tone_seconds=5)


def odd_with_full_chroma(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size="853x479", seconds=2.5, options=("-pix_fmt", "yuv444p"))


def ten_bit_with_half_chroma(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, options=("-pix_fmt", "yuv422p10le"))


def prores(folder: Path) -> Path:
    codecs = ("-c:v", "prores_ks", "-profile:v", "3", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le")
    return make_video(folder / "source.mov", size=SIZE, options=codecs)


def rotated_90(folder: Path) -> Path:
    return rotated(make_video(folder / "flat.mp4", size=SIZE), folder / "source.mp4", degrees=90)


def vertical(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size="300x534")


def hdr10(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, options=HDR10)


def interlaced(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, fps="50", options=INTERLACED)


def wide_pixels(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size="450x320", options=("-vf", "setsar=64/45"))


def variable_rate(folder: Path) -> Path:
    """Thirty pictures a second, and from the third second on only ten."""
    varied = ("-vf", "select='lt(t,2)+not(mod(n,3))'", "-fps_mode", "vfr")
    return make_video(folder / "source.mp4", size=SIZE, seconds=8, options=varied)


def ntsc_rate(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, seconds=7, fps="30000/1001")


def fps_120(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, seconds=2.5, fps="120")


def one_frame(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, seconds=0.04, tone_seconds=0, fps="25")


def tiny(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size="160x90")


def surround(folder: Path) -> Path:
    return make_video(folder / "source.mp4", size=SIZE, options=("-ac", "6"))


def live_matroska(folder: Path) -> Path:
    return make_video(folder / "source.mkv", size=SIZE, options=("-f", "matroska", "-live", "1"))


def fragmented_mp4(folder: Path) -> Path:
    """As screen recorders write it; the first picture is held for the time that the sound begins earlier."""
    return make_video(folder / "source.mp4", size=SIZE, options=("-movflags", "+empty_moov+frag_keyframe"))


HARD_INPUTS = (
    HardInput("no audio", no_audio, sound=False),
    HardInput("short audio", short_audio),
    HardInput("audio longer than video", longer_audio, frames=150),
    HardInput("odd, 4:4:4", odd_with_full_chroma, size=(853, 479), frames=75, rungs=3),
    HardInput("10-bit 4:2:2", ten_bit_with_half_chroma),
    HardInput("ProRes", prores),
    HardInput("rotated 90", rotated_90, size=(300, 534)),
    HardInput("vertical", vertical, size=(300, 534)),
    HardInput("HDR10", hdr10, hdr=True),
    HardInput("interlaced", interlaced, fps=Fraction(25), frames=75, interlaced=True),
    HardInput("SAR 64:45", wide_pixels, size=(640, 320)),
    HardInput("VFR", variable_rate, fps=Fraction(15), frames=119),
    HardInput("29.97 fps", ntsc_rate, fps=Fraction(30000, 1001), frames=210),
    HardInput("120 fps", fps_120, fps=Fraction(60), frames=150),
    HardInput("one frame", one_frame, fps=Fraction(25), frames=1, sound=False),
    HardInput("160x90", tiny, size=(160, 90), rungs=1),
    HardInput("5.1", surround),
    HardInput("no duration, Matroska", live_matroska),
    HardInput("no duration, MP4", fragmented_mp4, frames=91),
)


def two_tracks(folder: Path, *, default: int | None) -> Path:
    """A track of 440 Hz, then one of 880 Hz; `default` is which of them the file prefers."""
    source = folder / "source.mkv"
    tones = [f"sine=frequency={frequency}:duration=2" for frequency in (440, 880)]
    inputs = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=30:duration=2"]
    for tone in tones:
        inputs += ["-f", "lavfi", "-i", tone]
    maps = ["-map", "0", "-map", "1", "-map", "2"]
    preferred = [("default" if index == default else "0") for index in range(2)]
    dispositions = ["-disposition:a:0", preferred[0], "-disposition:a:1", preferred[1]]
    ffmpeg(
        *inputs, *maps, "-c:v", "libx264", "-preset", "ultrafast", *dispositions, "-default_mode", "passthrough", source
    )
    return source
