"""Which files pass for a video at first sight: by their first bytes, never by their name."""

from __future__ import annotations

HEAD_BYTES = 512

_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"FLV\x01",
    b"OggS",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
)
# A packet of a transport stream, bare and as M2TS with its time stamp in front.
_PACKETS = ((0, 188), (4, 192))
_SYNC = 0x47


def looks_like_video(head: bytes) -> bool:
    """Whether the first `HEAD_BYTES` of a file belong to a container that the probe is willing to open."""
    return (
        head[4:8] in _BOXES
        or head.startswith(_STARTS)
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
        or any(_has_sync(head, start, size) for start, size in _PACKETS)
    )


def _has_sync(head: bytes, start: int, size: int) -> bool:
    offsets = range(start, min(len(head), start + 2 * size + 1), size)
    return len(offsets) > 1 and all(head[offset] == _SYNC for offset in offsets)
