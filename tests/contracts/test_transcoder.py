"""Each transcoder, and the real one on real videos: what it makes is taken apart by independent readers."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import av
import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.adapters.ffmpeg.arguments import hls_arguments
from kosu.adapters.ffmpeg.child import NICENESS, Ffmpeg, _follow
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.memory.transcoder import MemoryProbe, MemoryTranscoder
from kosu.modules.media.domain.hls import Rendition, master_playlist
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import TranscoderFailed
from kosu.modules.media.ports import Probe, Transcoder
from tests.support.encodes import Encoded
from tests.support.encodes import encoded as encode_really
from tests.support.videos import make_video

AUTOGROUP = Path("/proc/self/autogroup")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds, so that there are two segments."""
    return make_video(tmp_path_factory.mktemp("video") / "source", seconds=7, size="640x360", options=("-f", "mp4"))


@pytest.fixture(params=["memory", "ffmpeg"])
def tools(request: pytest.FixtureRequest) -> tuple[Probe, Transcoder]:
    match request.param:
        case "memory":
            return MemoryProbe(), MemoryTranscoder()
        case _:
            return PyavProbe(), FfmpegTranscoder(Ffmpeg())


async def encode(
    source: Path, folder: Path, probe: Probe, transcoder: Transcoder
) -> tuple[SourceFacts, Sequence[Rendition], list[int]]:
    frames: list[int] = []
    facts = await probe.inspect(source)
    renditions = await transcoder.encode_hls(
        source, facts, ladder_for(facts.width, facts.height), folder=folder, on_frames=frames.append
    )
    (folder / "master.m3u8").write_text(master_playlist(renditions, fps=facts.fps))
    return facts, renditions, frames


