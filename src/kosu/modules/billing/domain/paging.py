"""The cursor that leads from one page of a list to the next: the last id, since ids sort by creation."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from kosu.modules.billing.errors import InvalidCursor


def cursor_of(last_id: UUID) -> str:
    """Opaque, URL-safe text without padding."""
    return urlsafe_b64encode(last_id.bytes).rstrip(b"=").decode()


def id_of(cursor: str) -> UUID:
    """Raises InvalidCursor: not made by `cursor_of`."""
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error) as error:
        msg = "This cursor was not issued here."
        raise InvalidCursor(msg) from error
