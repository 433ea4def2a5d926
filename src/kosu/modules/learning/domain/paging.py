"""The cursor that leads from one page of a list to the next."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kosu.modules.learning.errors import InvalidCursor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In microseconds a moment of the year 5138; more than any position in a video.
MAX_VALUE = 10**17


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970; `moment` is the way back."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of a page: the whole number that the list is sorted by, and the id that breaks ties."""

    value: int
    id: UUID

    def encode(self) -> str:
        """Opaque, URL-safe text without padding."""
        raw = self.value.to_bytes(8, "big") + self.id.bytes
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises InvalidCursor: not made by `encode`."""
        try:
            raw = urlsafe_b64decode(text)  # 24 bytes need no padding
            value = int.from_bytes(raw[:8], "big")
            cursor = cls(value, UUID(bytes=raw[8:]))
        except (ValueError, binascii.Error) as error:
            raise InvalidCursor from error
        if value > MAX_VALUE:
            raise InvalidCursor
        return cursor
