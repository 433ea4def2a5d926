"""The probe on real files: never trust their names, nor what they declare."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import SourceTruncated
from tests.support.videos import ffmpeg, make_video, truncated


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


@pytest.mark.parametrize(
    ("rate", "snapped"), [("29.9", Fraction(30000, 1001)), ("120", Fraction(60)), ("12", Fraction(12))]
)
async def test_frame_rate_is_snapped(tmp_path: Path, rate: str, snapped: Fraction) -> None:
    assert (await inspect(make_video(tmp_path / "video.mp4", fps=rate, seconds=2))).fps == snapped


async def test_video_behind_its_sound_is_found(video: Path, tmp_path: Path) -> None:
    ffmpeg("-i", video, "-map", "0:a", "-map", "0:v", "-c", "copy", tmp_path / "swapped.mp4")

    facts = await inspect(tmp_path / "swapped.mp4")

    assert (facts.video_stream, facts.audio_stream) == (1, 0)


async def test_matroska_that_begins_late_is_whole_and_cut_off_it_is_not(video: Path, tmp_path: Path) -> None:
    """Its header tells the last time stamp, not the duration."""
    late = tmp_path / "late.mkv"
    ffmpeg("-i", video, "-c", "copy", "-output_ts_offset", "5", late)

    assert abs((await inspect(late)).duration_ms - 3000) < 50
    with pytest.raises(SourceTruncated):
        await inspect(truncated(late, tmp_path / "half.mkv", share=0.6))
