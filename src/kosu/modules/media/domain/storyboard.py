"""The storyboard: small pictures on a few sheets, and a WebVTT file that tells which of them belongs to which time.

Source: W3C, "WebVTT"; W3C, "Media Fragments URI 1.0", 4.2.2 (`xywh`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kosu.modules.media.domain.key_frames import KeyFrames

STORYBOARD_FOLDER = "storyboard"
# Under the revision's prefix.
STORYBOARD = f"{STORYBOARD_FOLDER}/storyboard.vtt"
MAX_TILES = 200
TILE_LONG_SIDE = 160
COLUMNS = ROWS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """What is shown from `start_ms` to `end_ms`: a place on a sheet, sheets being counted from 1."""

    start_ms: int
    end_ms: int
    sheet: int
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyboard:
    """Every `every`-th key frame, scaled to `width` x `height` and laid out by rows."""

    every: int
    width: int
    height: int
    columns: int
    rows: int
    tiles: tuple[Tile, ...]

    @property
    def sheet_count(self) -> int:
        return self.tiles[-1].sheet

    def webvtt(self) -> str:
        """The cues, whose pictures lie beside the file."""
        cues = [
            f"{_timestamp(tile.start_ms)} --> {_timestamp(tile.end_ms)}\n"
            f"{sheet_name(tile.sheet)}#xywh={tile.x},{tile.y},{self.width},{self.height}"
            for tile in self.tiles
        ]
        return "\n\n".join(["WEBVTT", *cues]) + "\n"


def sheet_name(number: int) -> str:
    return f"sheet-{number:03}.jpg"


def storyboard_of(key_frames: KeyFrames) -> Storyboard:
    """As many of the key frames as make at most `MAX_TILES`, evenly spaced."""
    every = -(-len(key_frames.frames) // MAX_TILES)
    shown = key_frames.frames[::every]
    last = key_frames.frames[-1]
    times = [round(1000 * frame.at_seconds) for frame in shown]
    ends = [*times[1:], round(1000 * (last.at_seconds + last.duration_seconds))]
    width, height = _tile_size(key_frames.rendition.width, key_frames.rendition.height)
    columns, rows = min(COLUMNS, len(shown)), min(ROWS, -(-len(shown) // COLUMNS))
    tiles = []
    for number, (start_ms, end_ms) in enumerate(zip(times, ends, strict=True)):
        sheet, place = divmod(number, columns * rows)
        row, column = divmod(place, columns)
        tiles.append(Tile(start_ms, end_ms, sheet + 1, column * width, row * height))
    return Storyboard(every=every, width=width, height=height, columns=columns, rows=rows, tiles=tuple(tiles))


def _tile_size(width: int, height: int) -> tuple[int, int]:
    scale = Fraction(TILE_LONG_SIDE, max(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _timestamp(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
