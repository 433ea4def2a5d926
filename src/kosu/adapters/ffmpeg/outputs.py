"""Looking at what was encoded before anybody relies on it."""

from __future__ import annotations

from pathlib import Path

from kosu.modules.media.domain.hls import PLAYLIST, Rendition, bit_rates, read_media_playlist
from kosu.modules.media.errors import TranscoderFailed

AAC_LC = "mp4a.40.2"
JPEG_START = b"\xff\xd8\xff"


def finished_rendition(folder: Path, *, width: int = 0, height: int = 0) -> Rendition:
    """Check one rendition and measure it; without a size it is sound. The playlist is marked as complete for good.

    Raises:
        TranscoderFailed: it is not whole.
    """
    playlist_file = folder / PLAYLIST
    try:
        text = playlist_file.read_text()
        playlist = read_media_playlist(text)
        init = (folder / playlist.init_uri).read_bytes()
        sizes = [(folder / segment.uri).stat().st_size for segment in playlist.segments]
    except (OSError, ValueError) as error:
        msg = f"{folder.name}: {error}"
        raise TranscoderFailed(msg) from error
    durations = [segment.duration_seconds for segment in playlist.segments]
    if not playlist.ended or not sizes or not all(sizes) or not all(duration > 0 for duration in durations):
        msg = f"{folder.name}: the playlist or a segment is not complete"
        raise TranscoderFailed(msg)
    # It was written as a growing list; now that it has ended, players need not ask for it again.
    playlist_file.write_text(text.replace("#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-PLAYLIST-TYPE:VOD"))
    peak_bps, average_bps = bit_rates(list(zip(sizes, durations, strict=True)))
    return Rendition(
        name=folder.name,
        codec=_h264_codec(init) if height else AAC_LC,
        peak_bps=peak_bps,
        average_bps=average_bps,
        segment_count=len(sizes),
        duration_ms=playlist.duration_ms,
        width=width,
        height=height,
    )


def is_jpeg(path: Path) -> bool:
    return path.is_file() and path.read_bytes()[:3] == JPEG_START


def _h264_codec(init: bytes) -> str:
    """The codec string of RFC 6381 from the `avcC` box: profile, constraints and level."""
    start = init.find(b"avcC")
    if start < 0:
        msg = "the initialisation segment has no avcC box"
        raise TranscoderFailed(msg)
    return f"avc1.{init[start + 5 : start + 8].hex()}"
