"""Presigned part URLs: `PUT {base}/{multipart_id}/{part_number}?key=…&size=…&expires=…&signature=…`.

The signature is an HMAC-SHA256 over everything that matters, so the URL alone is the permission to send this one part.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from kosu.errors import Forbidden

_METHOD = "PUT"
_QUERY = ("key", "size", "expires", "signature")


class PartSignatureInvalid(Forbidden):
    """The URL was not made by the store, or was changed since."""

    code = "bad_signature"


class PartUrlExpired(Forbidden):
    """The URL was good until a moment that has passed."""

    code = "expired"


@dataclass(frozen=True, slots=True)
class PartGrant:
    """What a presigned URL permits: to send exactly `size_bytes` as this part of this upload."""

    key: str
    multipart_id: str
    part_number: int
    size_bytes: int


def part_url(base_url: str, grant: PartGrant, *, expires_at: datetime, signing_key: str) -> str:
    """The URL by which a client may send the part until `expires_at`, in whole seconds."""
    expires = int(expires_at.timestamp())
    query = {
        "key": grant.key,
        "size": grant.size_bytes,
        "expires": expires,
        "signature": _signature(_METHOD, grant, expires, signing_key),
    }
    return f"{base_url}/{quote(grant.multipart_id, safe='')}/{grant.part_number}?{urlencode(query)}"


def read_part_url(
    *, method: str, multipart_id: str, part_number: str, query: Mapping[str, str], signing_key: str, now: datetime
) -> PartGrant:
    """What the URL of a request permits. The texts are the request's own, decoded and otherwise unchecked.

    Raises:
        PartSignatureInvalid
        PartUrlExpired
    """
    numbers = (part_number, query.get("size", ""), query.get("expires", ""))
    # Fifteen digits hold every size and time there is, and keep int() away from a text made to keep it busy.
    if any(name not in query for name in _QUERY) or not all(
        n.isascii() and n.isdigit() and len(n) < 16 for n in numbers
    ):
        raise PartSignatureInvalid("This is not a presigned URL.")
    part, size, expires = map(int, numbers)
    grant = PartGrant(query["key"], multipart_id, part, size)
    signature = _signature(method, grant, expires, signing_key)
    if not hmac.compare_digest(signature.encode(), query["signature"].encode(errors="replace")):
        raise PartSignatureInvalid("The signature does not match the request.")
    if now.timestamp() >= expires:
        raise PartUrlExpired("The presigned URL has expired; ask for a new one.")
    return grant


def _signature(method: str, grant: PartGrant, expires: int, signing_key: str) -> str:
    # JSON keeps the fields apart whatever a key contains.
    fields = ["part", method, grant.key, grant.multipart_id, grant.part_number, grant.size_bytes, expires]
    return hmac.digest(signing_key.encode(), json.dumps(fields).encode(), "sha256").hex()
