"""Key frames and storyboards as each transcoder makes them, and those of the real one taken apart."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.fragments import fragment_ranges
from kosu.adapters.ffmpeg.scanning import finished_key_frames
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.memory.transcoder import MemoryTranscoder
from kosu.modules.media.domain.hls import OFFSET_SECONDS, master_playlist
from kosu.modules.media.domain.storyboard import storyboard_of
from kosu.modules.media.errors import TranscoderFailed
from kosu.modules.media.ports import Transcoder
from kosu.modules.media.processing.scanning import make_scannable
from tests.support.encodes import Encoded, encoded, frames_of, joined
from tests.support.videos import ffmpeg, make_video

# Of a rate at which no key frame falls on a whole number of seconds, with another colour every second.
FPS = Fraction(30000, 1001)
COLOURS = ("red", "lime", "blue", "yellow", "magenta", "cyan", "white")


@pytest.fixture(scope="module")
async def video(tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """Seven colours for a second each, encoded and made scannable; not to be changed."""
    folder = tmp_path_factory.mktemp("colours")
    inputs: list[str] = []
    for colour in COLOURS:
        inputs += ["-f", "lavfi", "-i", f"color={colour}:size=640x360:rate={FPS}:duration=1"]
    chain = f"concat=n={len(COLOURS)}"
    ffmpeg(*inputs, "-filter_complex", chain, "-c:v", "libx264", "-preset", "ultrafast", folder / "source.mp4")
    made = await encoded(folder / "source.mp4", folder)
    scanned = await make_scannable(FfmpegTranscoder(Ffmpeg()), folder, made.renditions)
    (folder / "master.m3u8").write_text(master_playlist(made.renditions, fps=made.facts.fps, key_frames=scanned))
    return made


@pytest.fixture(params=["memory", "ffmpeg"])
def transcoder(request: pytest.FixtureRequest) -> Transcoder:
    return MemoryTranscoder() if request.param == "memory" else FfmpegTranscoder(Ffmpeg())


async def test_each_transcoder_makes_an_encode_scannable(
    transcoder: Transcoder, video: Encoded, tmp_path: Path
) -> None:
    (tmp_path / "360p").symlink_to(video.folder / "360p")

    scanned = await make_scannable(transcoder, tmp_path, video.renditions)

    assert scanned is not None
    assert (scanned.name, scanned.width, scanned.height, scanned.segment_count) == ("iframes", 640, 360, 4)
    playlist = m3u8.load(str(tmp_path / "iframes/index.m3u8"))
    assert [round(segment.duration) for segment in playlist.segments] == [2, 2, 2, 1]
    assert sum(segment.duration for segment in playlist.segments) == pytest.approx(scanned.duration_ms / 1000, abs=0.01)
    assert (tmp_path / "storyboard/sheet-001.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
    assert len(tiles_of(tmp_path / "storyboard/storyboard.vtt")) == 4


async def test_every_byte_range_is_one_key_frame_at_its_time(video: Encoded) -> None:
    master = m3u8.load(str(video.folder / "master.m3u8"))
    (entry,) = master.iframe_playlists
    playlist = m3u8.load(str(video.folder / entry.uri))
    folder = (video.folder / entry.uri).parent
    init = part_of(folder / playlist.segment_map[0].uri, playlist.segment_map[0].byterange)
    at_seconds, shown = float(OFFSET_SECONDS), []
    for segment in playlist.segments:
        with av.open(io.BytesIO(init + part_of(folder / segment.uri, segment.byterange)), "r") as container:
            (frame,) = container.decode(video=0)
        assert frame.key_frame
        assert frame.time == pytest.approx(at_seconds, abs=0.000_1)
        assert (frame.width, frame.height) == entry.iframe_stream_info.resolution
        shown.append(frame.time)
        at_seconds += segment.duration
    assert shown == [frame.time for frame in frames_of(joined(video.folder, "360p")) if frame.key_frame]
    assert at_seconds - OFFSET_SECONDS == pytest.approx(video.facts.duration_ms / 1000, abs=0.05)


async def test_tiles_show_the_picture_of_their_time(video: Encoded) -> None:
    pictures = {round(frame.time or 0, 3): frame for frame in frames_of(video.source)}
    tiles = tiles_of(video.folder / "storyboard/storyboard.vtt")

    assert len(tiles) == 4
    for tile in tiles:
        (sheet,) = frames_of(video.folder / "storyboard" / tile.sheet)
        (picture,) = (frame for time, frame in pictures.items() if abs(time - tile.start_seconds) < 0.5 / FPS)
        assert mean_colour(sheet, tile) == pytest.approx(mean_colour(picture), abs=12)
    assert len({mean_colour(frames_of(video.folder / "storyboard" / tile.sheet)[0], tile) for tile in tiles}) == 4


async def test_storyboard_of_a_long_video_leaves_pictures_out(video: Encoded, tmp_path: Path) -> None:
    (tmp_path / "360p").symlink_to(video.folder / "360p")
    transcoder = FfmpegTranscoder(Ffmpeg())
    whole = storyboard_of(await transcoder.copy_key_frames(tmp_path, video.rungs[0]))

    await transcoder.draw_storyboard(tmp_path, replace(whole, every=2, tiles=whole.tiles[:2]))

    (sheet,) = frames_of(tmp_path / "storyboard/sheet-001.jpg")
    frames = frames_of(video.source)
    for tile, frame in zip(whole.tiles[:2], (frames[0], frames[120]), strict=True):
        assert mean_colour(sheet, Tile(0, "", tile.x, tile.y, 160, 90)) == pytest.approx(mean_colour(frame), abs=12)


async def test_video_of_one_frame_has_one_tile(tmp_path: Path) -> None:
    made = await encoded(make_video(tmp_path / "one.mp4", seconds=0.04, tone_seconds=0, fps="25"), tmp_path)

    await make_scannable(FfmpegTranscoder(Ffmpeg()), tmp_path, made.renditions)

    (tile,) = tiles_of(tmp_path / "storyboard/storyboard.vtt")
    (sheet,) = frames_of(tmp_path / "storyboard" / tile.sheet)
    assert (sheet.width, sheet.height) == (tile.width, tile.height) == (160, 90)


@pytest.mark.parametrize("data", [b"", b"no box at all", b"\x00\x00\x00\x08ftyp", b"\x00\x00\x10\x00moof"])
def test_file_without_whole_fragments_is_not_passed_on(video: Encoded, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "iframes.mp4").write_bytes(data)

    with pytest.raises(ValueError, match=r"no fragment|a box of"):
        fragment_ranges(tmp_path / "iframes.mp4")
    with pytest.raises(TranscoderFailed):
        finished_key_frames(tmp_path, video.rungs[0])


@dataclass(frozen=True, slots=True)
class Tile:
    start_seconds: float
    sheet: str
    x: int
    y: int
    width: int
    height: int


def tiles_of(webvtt: Path) -> list[Tile]:
    first, *cues = webvtt.read_text().strip().split("\n\n")
    assert first == "WEBVTT"
    tiles = []
    for cue in cues:
        times, target = cue.splitlines()
        hours, minutes, seconds = times.split(" --> ")[0].split(":")
        found = re.fullmatch(r"(.+)#xywh=(\d+),(\d+),(\d+),(\d+)", target)
        assert found is not None
        tiles.append(
            Tile(
                int(hours) * 3600 + int(minutes) * 60 + float(seconds), found[1], *(int(found[i]) for i in range(2, 6))
            )
        )
    return tiles


def part_of(path: Path, byte_range: str) -> bytes:
    size, offset = (int(number) for number in byte_range.split("@"))
    return path.read_bytes()[offset : offset + size]


def mean_colour(frame: av.VideoFrame, tile: Tile | None = None) -> tuple[float, float, float]:
    """Red, green and blue of the middle of a picture, or of a tile on it."""
    x, y, width, height = (tile.x, tile.y, tile.width, tile.height) if tile else (0, 0, frame.width, frame.height)
    plane = frame.reformat(format="rgb24").planes[0]
    data = bytes(plane)
    rows = [
        data[row * plane.line_size + 3 * (x + width // 4) : row * plane.line_size + 3 * (x + 3 * width // 4)]
        for row in range(y + height // 4, y + 3 * height // 4)
    ]
    whole = b"".join(rows)
    red, green, blue = (sum(whole[channel::3]) / (len(whole) // 3) for channel in range(3))
    return red, green, blue
