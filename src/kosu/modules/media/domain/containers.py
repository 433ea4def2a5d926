"""Which files pass for video or sound at first sight: by their first bytes, never by their name."""

from __future__ import annotations

HEAD_BYTES = 512

_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"FLV\x01",
    b"OggS",
    b"fLaC",
    b"ID3",  # tags in front of MP3, and now and then of FLAC
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
)
# A packet of a transport stream, bare and as M2TS with its time stamp in front.
_PACKETS = ((0, 188), (4, 192))
_RIFF_FORMS = frozenset({(b"RIFF", b"AVI "), (b"RIFF", b"WAVE"), (b"RF64", b"WAVE")})
_SYNC = 0x47


def looks_like_media(head: bytes) -> bool:
    """Whether the first `HEAD_BYTES` of a file belong to a container that the probe is willing to open."""
    return (
        head[4:8] in _BOXES
        or head.startswith(_STARTS)
        or (head[:4], head[8:12]) in _RIFF_FORMS
        or _is_mpeg_audio(head)
        or any(_has_sync(head, start, size) for start, size in _PACKETS)
    )


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame header of layer II or III without reserved values. Source: ISO/IEC 11172-3, 2.4.2.3."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer, bit_rate, sampling_rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer in {1, 2} and bit_rate != 15 and sampling_rate != 3


def _has_sync(head: bytes, start: int, size: int) -> bool:
    offsets = range(start, min(len(head), start + 2 * size + 1), size)
    return len(offsets) > 1 and all(head[offset] == _SYNC for offset in offsets)
