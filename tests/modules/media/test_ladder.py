"""The ladder, frame rates and the master playlist."""

from __future__ import annotations

from fractions import Fraction

import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.modules.media.domain.hls import Rendition, bit_rates, master_playlist, read_media_playlist
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.sources import snap_frame_rate


@pytest.mark.parametrize(
    ("width", "height", "rungs"),
    [
        (3840, 2160, ["1080p 1920x1080", "720p 1280x720", "480p 852x480", "360p 640x360", "240p 426x240"]),
        (1920, 1080, ["1080p 1920x1080", "720p 1280x720", "480p 852x480", "360p 640x360", "240p 426x240"]),
        (1080, 1920, ["1080p 1080x1920", "720p 720x1280", "480p 480x852", "360p 360x640", "240p 240x426"]),
        (1600, 900, ["900p 1600x900", "720p 1280x720", "480p 852x480", "360p 640x360", "240p 426x240"]),
        (1440, 800, ["800p 1440x800", "480p 864x480", "360p 648x360", "240p 432x240"]),
        (853, 479, ["478p 852x478", "360p 640x360", "240p 426x240"]),
        (160, 90, ["90p 160x90"]),
        (3, 1, ["2p 2x2"]),
    ],
)
def test_ladder_goes_down_from_the_source_in_even_sizes(width: int, height: int, rungs: list[str]) -> None:
    assert [f"{rung.name} {rung.width}x{rung.height}" for rung in ladder_for(width, height)] == rungs


def test_rates_and_qualities_follow_the_height() -> None:
    rungs = {rung.name: (rung.max_kbps, rung.crf) for rung in ladder_for(1600, 900)}

    assert rungs == {"900p": (5000, 21), "720p": (2800, 22), "480p": (1400, 23), "360p": (800, 23), "240p": (400, 24)}


@pytest.mark.parametrize(
    ("measured", "snapped"),
    [
        ("23.98", "24000/1001"),
        ("24.01", "24"),
        ("25.4", "25"),
        ("29.9", "30000/1001"),
        ("30.2", "30"),
        ("61", "60"),
        ("120", "60"),
        ("100", "50"),
        ("240", "60"),
        ("17.2", "17"),
        ("0.2", "1"),
    ],
)
def test_frame_rate_is_snapped_to_a_standard_one_nearby(measured: str, snapped: str) -> None:
    assert snap_frame_rate(Fraction(measured)) == Fraction(snapped)


def rendition(name: str, *, width: int = 0, height: int = 0, bps: int = 128_000, codec: str = "mp4a.40.2") -> Rendition:
    return Rendition(
        name=name,
        codec=codec,
        peak_bps=bps,
        average_bps=bps // 2,
        segment_count=3,
        duration_ms=13_000,
        width=width,
        height=height,
    )


def test_master_playlist_adds_the_sound_to_every_variant() -> None:
    large = rendition("720p", width=1280, height=720, bps=3_000_000, codec="avc1.64001f")
    small = rendition("240p", width=426, height=240, bps=400_000, codec="avc1.640015")

    master = m3u8.loads(master_playlist([large, small, rendition("audio")], fps=Fraction(30000, 1001)))

    first, second = master.playlists
    assert (first.uri, second.uri) == ("720p/index.m3u8", "240p/index.m3u8")
    assert (first.stream_info.bandwidth, first.stream_info.average_bandwidth) == (3_128_000, 1_564_000)
    assert first.stream_info.codecs == "avc1.64001f,mp4a.40.2"
    assert (first.stream_info.resolution, first.stream_info.frame_rate) == ((1280, 720), 29.97)
    (sound,) = master.media
    assert (sound.uri, sound.group_id, sound.default) == ("audio/index.m3u8", first.stream_info.audio, "YES")


def test_master_playlist_of_a_silent_video_names_no_sound() -> None:
    master = m3u8.loads(
        master_playlist([rendition("240p", width=426, height=240, codec="avc1.640015")], fps=Fraction(25))
    )

    assert not master.media
    assert (master.playlists[0].stream_info.codecs, master.playlists[0].stream_info.audio) == ("avc1.640015", None)


def test_sound_without_a_picture_is_the_only_variant() -> None:
    master = m3u8.loads(master_playlist([rendition("audio")], fps=Fraction(0)))

    (variant,) = master.playlists
    assert (variant.uri, variant.stream_info.codecs) == ("audio/index.m3u8", "mp4a.40.2")
    assert (variant.stream_info.bandwidth, variant.stream_info.average_bandwidth) == (128_000, 64_000)
    assert (variant.stream_info.resolution, variant.stream_info.frame_rate) == (None, None)
    assert not master.media
    assert not ladder_for(0, 0)


def test_media_playlist_is_read() -> None:
    text = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:6.0,\n0.m4s\n#EXTINF:1.5,\n1.m4s\n'

    playlist = read_media_playlist(text)

    assert (playlist.init_uri, [segment.uri for segment in playlist.segments]) == ("init.mp4", ["0.m4s", "1.m4s"])
    assert (playlist.duration_ms, playlist.ended) == (7500, False)
    assert read_media_playlist(text + "#EXT-X-ENDLIST\n").ended


@pytest.mark.parametrize("text", ["", "words", "#EXTM3U\n0.m4s\n", "#EXTM3U\n#EXTINF:6.0,\n0.m4s\n"])
def test_other_texts_are_no_media_playlist(text: str) -> None:
    with pytest.raises(ValueError, match="#EXT"):
        read_media_playlist(text)


def test_peak_is_that_of_the_densest_segment() -> None:
    assert bit_rates([(6000, 6.0), (4000, 2.0)]) == (16_000, 10_000)
