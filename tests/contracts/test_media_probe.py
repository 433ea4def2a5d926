"""The probe on real files: never trust their names, nor what they declare."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import NotAVideo, SourceTruncated
from tests.support.videos import HDR10, ffmpeg, make_video, rotated, truncated


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "video.mp4")


async def inspect(path: Path) -> SourceFacts:
    return await PyavProbe().inspect(path)


async def test_plain_video(video: Path) -> None:
    assert await inspect(video) == SourceFacts(
        duration_ms=3000,
        width=320,
        height=180,
        fps_numerator=30,
        fps_denominator=1,
        video_stream=0,
        audio_stream=1,
    )


@pytest.mark.parametrize("degrees", [90, 270])
async def test_size_is_that_of_the_turned_picture(video: Path, tmp_path: Path, degrees: int) -> None:
    facts = await inspect(rotated(video, tmp_path / "turned.mp4", degrees=degrees))

    assert (facts.width, facts.height) == (180, 320)


async def test_size_is_in_square_pixels(tmp_path: Path) -> None:
    facts = await inspect(make_video(tmp_path / "wide.mp4", size="160x180", options=("-vf", "setsar=2")))

    assert (facts.width, facts.height) == (320, 180)


@pytest.mark.parametrize(
    ("rate", "snapped"), [("29.9", Fraction(30000, 1001)), ("120", Fraction(60)), ("12", Fraction(12))]
)
async def test_frame_rate_is_snapped(tmp_path: Path, rate: str, snapped: Fraction) -> None:
    assert (await inspect(make_video(tmp_path / "video.mp4", fps=rate, seconds=2))).fps == snapped


async def test_interlaced_video_is_noticed(tmp_path: Path) -> None:
    interlacing = ("-vf", "tinterlace=interleave_top", "-x264opts", "tff=1")

    assert (await inspect(make_video(tmp_path / "video.mp4", fps="50", options=interlacing))).interlaced


async def test_high_dynamic_range_is_noticed(tmp_path: Path) -> None:
    assert (await inspect(make_video(tmp_path / "video.mp4", options=HDR10))).hdr


async def test_one_picture_is_a_video(tmp_path: Path) -> None:
    facts = await inspect(make_video(tmp_path / "one.mp4", seconds=0.04, tone_seconds=0, fps="25"))

    assert facts.duration_ms == 40
    assert facts.frame_count == 1


async def test_video_behind_its_sound_is_found(video: Path, tmp_path: Path) -> None:
    ffmpeg("-i", video, "-map", "0:a", "-map", "0:v", "-c", "copy", tmp_path / "swapped.mp4")

    facts = await inspect(tmp_path / "swapped.mp4")

    assert (facts.video_stream, facts.audio_stream) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "just some words",
        "ffconcat version 1.0\nfile other.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nother.mp4\n#EXT-X-ENDLIST\n",
    ],
)
async def test_text_is_refused_whatever_its_name(video: Path, tmp_path: Path, text: str) -> None:
    """Both playlist syntaxes would otherwise make the demuxer open another file of this machine."""
    shutil.copy(video, tmp_path / "other.mp4")
    source = tmp_path / "lecture.mp4"
    source.write_text(text)

    with pytest.raises(NotAVideo):
        await inspect(source)


async def test_cut_off_video_is_a_verdict(video: Path, tmp_path: Path) -> None:
    """ffmpeg itself would encode the part that is there, and end with 0."""
    with pytest.raises(SourceTruncated):
        await inspect(truncated(video, tmp_path / "half.mp4", share=0.6))


async def test_video_without_its_index_is_a_verdict(tmp_path: Path) -> None:
    whole = make_video(tmp_path / "whole.mp4", options=("-movflags", "-faststart"))

    with pytest.raises(SourceTruncated):
        await inspect(truncated(whole, tmp_path / "half.mp4", share=0.6))
