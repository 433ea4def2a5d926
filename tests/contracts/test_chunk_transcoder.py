"""Each chunk transcoder, and the real one held against a single pass of the same video, packet by packet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import av
import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.chunk_transcoder import FfmpegChunkTranscoder
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.memory.chunk_transcoder import MemoryChunkTranscoder
from kosu.adapters.memory.transcoder import MemoryProbe
from kosu.ids import RunId
from kosu.modules.media.domain.chunks import Chunk, EncodedChunk, Span, plan_chunks, prove_seams
from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import ChunksUnfit
from kosu.modules.media.ports import ChunkTranscoder, Probe
from tests.support.videos import ffmpeg, make_video

SECONDS = 20
B_FRAMES = ("-x264opts", "bframes=3:b-adapt=0:open-gop=1:keyint=45")
NTSC = Fraction(60000, 1001)


@dataclass(frozen=True, slots=True)
class Joined:
    """A video that was encoded in chunks of two segments, and what its chunks were."""

    facts: SourceFacts
    spans: Sequence[Span]
    encoded: Sequence[EncodedChunk]
    renditions: Sequence[Rendition]
    folder: Path


async def in_chunks(source: Path, facts: SourceFacts, transcoder: ChunkTranscoder, folder: Path) -> Joined:
    spans = plan_chunks(facts, threshold_seconds=1, chunk_segments=2)
    ladder = ladder_for(facts.width, facts.height)
    encoded, folders = [], []
    for span in spans:
        folders.append(folder / "chunks" / str(span.first_segment))
        frames: list[int] = []
        encoded.append(
            await transcoder.encode_chunk(source, facts, ladder, span, folder=folders[-1], on_frames=frames.append)
        )
        assert frames[-1] == pytest.approx(span.frame_count, abs=2)
    sound = folder / "sound" if facts.has_audio else None
    if sound is not None:
        await transcoder.encode_sound(source, facts, folder=sound)
    prove_seams(as_chunks(spans, encoded), rungs=[rung.name for rung in ladder], tolerated=12)
    target = folder / "hls"
    await asyncio.to_thread(target.mkdir)
    renditions = await transcoder.join(folders, facts, ladder, sound=sound, folder=target)
    return Joined(facts, spans, encoded, renditions, target)


def as_chunks(spans: Sequence[Span], encoded: Sequence[EncodedChunk]) -> list[Chunk]:
    return [
        Chunk(run_id=RunId(UUID(int=1)), index=index, span=span).done(made, [])
        for index, (span, made) in enumerate(zip(spans, encoded, strict=True))
    ]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An NTSC rate, B-frames that refer beyond key frames, and key frames where no segment begins.

    At this rate the fourth segment begins a frame earlier than six seconds after the third, which a chunk begins with.
    """
    target = tmp_path_factory.mktemp("video") / "source.mp4"
    return make_video(target, seconds=SECONDS, size="160x90", fps="60000/1001", options=B_FRAMES)


@pytest.fixture(params=["memory", "ffmpeg"])
def tools(request: pytest.FixtureRequest) -> tuple[Probe, ChunkTranscoder]:
    match request.param:
        case "memory":
            return MemoryProbe(), MemoryChunkTranscoder()
        case _:
            return PyavProbe(), FfmpegChunkTranscoder(Ffmpeg())


async def test_chunks_are_encoded_as_planned_and_joined_to_whole_playlists(
    tools: tuple[Probe, ChunkTranscoder], video: Path, tmp_path: Path
) -> None:
    probe, transcoder = tools
    facts = await probe.inspect(video)
    assert await transcoder.reaches(video, facts, plan_chunks(facts, threshold_seconds=1, chunk_segments=2))

    joined = await in_chunks(video, facts, transcoder, tmp_path)

    rungs = ladder_for(facts.width, facts.height)
    assert [rendition.name for rendition in joined.renditions] == [*(rung.name for rung in rungs), "audio"]
    for rendition in joined.renditions:
        playlist = m3u8.load(str(joined.folder / rendition.name / "index.m3u8"))
        assert playlist.is_endlist
        assert len(playlist.segments) == rendition.segment_count
        assert rendition.duration_ms == pytest.approx(facts.duration_ms, abs=100)
        assert all((joined.folder / rendition.name / segment.uri).stat().st_size for segment in playlist.segments)


