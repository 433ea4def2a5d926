"""Key frames of a video in a file of their own: what players fetch to show pictures while somebody scans through it.

Source: RFC 8216, 4.3.3.6 (EXT-X-I-FRAMES-ONLY), 4.3.2.2 (EXT-X-BYTERANGE), 4.3.2.5 (EXT-X-MAP).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kosu.modules.media.domain.hls import KEY_FRAMES_NAME, Rendition, bit_rates

# Scanning shows small pictures: so much of a rung is enough.
LARGEST_SHORT_SIDE = 360


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A picture that decodes on its own, with the time from its showing to the next one's; `offset` is in bytes."""

    at_seconds: float
    duration_seconds: float
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFrames:
    """All key frames of `rendition`, in their order; the first `init_bytes` of the file initialise the decoder."""

    rendition: Rendition
    init_bytes: int
    frames: tuple[KeyFrame, ...]

    def as_rendition(self) -> Rendition:
        """The key frames as a rendition on their own, each of them a segment."""
        peak_bps, average_bps = bit_rates([(frame.size_bytes, frame.duration_seconds) for frame in self.frames])
        return replace(
            self.rendition,
            name=KEY_FRAMES_NAME,
            peak_bps=peak_bps,
            average_bps=average_bps,
            segment_count=len(self.frames),
        )


def rendition_to_scan(renditions: Sequence[Rendition]) -> Rendition:
    """The largest rung that is small enough, else the smallest of all."""
    rungs = sorted(
        (rendition for rendition in renditions if not rendition.is_audio),
        key=lambda rung: min(rung.width, rung.height),
    )
    small = [rung for rung in rungs if min(rung.width, rung.height) <= LARGEST_SHORT_SIDE]
    return small[-1] if small else rungs[0]


def key_frame_playlist(key_frames: KeyFrames, *, uri: str) -> str:
    """The playlist of key frames that lie, with their initialisation in front, in one file at `uri`."""
    longest = max(frame.duration_seconds for frame in key_frames.frames)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(1, math.ceil(longest))}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-I-FRAMES-ONLY"]
    lines.append(f'#EXT-X-MAP:URI="{uri}",BYTERANGE="{key_frames.init_bytes}@0"')
    for frame in key_frames.frames:
        lines += [f"#EXTINF:{frame.duration_seconds:.6f},", f"#EXT-X-BYTERANGE:{frame.size_bytes}@{frame.offset}", uri]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"
