"""Picture and sound stay together: a source that flashes exactly when it beeps does so still after the encode."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import pytest

from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.modules.media.domain.hls import OFFSET_SECONDS
from tests.support.encodes import encoded, frames_of, joined
from tests.support.videos import ffmpeg

# Each for one frame, which is a whole number of samples.
FLASHES = (1.0, 2.5, 4.0, 5.5, 7.0)
PICTURE = "color=black:size=160x90:rate=30:duration=8,drawbox=color=white:t=fill:enable='eq(mod(n,45),30)'"
SOUND = "aevalsrc='cos(2*PI*1000*(t-1))*gte(t,1)*lt(mod(t-1,1.5),1/30)':sample_rate=48000:duration=8"
LARGEST_OFFSET_SECONDS = 0.005
AAC = ("-c:a", "aac", "-b:a", "192k")
OPUS = ("-c:a", "libopus", "-b:a", "192k")
PCM = ("-c:a", "pcm_s16le")


@dataclass(frozen=True, slots=True)
class Source:
    """A stream that begins so many seconds later has its first flash or beep so much earlier in itself.

    Where both are later, by less than a frame, no picture is at a frame's time, and that much of the sound goes.
    """

    name: str
    file: str
    sound: tuple[str, ...]
    picture_later: float = 0.0
    sound_later: float = 0.0
    both_later: float = 0.0

    def make(self, folder: Path) -> Path:
        later_picture = f"settb=1/1000,setpts=PTS+{self.both_later}/TB"
        later_sound = f"adelay={1000 * self.both_later}"
        ffmpeg(
            *("-itsoffset", str(self.picture_later), "-f", "lavfi"),
            *("-i", f"{PICTURE},trim=start={self.picture_later},setpts=PTS-STARTPTS"),
            *("-itsoffset", str(self.sound_later), "-f", "lavfi"),
            *("-i", f"{SOUND},atrim=start={self.sound_later},asetpts=PTS-STARTPTS"),
            *("-vf", later_picture, "-af", later_sound, "-fps_mode", "passthrough", "-enc_time_base", "1/1000"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *self.sound),
            folder / self.file,
        )
        return folder / self.file


SOURCES = (
    Source("plain", "source.mov", PCM),
    Source("aac", "source.mp4", AAC),
    Source("picture begins later", "source.mkv", PCM, picture_later=0.5),
    Source("sound begins later", "source.mkv", PCM, sound_later=0.5),
    Source("pictures between frames", "source.mkv", PCM, picture_later=0.5, both_later=0.016),
    Source("transport stream", "source.ts", AAC),
    Source("sound begins before zero", "source.mkv", OPUS),
)


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
async def test_flashes_and_beeps_stay_together(source: Source, tmp_path: Path) -> None:
    made = await encoded(source.make(tmp_path), tmp_path)
    await FfmpegTranscoder(Ffmpeg()).remux_mp4(tmp_path, made.renditions, target=tmp_path / "video.mp4")

    rung, audio = joined(tmp_path, made.rungs[0].name), joined(tmp_path, "audio")
    for flashes, beeps, start in (
        (flashes_of(rung), beeps_of(audio), OFFSET_SECONDS),
        (flashes_of(tmp_path / "video.mp4"), beeps_of(tmp_path / "video.mp4"), 0),
    ):
        assert flashes == pytest.approx([start + at for at in FLASHES], abs=0.001)
        assert beeps == pytest.approx(flashes, abs=LARGEST_OFFSET_SECONDS)


def flashes_of(path: Path) -> list[float]:
    """When the picture turns white, in seconds."""
    white = [(frame.time or 0.0, bytes(frame.planes[0])[0] > 128) for frame in frames_of(path)]
    return [time for (_, before), (time, now) in pairwise(white) if now and not before]


def beeps_of(path: Path) -> list[float]:
    """When the sound sets in, in seconds: the first sample of half the full loudness after half a second of less."""
    found: list[float] = []
    with av.open(str(path)) as container:
        loud = -1.0
        for frame in container.decode(audio=0):
            samples = memoryview(frame.planes[0]).cast("f")[: frame.samples]
            for number, value in enumerate(samples):
                if abs(value) > 0.5:
                    at = (frame.time or 0.0) + number / frame.sample_rate
                    if at - loud > 0.5:
                        found.append(at)
                    loud = at
    return found