@pytest.fixture(scope="module")
async def encoded(video: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """What the real transcoder made of the video; not to be changed."""
    return await encode_really(video, tmp_path_factory.mktemp("encoded"))


async def test_encode_leaves_a_playlist_for_each_rung_and_the_sound_and_tells_of_progress(
    tools: tuple[Probe, Transcoder], video: Path, tmp_path: Path
) -> None:
    facts, renditions, frames = await encode(video, tmp_path, *tools)

    rungs = ladder_for(facts.width, facts.height)
    assert [rendition.name for rendition in renditions] == [*(rung.name for rung in rungs), "audio"]
    master = m3u8.load(str(tmp_path / "master.m3u8"))
    assert [variant.uri for variant in master.playlists] == [f"{rung.name}/index.m3u8" for rung in rungs]
    for rendition in renditions:
        playlist = m3u8.load(str(tmp_path / rendition.name / "index.m3u8"))
        assert playlist.is_endlist
        assert len(playlist.segments) == rendition.segment_count >= 2
        assert rendition.duration_ms == pytest.approx(facts.duration_ms, abs=100)
    assert frames == sorted(frames)
    assert frames[-1] == pytest.approx(facts.frame_count, abs=2)


async def test_poster_and_mp4_are_files_where_they_were_asked_for(
    tools: tuple[Probe, Transcoder], video: Path, tmp_path: Path
) -> None:
    facts, renditions, _ = await encode(video, tmp_path, *tools)
    transcoder = tools[1]

    await transcoder.poster(video, facts, target=tmp_path / "poster.jpg")
    await transcoder.remux_mp4(tmp_path, renditions, target=tmp_path / "video.mp4")

    assert (tmp_path / "poster.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
    assert (tmp_path / "video.mp4").read_bytes()[4:8] == b"ftyp"


async def test_master_playlist_names_what_the_players_choose_by(encoded: Encoded) -> None:
    master = m3u8.load(str(encoded.folder / "master.m3u8"))
    top = master.playlists[0].stream_info
    assert top.resolution == (640, 360)
    assert top.frame_rate == 30
    assert top.codecs.startswith("avc1.6400")
    assert top.codecs.endswith(",mp4a.40.2")
    assert top.bandwidth > top.average_bandwidth > master.playlists[1].stream_info.average_bandwidth > 100_000
    (sound,) = master.media
    assert (sound.type, sound.group_id, sound.uri) == ("AUDIO", top.audio, "audio/index.m3u8")


async def test_mp4_keeps_picture_and_sound_together(encoded: Encoded, tmp_path: Path) -> None:
    target = tmp_path / "video.mp4"

    await FfmpegTranscoder(Ffmpeg()).remux_mp4(encoded.folder, encoded.renditions, target=target)

    with av.open(str(target)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.width, picture.height, picture.frames) == (640, 360, 210)
        starts: dict[str, float] = {}
        for frame in container.decode(picture, sound):
            assert isinstance(frame, av.VideoFrame | av.AudioFrame)
            assert frame.time is not None
            starts.setdefault(type(frame).__name__, frame.time)
    assert starts == pytest.approx({"VideoFrame": 0, "AudioFrame": 0}, abs=0.001)
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "it must start to play before it is all there"


def test_interlaced_frames_are_deinterlaced_and_others_left_alone() -> None:
    facts = SourceFacts(
        duration_ms=1000,
        width=320,
        height=180,
        fps_numerator=25,
        fps_denominator=1,
        video_stream=2,
        audio_stream=None,
    )

    def graph(facts: SourceFacts) -> str:
        arguments = hls_arguments(Path("source"), facts, ladder_for(facts.width, facts.height))
        return arguments[arguments.index("-filter_complex") + 1]

    assert graph(replace(facts, interlaced=True)).startswith("[0:2]bwdif=mode=send_frame:deint=interlaced,fps=25")
    assert graph(facts).startswith("[0:2]fps=25")


async def test_stalled_encode_is_ended(tmp_path: Path) -> None:
    """A pipe that nobody writes to: ffmpeg would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    arguments = ["-f", "rawvideo", "-video_size", "16x16", "-i", str(tmp_path / "pipe"), "-f", "null", "-"]

    with pytest.raises(TranscoderFailed, match="no frame"):
        await Ffmpeg(stall_seconds=0.3).run(arguments, folder=tmp_path)

    assert not ffmpeg_processes(tmp_path)


async def test_sound_alone_is_a_sign_of_life_and_no_progress() -> None:
    """Sound makes no frames, and hours of it are encoded at once."""
    told = asyncio.StreamReader()
    told.feed_data(b"out_time_us=N/A\nout_time_us=1000\nout_time_us=1000\nout_time_us=2000\nframe=3\n")
    told.feed_eof()
    frames: list[int] = []
    signs: list[None] = []

    await _follow(told, frames.append, lambda: signs.append(None), sound_only=False)

    assert frames == [3]
    assert len(signs) == 3


async def test_cancelled_encode_leaves_no_process(tmp_path: Path) -> None:
    task = asyncio.create_task(Ffmpeg().run(ENDLESS, folder=tmp_path))
    await asyncio.to_thread(wait_until, lambda: bool(ffmpeg_processes(tmp_path)))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not ffmpeg_processes(tmp_path)


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="only Linux shares the processor by sessions")
async def test_encode_is_nice_to_all_others_and_not_only_to_its_own(tmp_path: Path) -> None:
    task = asyncio.create_task(Ffmpeg().run(ENDLESS, folder=tmp_path))
    await asyncio.to_thread(wait_until, lambda: bool(ffmpeg_processes(tmp_path)))
    (process,) = ffmpeg_processes(tmp_path)

    assert os.getpriority(os.PRIO_PROCESS, process) >= NICENESS
    assert niceness_of_session(process) in {None, NICENESS}

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_killed_worker_leaves_no_process(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], env=environment)
    wait_until(lambda: bool(ffmpeg_processes(tmp_path)) or worker.poll() is not None)
    assert worker.poll() is None

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    try:
        wait_until(lambda: not ffmpeg_processes(tmp_path))
    finally:
        for process in ffmpeg_processes(tmp_path):
            os.kill(process, signal.SIGKILL)


def niceness_of_session(process: int) -> int | None:
    """None where the processor is not shared by sessions. Source: proc(5), `/proc/pid/autogroup`."""
    told = Path(f"/proc/{process}/autogroup").read_text().split()
    return int(told[-1]) if told else None


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("it did not come to that")


ENDLESS = ("-re", "-f", "lavfi", "-i", "testsrc=size=16x16:rate=5", "-f", "null", "-")
WORKER = f"""
import asyncio, sys
from pathlib import Path
from kosu.adapters.ffmpeg.child import Ffmpeg
asyncio.run(Ffmpeg().run({ENDLESS!r}, folder=Path(sys.argv[1])))
"""


def ffmpeg_processes(folder: Path) -> list[int]:
    """Processes that run an ffmpeg in this folder, whoever started them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            program, directory = (process / "exe").readlink(), (process / "cwd").readlink()
        except OSError:
            continue
        if program.name.startswith("ffmpeg") and directory == folder:
            found.append(int(process.name))
    return found
