"""Sound without a moving picture: what the probe finds in it, and what the real transcoder makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.modules.media.domain.containers import HEAD_BYTES, looks_like_media
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import NothingToPlay, SourceCorrupt
from tests.support.encodes import Encoded, encoded, frames_of
from tests.support.videos import ffmpeg, with_cover

SECONDS = 7


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tone") / "tone.wav"
    ffmpeg("-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}", target)
    return target


@pytest.fixture(scope="module")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("cover") / "cover.png"
    ffmpeg("-f", "lavfi", "-i", "color=red:size=300x301", "-frames:v", "1", target)
    return target


@pytest.fixture(scope="module")
async def recording(tone: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoded:
    """What was made of the tone; not to be changed."""
    return await encoded(tone, tmp_path_factory.mktemp("recording"))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("sound.mp3", ()),
        ("sound.mp3", ("-id3v2_version", "0", "-write_xing", "0")),
        ("sound.mp3", ("-write_xing", "0", "-q:a", "5")),
        ("sound.m4a", ()),
        ("sound.wav", ()),
        ("sound.wav", ("-rf64", "always")),
        ("sound.flac", ()),
        ("sound.ogg", ("-c:a", "libvorbis")),
        ("sound.opus", ("-c:a", "libopus")),
        ("sound.mkv", ("-c:a", "flac")),
        ("sound.webm", ("-c:a", "libopus", "-live", "1")),
    ],
)
async def test_sound_of_every_container_is_a_recording(
    tone: Path, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    source = tmp_path / name
    ffmpeg("-i", tone, *options, source)

    facts = await PyavProbe().inspect(source)

    assert looks_like_media(source.read_bytes()[:HEAD_BYTES])
    assert facts == SourceFacts(
        duration_ms=facts.duration_ms,
        width=0,
        height=0,
        fps_numerator=0,
        fps_denominator=1,
        video_stream=None,
        audio_stream=0,
    )
    assert facts.duration_ms == pytest.approx(1000 * SECONDS, abs=50)
    assert facts.frame_count == pytest.approx(SECONDS * 46.875, abs=3)


async def test_what_decoders_drop_before_zero_is_not_counted(tone: Path, tmp_path: Path) -> None:
    ffmpeg("-i", tone, tmp_path / "sound.m4a")

    assert (await PyavProbe().inspect(tmp_path / "sound.m4a")).duration_ms == 1000 * SECONDS


async def test_guessed_duration_is_no_declaration(tmp_path: Path) -> None:
    """By the rate of its silent beginning, this MP3 would be several times as long as it is."""
    silence, noise = "anullsrc=duration=2", "anoisesrc=duration=4"
    vbr = ("-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0")
    join = ("-filter_complex", "concat=v=0:a=1")
    ffmpeg("-f", "lavfi", "-i", silence, "-f", "lavfi", "-i", noise, *join, *vbr, tmp_path / "sound.mp3")

    assert (await PyavProbe().inspect(tmp_path / "sound.mp3")).duration_ms == pytest.approx(6000, abs=100)


@pytest.mark.parametrize("name", ["cover.mp3", "cover.m4a", "cover.flac"])
async def test_cover_becomes_the_poster(tone: Path, cover: Path, tmp_path: Path, name: str) -> None:
    source = with_cover(tone, cover, tmp_path / name)

    facts = await PyavProbe().inspect(source)
    await FfmpegTranscoder(Ffmpeg()).poster(source, facts, target=tmp_path / "poster.jpg")

    assert (facts.has_picture, facts.cover_stream) == (False, 1)
    (poster,) = frames_of(tmp_path / "poster.jpg")
    assert (poster.width, poster.height) == (300, 300)
    red, green, blue = bytes(poster.reformat(format="rgb24").planes[0])[:3]
    assert (red, green, blue) == pytest.approx((254, 0, 0), abs=12)


async def test_waveform_stands_in_for_a_cover(recording: Encoded, tmp_path: Path) -> None:
    await FfmpegTranscoder(Ffmpeg()).poster(recording.source, recording.facts, target=tmp_path / "poster.jpg")

    (poster,) = frames_of(tmp_path / "poster.jpg")
    assert (poster.width, poster.height) == (1280, 720)
    grey = poster.reformat(format="gray").planes[0]
    line = bytes(grey)[360 * grey.line_size :][:1280]
    assert min(line) > 80, "the wave goes through the middle from left to right"
    assert max(bytes(grey)[:1280]) < 40


async def test_broken_cover_is_not_missed(tone: Path, cover: Path, tmp_path: Path) -> None:
    """No picture can be decoded from it: the waveform is drawn instead."""
    source = with_cover(tone, cover, tmp_path / "cover.mp3")
    data = source.read_bytes()
    source.write_bytes(data.replace(b"IDAT", b"IDAX"))

    await FfmpegTranscoder(Ffmpeg()).poster(source, await PyavProbe().inspect(source), target=tmp_path / "poster.jpg")

    assert frames_of(tmp_path / "poster.jpg")[0].width == 1280


async def test_progress_of_a_recording_is_told_by_its_time(tone: Path, recording: Encoded, tmp_path: Path) -> None:
    told: list[int] = []

    await FfmpegTranscoder(Ffmpeg()).encode_hls(tone, recording.facts, (), folder=tmp_path, on_frames=told.append)

    assert told == sorted(set(told))
    assert told[-1] == pytest.approx(recording.facts.frame_count, abs=2)


async def test_neither_picture_nor_sound_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nNothing to see.\n")
    ffmpeg("-i", tmp_path / "words.srt", tmp_path / "words.mkv")

    with pytest.raises(NothingToPlay):
        await PyavProbe().inspect(tmp_path / "words.mkv")


async def test_sound_that_cannot_be_decoded_is_a_verdict(tone: Path, tmp_path: Path) -> None:
    source = tmp_path / "sound.flac"
    ffmpeg("-i", tone, source)
    data = source.read_bytes()
    source.write_bytes(data[:200] + bytes(len(data) - 200))

    with pytest.raises(SourceCorrupt):
        await PyavProbe().inspect(source)
