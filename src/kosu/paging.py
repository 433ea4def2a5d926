"""Keyset paging: the cursor that leads from one page of a list to the next, and the cut after a full page.

Source: Markus Winand, "Paging Through Results", use-the-index-luke.com: seek behind the last entry, do not count.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar, final
from uuid import UUID

from kosu.errors import Invalid

T = TypeVar("T")

BY_ID = "id"
"""The sort of lists that are sorted by nothing but the id, which is by creation."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In microseconds a moment of the year 5138; more than any count, price or position.
MAX_VALUE = 10**17


class InvalidCursor(Invalid):
    """The cursor was not made by this list with this sort."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("The cursor does not belong to this list.")


@final
@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of a page: what the list is sorted by, the entry's id, and the whole number that it is sorted by.

    Ids break the ties of `value`, which is 0 where the list is sorted BY_ID, and `microseconds` where by a time.
    """

    sort: str
    id: UUID
    value: int = 0

    def encode(self) -> str:
        """Opaque, URL-safe text without padding."""
        raw = self.id.bytes + self.value.to_bytes(8, "big") + self.sort.encode()
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, *, sort: str) -> Cursor:
        """Raises InvalidCursor: not made by `encode`, or for another sort."""
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            cursor = cls(sort, UUID(bytes=raw[:16]), int.from_bytes(raw[16:24], "big"))
        except ValueError as error:
            raise InvalidCursor from error
        # The decoder overlooks what is not Base64; only the very text that encode would make is a cursor.
        if cursor.encode() != text or cursor.value > MAX_VALUE:
            raise InvalidCursor
        return cursor


def page_of(found: Sequence[T], limit: int, cursor_of: Callable[[T], Cursor]) -> tuple[Sequence[T], Cursor | None]:
    """The first `limit` of the entries found, and the cursor of the last one if it is not the end.

    Ask for one entry more than the limit: it tells whether another page follows.
    """
    page = found[:limit]
    return page, cursor_of(page[-1]) if len(found) > limit else None


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970; `moment` is the way back."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)
