"""Covers: the pictures that courses are shown with. Browsers get them as they came, so only what they show is taken."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from kosu.ids import CourseId
from kosu.modules.catalog.errors import CoverTooLarge, NotACover

MAX_COVER_BYTES = 2 * 1024 * 1024
COVER_PREFIX = "media/covers/"


@dataclass(frozen=True, slots=True)
class CoverKind:
    """A format of pictures. `extension` is the file name's, without the dot."""

    content_type: str
    extension: str


PNG = CoverKind("image/png", "png")
JPEG = CoverKind("image/jpeg", "jpg")
WEBP = CoverKind("image/webp", "webp")
COVER_KINDS = (PNG, JPEG, WEBP)


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture by what its bytes say, whatever they were announced as. SVG is none: it can hold scripts.

    Raises:
        NotACover, CoverTooLarge
    """

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) > MAX_COVER_BYTES:
            raise CoverTooLarge(MAX_COVER_BYTES)
        _kind_of(self.data)

    @property
    def kind(self) -> CoverKind:
        return _kind_of(self.data)

    def key_for(self, course_id: CourseId) -> str:
        """Where the store keeps it. Another picture has another key, so that caches never show the old one."""
        return f"{COVER_PREFIX}{course_id}/{sha256(self.data).hexdigest()[:32]}.{self.kind.extension}"


def _kind_of(data: bytes) -> CoverKind:
    """Source: PNG (W3C) 5.2; JPEG (ITU T.81) B.1.1.3, SOI and the next marker; WebP container (RFC 9649) 2.4."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    raise NotACover
