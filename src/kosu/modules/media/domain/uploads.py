"""Upload sessions: a large file arrives in parts, over days if need be, without passing through the API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from kosu.ids import AssetId, LessonId, UploadId, UserId
from kosu.modules.media.errors import EmptyFile, InvalidContentType, InvalidFilename, InvalidFingerprint, UploadClosed
from kosu.text import is_one_line

MIB = 1024 * 1024
SMALLEST_PART_BYTES = 8 * MIB
# One page of the store's part list then shows all of them; S3 itself would allow 10,000.
MAX_PART_COUNT = 1_000
LIFETIME = timedelta(hours=72)
MAX_FILENAME_CHARACTERS = 255
MAX_CONTENT_TYPE_CHARACTERS = 100
MAX_FINGERPRINT_CHARACTERS = 200
# Source: RFC 9110, 8.3.1: type "/" subtype, both tokens of 5.6.2; parameters are of no use here.
CONTENT_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class UploadState(StrEnum):
    CREATED = "created"
    UPLOADING = "uploading"
    COMPLETING = "completing"
    COMPLETED = "completed"
    ABORTED = "aborted"
    EXPIRED = "expired"
    REJECTED = "rejected"


OPEN_STATES = frozenset({UploadState.CREATED, UploadState.UPLOADING, UploadState.COMPLETING})
DISCARDED_STATES = frozenset({UploadState.ABORTED, UploadState.EXPIRED, UploadState.REJECTED})


@dataclass(frozen=True, slots=True)
class PartPlan:
    """How a file is cut: every part has `part_size_bytes` but the last one, which has the rest."""

    size_bytes: int
    part_size_bytes: int

    @property
    def part_count(self) -> int:
        return -(-self.size_bytes // self.part_size_bytes)

    def size_of(self, part_number: int) -> int:
        """The exact size of a part, numbered from 1."""
        return min(self.part_size_bytes, self.size_bytes - (part_number - 1) * self.part_size_bytes)

    def __contains__(self, part_number: int) -> bool:
        return 1 <= part_number <= self.part_count

    def missing(self, stored: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        """The parts that are absent or of another size in `stored`, pairs of part number and size in bytes."""
        sizes = dict(stored)
        return tuple(number for number in range(1, self.part_count + 1) if sizes.get(number) != self.size_of(number))


def plan_parts(size_bytes: int) -> PartPlan:
    """Whole mebibytes, 8 or more, such that there are at most 1,000 parts.

    Raises:
        EmptyFile
    """
    if size_bytes < 1:
        msg = "The file is empty."
        raise EmptyFile(msg)
    mebibytes = -(-size_bytes // (MAX_PART_COUNT * MIB))
    return PartPlan(size_bytes=size_bytes, part_size_bytes=max(SMALLEST_PART_BYTES, mebibytes * MIB))


def filename_of(path: str) -> str:
    """The name of a file as its client sent it. Of a path, in the way of any system, only the last part is kept.

    Raises:
        InvalidFilename
    """
    name = re.split(r"[/\\]", path)[-1]
    if name.strip() in {"", ".", ".."} or len(name) > MAX_FILENAME_CHARACTERS or not is_one_line(name):
        msg = f"A filename has 1 to {MAX_FILENAME_CHARACTERS} printable characters."
        raise InvalidFilename(msg)
    return name


def check_content_type(content_type: str) -> str:
    """The content type itself.

    Raises:
        InvalidContentType: it is not like `video/mp4`, without parameters.
    """
    if len(content_type) > MAX_CONTENT_TYPE_CHARACTERS or not CONTENT_TYPE.fullmatch(content_type):
        msg = "Expected a media type such as video/mp4."
        raise InvalidContentType(msg)
    return content_type


def check_fingerprint(client_fingerprint: str) -> str:
    """The fingerprint itself.

    Raises:
        InvalidFingerprint
    """
    if len(client_fingerprint) > MAX_FINGERPRINT_CHARACTERS or not client_fingerprint.isprintable():
        msg = f"A fingerprint has at most {MAX_FINGERPRINT_CHARACTERS} printable characters."
        raise InvalidFingerprint(msg)
    return client_fingerprint


def fingerprint_of(client_fingerprint: str, *, lesson_id: LessonId | None, filename: str, size_bytes: int) -> str:
    """What makes two uploads of one owner the same: the file as its client knows it, and where it goes."""
    return sha256("\0".join((str(lesson_id), filename, str(size_bytes), client_fingerprint)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSession:
    """One file on its way into the store. `purged` tells that nothing of it is left there."""

    id: UploadId
    owner_id: UserId
    asset_id: AssetId
    lesson_id: LessonId | None
    filename: str
    content_type: str
    size_bytes: int
    part_size_bytes: int
    key: str
    multipart_id: str
    fingerprint: str | None
    created_at: datetime
    expires_at: datetime
    state: UploadState = UploadState.CREATED
    purged: bool = False

    @property
    def plan(self) -> PartPlan:
        return PartPlan(size_bytes=self.size_bytes, part_size_bytes=self.part_size_bytes)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_discarded(self) -> bool:
        return self.state in DISCARDED_STATES

    def uploading(self) -> UploadSession:
        """Parts may arrive. A session that already began to complete stays there."""
        self._require_open()
        return self if self.state is UploadState.COMPLETING else replace(self, state=UploadState.UPLOADING)

    def completing(self) -> UploadSession:
        """All parts are there and the store is about to join them."""
        self._require_open()
        return replace(self, state=UploadState.COMPLETING)

    def completed(self) -> UploadSession:
        """The object is whole and looks like a video."""
        self._require_open()
        return replace(self, state=UploadState.COMPLETED)

    def rejected(self) -> UploadSession:
        """The object is whole and no video."""
        self._require_open()
        return replace(self, state=UploadState.REJECTED)

    def aborted(self) -> UploadSession:
        """The owner gave it up. Repeatable for every session that is discarded already."""
        if self.is_discarded:
            return self
        self._require_open()
        return replace(self, state=UploadState.ABORTED)

    def expired(self) -> UploadSession:
        """Its time is over."""
        self._require_open()
        return replace(self, state=UploadState.EXPIRED)

    def _require_open(self) -> None:
        if not self.is_open:
            raise UploadClosed(self.state)


def source_key(upload_id: UploadId) -> str:
    """Where a source lies: made by the server, and outside of what is delivered."""
    return f"uploads/{upload_id}/source"
