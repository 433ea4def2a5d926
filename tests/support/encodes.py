"""What the real probe and transcoder make of a source, and independent readers of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import m3u8  # type: ignore[import-untyped]

from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.modules.media.domain.hls import Rendition, master_playlist
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import SourceFacts


@dataclass(frozen=True, slots=True)
class Encoded:
    """A source, what the probe found in it, and what was encoded of it into `folder`."""

    source: Path
    facts: SourceFacts
    renditions: Sequence[Rendition]
    folder: Path

    @property
    def rungs(self) -> list[Rendition]:
        return [rendition for rendition in self.renditions if not rendition.is_audio]


async def encoded(source: Path, folder: Path) -> Encoded:
    facts = await PyavProbe().inspect(source)
    renditions = await FfmpegTranscoder(Ffmpeg()).encode_hls(
        source, facts, ladder_for(facts.width, facts.height), folder=folder, on_frames=lambda _: None
    )
    (folder / "master.m3u8").write_text(master_playlist(renditions, fps=facts.fps))
    return Encoded(source, facts, renditions, folder)


def joined(folder: Path, name: str) -> Path:
    """One rendition as a player would put it together: the initialisation segment and then all others."""
    playlist = m3u8.load(str(folder / name / "index.m3u8"))
    whole = folder / f"{name}.mp4"
    parts = [playlist.segment_map[0].uri, *(segment.uri for segment in playlist.segments)]
    whole.write_bytes(b"".join((folder / name / part).read_bytes() for part in parts))
    return whole


def frames_of(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))
