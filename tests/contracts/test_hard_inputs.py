"""Every hard input, from the probe to the MP4: refused with a verdict, or a whole video by independent readers.

Where frames are counted, frame n has to be shown at n / fps.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import av
import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.adapters.ffmpeg.arguments import hls_arguments
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.memory.transcoder import FACTS
from kosu.modules.media.domain.hls import OFFSET_SECONDS, Rendition
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.storyboard import STORYBOARD
from kosu.modules.media.errors import NotAVideo, SourceCorrupt, SourceTruncated, Verdict
from kosu.modules.media.processing.scanning import make_scannable
from tests.support.encodes import Encoded, encoded, frames_of, joined
from tests.support.hard_inputs import HARD_INPUTS, HardInput, two_tracks
from tests.support.videos import damaged, ffmpeg, make_video, truncated, with_cover

SAMPLE_RATE = 48_000
AAC_FRAME_SECONDS = 1024 / SAMPLE_RATE
FFCONCAT = "ffconcat version 1.0\nfile other.mp4\n"
HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nother.mp4\n#EXT-X-ENDLIST\n"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "video.mp4", size="640x360")


@pytest.mark.parametrize("hard", HARD_INPUTS, ids=[hard.name for hard in HARD_INPUTS])
async def test_hard_input_becomes_a_whole_video(hard: HardInput, tmp_path: Path) -> None:
    made = await encoded(hard.make(tmp_path), tmp_path)

    facts = made.facts
    assert ((facts.width, facts.height), facts.fps, facts.has_audio) == (hard.size, hard.fps, hard.sound)
    assert (facts.interlaced, facts.hdr) == (hard.interlaced, hard.hdr)
    assert facts.duration_ms == pytest.approx(1000 * hard.frames / hard.fps, abs=float(1000 / hard.fps))
    assert_master_is_whole(made)
    assert len(made.rungs) == hard.rungs
    for rung in made.rungs:
        assert_rung_is_whole(made, rung, hard)
    if hard.sound:
        assert_sound_is_as_long(made, hard.frames / hard.fps)
    await assert_mp4_is_whole(made, hard)
    await assert_there_is_something_to_look_at(made, hard)


def assert_master_is_whole(made: Encoded) -> None:
    master = m3u8.load(str(made.folder / "master.m3u8"))
    rungs = [(f"{rung.name}/index.m3u8", (rung.width, rung.height)) for rung in made.rungs]
    assert [(variant.uri, variant.stream_info.resolution) for variant in master.playlists] == rungs
    assert [media.uri for media in master.media] == ["audio/index.m3u8"] * made.facts.has_audio


def assert_rung_is_whole(made: Encoded, rung: Rendition, hard: HardInput) -> None:
    """Every frame once and at its time, key frames where they are due, and one at the head of each segment."""
    frames = frames_of(joined(made.folder, rung.name))
    times = [frame.time for frame in frames]
    assert times == pytest.approx([OFFSET_SECONDS + number / hard.fps for number in range(hard.frames)], abs=0.000_5)
    assert [number for number, frame in enumerate(frames) if frame.key_frame] == hard.key_frames
    assert {(frame.width, frame.height) for frame in frames} == {(rung.width, rung.height)}
    assert {(frame.format.name, frame.interlaced_frame, frame.rotation) for frame in frames} == {("yuv420p", False, 0)}
    assert {frame.color_trc for frame in frames} <= {BT709, UNSPECIFIED}
    playlist = m3u8.load(str(made.folder / rung.name / "index.m3u8"))
    assert playlist.is_endlist
    init = (made.folder / rung.name / playlist.segment_map[0].uri).read_bytes()
    starts = []
    for segment in playlist.segments:
        data = init + (made.folder / rung.name / segment.uri).read_bytes()
        with av.open(io.BytesIO(data), "r") as container:
            first = next(container.decode(video=0))
        assert first.key_frame
        starts.append(first.time)
    assert starts == [times[number] for number in hard.key_frames[::3]]
    assert sum(segment.duration for segment in playlist.segments) == pytest.approx(hard.frames / hard.fps, abs=0.01)


BT709, UNSPECIFIED = 1, 2


def assert_sound_is_as_long(made: Encoded, seconds: Fraction) -> None:
    """Within a frame of either kind."""
    with av.open(str(joined(made.folder, "audio"))) as container:
        frames = list(container.decode(audio=0))
    assert {(frame.sample_rate, frame.layout.nb_channels) for frame in frames} == {(SAMPLE_RATE, 2)}
    slack = max(float(1 / made.facts.fps), AAC_FRAME_SECONDS)
    assert frames[0].time == pytest.approx(OFFSET_SECONDS, abs=AAC_FRAME_SECONDS)
    end = (frames[-1].time or 0) + frames[-1].samples / SAMPLE_RATE
    assert end - OFFSET_SECONDS == pytest.approx(seconds, abs=slack)


async def assert_mp4_is_whole(made: Encoded, hard: HardInput) -> None:
    target = made.folder / "video.mp4"
    await FfmpegTranscoder(Ffmpeg()).remux_mp4(made.folder, made.renditions, target=target)
    with av.open(str(target)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"][: 1 + hard.sound]
        picture = container.streams.video[0]
        assert (picture.width, picture.height) == (made.rungs[0].width, made.rungs[0].height)
        seconds = sorted(
            float(packet.pts * packet.time_base)
            for packet in container.demux(picture)
            if packet.pts is not None and packet.time_base is not None
        )
    assert seconds == pytest.approx([number / hard.fps for number in range(hard.frames)], abs=0.000_5)


async def assert_there_is_something_to_look_at(made: Encoded, hard: HardInput) -> None:
    """A poster in the largest size, and a tile of the storyboard for every key frame."""
    transcoder = FfmpegTranscoder(Ffmpeg())
    await transcoder.poster(made.source, made.facts, target=made.folder / "poster.jpg")
    (poster,) = frames_of(made.folder / "poster.jpg")
    assert (poster.width, poster.height) == (made.rungs[0].width, made.rungs[0].height)
    scanned = await make_scannable(transcoder, made.folder, made.renditions)
    assert scanned is not None
    assert scanned.segment_count == len(hard.key_frames)
    assert (made.folder / STORYBOARD).read_text().count("#xywh=") == len(hard.key_frames)


@pytest.mark.parametrize(("default", "frequency"), [(None, 440), (0, 440), (1, 880)])
async def test_default_track_is_taken_else_the_first(tmp_path: Path, default: int | None, frequency: int) -> None:
    made = await encoded(two_tracks(tmp_path, default=default), tmp_path)

    with av.open(str(joined(tmp_path, "audio"))) as container:
        planes = [memoryview(frame.planes[0]).cast("f")[: frame.samples] for frame in container.decode(audio=0)]
    samples = [value for plane in planes for value in plane]
    # Without the ends, where the encoder fades in and out.
    middle = samples[SAMPLE_RATE // 2 : SAMPLE_RATE + SAMPLE_RATE // 2]
    crossings = sum(before < 0 <= after for before, after in pairwise(middle))
    assert crossings == pytest.approx(frequency, abs=2)
    assert made.facts.audio_stream == (2 if default == 1 else 1)


@pytest.mark.parametrize("name", ["audio only", "mp3 with cover"])
async def test_sound_alone_becomes_a_recording(tmp_path: Path, name: str) -> None:
    source = tmp_path / "source.m4a"
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=7", source)
    if name == "mp3 with cover":
        ffmpeg("-f", "lavfi", "-i", "color=red:size=64x64", "-frames:v", "1", tmp_path / "cover.png")
        source = with_cover(source, tmp_path / "cover.png", tmp_path / "source.mp3")

    made = await encoded(source, tmp_path)

    assert (made.facts.has_picture, made.facts.cover_stream is not None) == (False, name == "mp3 with cover")
    (audio,) = made.renditions
    assert (audio.name, audio.segment_count) == ("audio", 2)
    (variant,) = m3u8.load(str(tmp_path / "master.m3u8")).playlists
    assert (variant.uri, variant.stream_info.codecs) == ("audio/index.m3u8", "mp4a.40.2")
    assert_sound_lasts(joined(tmp_path, "audio"), 7)
    await FfmpegTranscoder(Ffmpeg()).remux_mp4(tmp_path, made.renditions, target=tmp_path / "video.mp4")
    assert_sound_lasts(tmp_path / "video.mp4", 7)


def assert_sound_lasts(path: Path, seconds: float) -> None:
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio"]
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / SAMPLE_RATE == pytest.approx(seconds, abs=0.1)


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    make: Callable[[Path, Path], object]
    verdict: type[Verdict]


def noise(size_bytes: int) -> bytes:
    """As good as random, and always the same."""
    return b"".join(sha256(str(number).encode()).digest() for number in range(size_bytes // 32))


def half_of_a_file_with_its_index_behind(video: Path, source: Path) -> None:
    whole = source.with_suffix(".whole")
    ffmpeg("-i", video, "-c", "copy", "-f", "mp4", whole)
    truncated(whole, source, share=0.6)


REFUSED = (
    Refused("zero bytes", lambda _, source: source.write_bytes(b""), NotAVideo),
    Refused("text", lambda _, source: source.write_text("just some words"), NotAVideo),
    Refused("random", lambda _, source: source.write_bytes(noise(50_000)), NotAVideo),
    Refused("moov missing", half_of_a_file_with_its_index_behind, SourceTruncated),
    Refused("truncated faststart", lambda video, source: truncated(video, source, share=0.6), SourceTruncated),
)


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
async def test_file_that_is_no_whole_video_is_refused(video: Path, tmp_path: Path, case: Refused) -> None:
    """ffmpeg itself would encode what is there of a truncated one, and end with 0."""
    case.make(video, tmp_path / "lecture.mp4")

    with pytest.raises(case.verdict):
        await PyavProbe().inspect(tmp_path / "lecture.mp4")


async def test_corrupt_middle_is_a_verdict(video: Path, tmp_path: Path) -> None:
    """ffmpeg itself ends with 0 here as well."""
    source = damaged(video, tmp_path / "damaged.mp4", size_bytes=20_000)

    with pytest.raises(SourceCorrupt):
        await encoded(source, tmp_path)


@pytest.mark.parametrize("text", [FFCONCAT, HLS], ids=["ffconcat", "m3u8"])
async def test_playlist_under_the_name_of_a_video_opens_nothing(video: Path, tmp_path: Path, text: str) -> None:
    """Both name another file of this machine, which demuxers would open if they were allowed to."""
    other = Path(shutil.copy(video, tmp_path / "other.mp4"))
    source = tmp_path / "lecture.mp4"
    source.write_text(text)
    forget_reads(other)

    with pytest.raises(NotAVideo):
        await PyavProbe().inspect(source)
    outcome = await Ffmpeg().run(hls_arguments(source, FACTS, ladder_for(640, 360)), folder=tmp_path)

    assert outcome.exit_code != 0
    assert not was_read(other)
    if text == FFCONCAT:
        ffmpeg("-i", source, "-f", "null", "-")
        assert was_read(other), "without the guards it is, or nothing was shown here"


LONG_AGO = 1_000_000_000


def forget_reads(path: Path) -> None:
    """Set the time of the last access before that of the last change: the next one is noted also by `relatime`."""
    os.utime(path, (LONG_AGO, LONG_AGO + 1))


def was_read(path: Path) -> bool:
    return path.stat().st_atime != LONG_AGO
