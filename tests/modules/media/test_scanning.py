"""Which key frames are copied, how a playlist addresses them, and where the storyboard shows them."""

from __future__ import annotations

from fractions import Fraction

import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.modules.media.domain.hls import Rendition, master_playlist
from kosu.modules.media.domain.key_frames import KeyFrame, KeyFrames, key_frame_playlist, rendition_to_scan
from kosu.modules.media.domain.storyboard import Storyboard, Tile, storyboard_of


def rung(width: int, height: int, *, seconds: float = 100) -> Rendition:
    return Rendition(
        name=f"{min(width, height)}p" if height else "audio",
        codec="avc1.64001e" if height else "mp4a.40.2",
        peak_bps=800_000,
        average_bps=600_000,
        segment_count=1,
        duration_ms=round(1000 * seconds),
        width=width,
        height=height,
    )


def key_frames(count: int, *, width: int = 640, height: int = 360) -> KeyFrames:
    """One every two seconds, of a thousand bytes each; the last one is shown for half a second."""
    return KeyFrames(
        rendition=rung(width, height, seconds=2 * count - 1.5),
        init_bytes=800,
        frames=tuple(
            KeyFrame(2.0 * number, 2.0 if number < count - 1 else 0.5, 800 + 1000 * number, 1000)
            for number in range(count)
        ),
    )


@pytest.mark.parametrize(
    ("sizes", "chosen"),
    [
        ([(1280, 720), (640, 360), (426, 240), (0, 0)], "360p"),
        ([(720, 1280), (360, 640), (240, 426)], "360p"),
        ([(852, 478), (426, 240)], "240p"),
        ([(852, 478), (800, 400), (0, 0)], "400p"),
        ([(160, 90)], "90p"),
    ],
)
def test_largest_rung_that_is_small_enough_is_scanned(sizes: list[tuple[int, int]], chosen: str) -> None:
    assert rendition_to_scan([rung(*size) for size in sizes]).name == chosen


def test_playlist_addresses_every_key_frame_in_the_file() -> None:
    playlist = m3u8.loads(key_frame_playlist(key_frames(3), uri="iframes.mp4"))

    assert playlist.is_i_frames_only
    assert playlist.is_endlist
    assert playlist.target_duration == 2
    assert (playlist.segment_map[0].uri, playlist.segment_map[0].byterange) == ("iframes.mp4", "800@0")
    assert [(segment.uri, segment.byterange, segment.duration) for segment in playlist.segments] == [
        ("iframes.mp4", "1000@800", 2.0),
        ("iframes.mp4", "1000@1800", 2.0),
        ("iframes.mp4", "1000@2800", 0.5),
    ]


def test_master_playlist_names_the_key_frames_apart_from_the_variants() -> None:
    scanned = key_frames(3).as_rendition()

    master = m3u8.loads(master_playlist([rung(640, 360), rung(0, 0)], fps=Fraction(30), key_frames=scanned))

    assert [variant.uri for variant in master.playlists] == ["360p/index.m3u8"]
    (entry,) = master.iframe_playlists
    info = entry.iframe_stream_info
    assert (entry.uri, info.resolution, info.codecs) == ("iframes/index.m3u8", (640, 360), "avc1.64001e")
    assert (info.bandwidth, info.average_bandwidth) == (16_000, 5333)


def test_storyboard_shows_every_key_frame_of_a_short_video() -> None:
    assert storyboard_of(key_frames(3)).webvtt() == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:02.000\nsheet-001.jpg#xywh=0,0,160,90\n\n"
        "00:00:02.000 --> 00:00:04.000\nsheet-001.jpg#xywh=160,0,160,90\n\n"
        "00:00:04.000 --> 00:00:04.500\nsheet-001.jpg#xywh=320,0,160,90\n"
    )


@pytest.mark.parametrize(
    ("count", "every", "tiles", "grid", "sheets"),
    [
        (1, 1, 1, (1, 1), 1),
        (11, 1, 11, (10, 2), 1),
        (101, 1, 101, (10, 10), 2),
        (200, 1, 200, (10, 10), 2),
        (201, 2, 101, (10, 10), 2),
        (18_000, 90, 200, (10, 10), 2),
    ],
)
def test_storyboard_stays_small_however_long_the_video(
    count: int, every: int, tiles: int, grid: tuple[int, int], sheets: int
) -> None:
    storyboard = storyboard_of(key_frames(count))

    assert (storyboard.every, len(storyboard.tiles), storyboard.sheet_count) == (every, tiles, sheets)
    assert (storyboard.columns, storyboard.rows) == grid
    assert len({(tile.sheet, tile.x, tile.y) for tile in storyboard.tiles}) == tiles
    assert all(earlier.end_ms == later.start_ms for earlier, later in pairs(storyboard))
    assert storyboard.tiles[-1].end_ms == 2000 * count - 1500


def test_hundred_and_first_tile_begins_a_second_sheet() -> None:
    storyboard = storyboard_of(key_frames(120))

    assert [(tile.sheet, tile.x, tile.y) for tile in storyboard.tiles[98:102]] == [
        (1, 1280, 810),
        (1, 1440, 810),
        (2, 0, 0),
        (2, 160, 0),
    ]
    assert storyboard.webvtt().count("sheet-002.jpg#xywh=") == 20


@pytest.mark.parametrize(("size", "tile"), [((640, 360), (160, 90)), ((202, 360), (88, 160)), ((2, 240), (2, 160))])
def test_tiles_keep_the_shape_of_the_picture(size: tuple[int, int], tile: tuple[int, int]) -> None:
    storyboard = storyboard_of(key_frames(1, width=size[0], height=size[1]))

    assert (storyboard.width, storyboard.height) == tile


def pairs(storyboard: Storyboard) -> list[tuple[Tile, Tile]]:
    return list(zip(storyboard.tiles, storyboard.tiles[1:], strict=False))