# The real one

Packets = list[tuple[Fraction, Fraction, bool]]


def packets(folder: Path) -> tuple[list[str], Packets]:
    """Names of the segments of a rendition, and its packets: when shown, when decoded, whether a key frame."""
    playlist = m3u8.load(str(folder / "index.m3u8"))
    names = [segment.uri for segment in playlist.segments]
    with av.open(str(whole(folder)), mode="r") as container:
        found = [
            (packet.pts * packet.time_base, packet.dts * packet.time_base, packet.is_keyframe)
            for packet in container.demux()
            if packet.pts is not None and packet.dts is not None
        ]
    return names, found


def whole(folder: Path) -> Path:
    """A rendition as a player would put it together."""
    playlist = m3u8.load(str(folder / "index.m3u8"))
    target = folder.with_suffix(".mp4")
    parts = [playlist.segment_map[0].uri, *(segment.uri for segment in playlist.segments)]
    target.write_bytes(b"".join((folder / part).read_bytes() for part in parts))
    return target


def pictures(path: Path) -> list[bytes]:
    """All frames, small and grey."""
    with av.open(str(path), mode="r") as container:
        return [bytes(frame.reformat(32, 18, format="gray").planes[0]) for frame in container.decode(video=0)]


def distance(left: bytes, right: bytes) -> float:
    """The mean square difference of two small pictures."""
    return sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) / len(left)


async def in_one_pass(source: Path, facts: SourceFacts, folder: Path) -> Path:
    await asyncio.to_thread(folder.mkdir)
    ladder = ladder_for(facts.width, facts.height)
    await FfmpegTranscoder(Ffmpeg()).encode_hls(source, facts, ladder, folder=folder, on_frames=lambda _: None)
    return folder


async def compared(source: Path, folder: Path) -> tuple[Joined, Path]:
    """The video in chunks, and in a single pass."""
    facts = await PyavProbe().inspect(source)
    joined = await in_chunks(source, facts, FfmpegChunkTranscoder(Ffmpeg()), folder)
    return joined, await in_one_pass(source, facts, folder / "single")


@pytest.fixture(scope="module")
async def pair(video: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Joined, Path]:
    return await compared(video, tmp_path_factory.mktemp("pair"))


async def test_every_packet_has_the_times_of_a_single_pass(pair: tuple[Joined, Path]) -> None:
    joined, single = pair

    assert joined.facts.fps == NTSC
    assert [span.segment_starts for span in joined.spans] == [(0, 360), (720, 1079)]
    for rendition in joined.renditions:
        assert packets(joined.folder / rendition.name) == packets(single / rendition.name)


async def test_playlists_are_those_of_a_single_pass(pair: tuple[Joined, Path]) -> None:
    """But for the name of the initialisation, which the muxer chooses by the number of outputs."""
    joined, single = pair

    for rendition in joined.renditions:
        chunked, reference = [
            re.sub(r"init\w*\.mp4", "init.mp4", (folder / rendition.name / "index.m3u8").read_text())
            for folder in (joined.folder, single)
        ]
        assert chunked == reference


async def test_fragments_are_numbered_as_in_a_single_pass(pair: tuple[Joined, Path]) -> None:
    def numbers(folder: Path) -> list[int]:
        segments = [file.read_bytes() for file in sorted(folder.glob("*.m4s"))]
        return [int.from_bytes(data[data.index(b"mfhd") + 8 :][:4]) for data in segments]

    joined, single = pair

    assert numbers(joined.folder / "90p") == numbers(single / "90p")


async def test_every_picture_is_that_of_a_single_pass(pair: tuple[Joined, Path]) -> None:
    joined, single = pair

    chunked, reference = pictures(whole(joined.folder / "90p")), pictures(whole(single / "90p"))

    assert len(chunked) == len(reference) == joined.facts.frame_count
    assert max(map(distance, chunked, reference)) < 10
    assert max(map(distance, chunked[1:], reference)) > 100, "the comparison would see a shift by one frame"


