"""Small real videos, made by ffmpeg when a test asks for them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]

HDR10 = (
    *("-vf", "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"),
    *("-pix_fmt", "yuv420p10le"),
)
INTERLACED = ("-vf", "tinterlace=interleave_top", "-x264opts", "tff=1")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg, overwriting its output."""
    subprocess.run(
        [get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True, capture_output=True
    )


def make_video(
    target: Path,
    *,
    seconds: float = 3,
    size: str = "320x180",
    fps: str = "30",
    tone_seconds: float | None = None,
    options: tuple[str, ...] = (),
) -> Path:
    """A test picture with a tone of the same length; `tone_seconds=0` makes it silent. `options` go to the output."""
    tone = seconds if tone_seconds is None else tone_seconds
    inputs = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={fps}:duration={seconds}"]
    if tone:
        inputs += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={tone}"]
    ffmpeg(*inputs, *H264, "-c:a", "aac", "-movflags", "+faststart", *options, target)
    return target


def rotated(source: Path, target: Path, *, degrees: int) -> Path:
    """The same pictures, with a note in the file to show them turned."""
    ffmpeg("-display_rotation", str(degrees), "-i", source, "-c", "copy", target)
    return target


def truncated(source: Path, target: Path, *, share: float) -> Path:
    """The first `share` of the bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def damaged(source: Path, target: Path, *, size_bytes: int) -> Path:
    """The same file with so many bytes in the middle overwritten."""
    data = bytearray(source.read_bytes())
    start = (len(data) - size_bytes) // 2
    data[start : start + size_bytes] = bytes((place * 73 + place // 7) % 256 for place in range(size_bytes))
    target.write_bytes(data)
    return target


def with_cover(sound: Path, cover: Path, target: Path) -> Path:
    """A sound recording with a picture attached to it."""
    maps = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    ffmpeg("-i", sound, "-i", cover, *maps, target)
    return target