async def test_picture_and_sound_stay_together_in_the_mp4(pair: tuple[Joined, Path], tmp_path: Path) -> None:
    joined, _ = pair
    target = tmp_path / "video.mp4"

    await FfmpegTranscoder(Ffmpeg()).remux_mp4(joined.folder, joined.renditions, target=target)

    with av.open(str(target), mode="r") as container:
        starts: dict[str, float] = {}
        ends: dict[str, float] = {}
        for frame in container.decode(*container.streams):
            assert isinstance(frame, av.VideoFrame | av.AudioFrame)
            assert frame.time is not None
            starts.setdefault(type(frame).__name__, frame.time)
            ends[type(frame).__name__] = frame.time
    assert starts == pytest.approx({"VideoFrame": 0, "AudioFrame": 0}, abs=0.001)
    assert ends == pytest.approx({"VideoFrame": SECONDS, "AudioFrame": SECONDS}, abs=0.1)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        # Pictures are dropped in no order, and one is held over the seam.
        pytest.param(
            "source.mkv",
            ("-vf", "select='not(between(t,5,13))*gt(mod(n*7919,13),4)'", "-fps_mode", "vfr"),
            id="variable-rate",
        ),
        pytest.param("source.mp4", ("-c", "copy", "-movflags", "frag_keyframe+empty_moov"), id="fragmented"),
        pytest.param("source.mp4", ("-c", "copy", "-output_ts_offset", "5"), id="begins-late"),
        pytest.param(
            "source.mp4",
            ("-vf", "scale=160:96,tinterlace=interleave_top", "-x264opts", "tff=1:keyint=40"),
            id="interlaced",
        ),
    ],
)
async def test_uncommon_sources_come_out_as_in_a_single_pass(
    video: Path, tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    source = tmp_path / name
    ffmpeg("-i", video, "-an", "-c:v", "libx264", "-preset", "ultrafast", *arguments, source)

    joined, single = await compared(source, tmp_path)

    rung = joined.renditions[0].name
    assert packets(joined.folder / rung) == packets(single / rung)
    chunked, reference = pictures(whole(joined.folder / rung)), pictures(whole(single / rung))
    assert max(map(distance, chunked, reference)) < 10


@pytest.mark.parametrize("name", ["source.ts", "source.avi"])
async def test_sources_without_exact_seeks_are_not_reached(video: Path, tmp_path: Path, name: str) -> None:
    stream = tmp_path / name
    ffmpeg("-i", video, "-an", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", stream)
    facts = await PyavProbe().inspect(stream)
    spans = plan_chunks(facts, threshold_seconds=1, chunk_segments=2)

    assert not await FfmpegChunkTranscoder(Ffmpeg()).reaches(stream, facts, spans)


async def test_far_key_frames_are_not_worth_it(video: Path, tmp_path: Path) -> None:
    """A screen recording with one key frame: its last chunks would decode nearly all of it."""
    source = tmp_path / "source.mp4"
    ffmpeg("-i", video, "-vf", "fps=1,setpts=4*PTS", "-r", "1", "-g", "999", "-an", "-preset", "ultrafast", source)
    facts = await PyavProbe().inspect(source)
    spans = plan_chunks(facts, threshold_seconds=1, chunk_segments=2)
    assert facts.duration_ms > 60_000

    assert not await FfmpegChunkTranscoder(Ffmpeg()).reaches(source, facts, spans)


async def test_chunk_that_is_not_as_planned_is_refused(video: Path, tmp_path: Path) -> None:
    """The plan counts on frames that the source does not have."""
    facts = await PyavProbe().inspect(video)
    *_, last = plan_chunks(facts, threshold_seconds=1, chunk_segments=2)
    longer = replace(last, frame_count=last.frame_count + 30, is_last=False)

    with pytest.raises(ChunksUnfit):
        await FfmpegChunkTranscoder(Ffmpeg()).encode_chunk(
            video,
            facts,
            ladder_for(facts.width, facts.height),
            longer,
            folder=tmp_path / "chunk",
            on_frames=lambda _: None,
        )
