"""Signing and verifying by Standard Webhooks, symmetric scheme `v1`.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from kosu.modules.billing.errors import BadSignature

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"

TOLERANCE = timedelta(minutes=5)
_PREFIX = "whsec_"
_ID = re.compile(r"[!-~]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """`id` tells which secret fitted, and nothing about it. `keyed` is a fresh HMAC to copy: keying one costs most."""

    id: str
    keyed: hmac.HMAC


class SigningKeys:
    """One or more live secrets: the first signs, all verify, so that they can be exchanged without a gap."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Raises ValueError: there is no secret, or one is not `whsec_` and base64."""
        self._keys = [_key(secret) for secret in secrets]
        if not self._keys:
            msg = "at least one signing secret is needed"
            raise ValueError(msg)

    def sign(self, raw: bytes, *, message_id: str, at: datetime) -> Mapping[str, str]:
        """The three headers to send with a body."""
        timestamp = str(int(at.timestamp()))
        return {
            ID: message_id,
            TIMESTAMP: timestamp,
            SIGNATURE: _signature(self._keys[0], message_id, timestamp, raw).decode(),
        }

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> tuple[str, str]:
        """The message's id and the id of the key that fitted. Names of headers are lower case.

        Raises:
            BadSignature: nothing fits, or the timestamp is further than five minutes from now.
        """
        message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
        if not _ID.fullmatch(message_id) or not _TIMESTAMP.fullmatch(timestamp):
            raise BadSignature(_REFUSAL)
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
            raise BadSignature(_REFUSAL)
        # Several, with a space between; what is of another version or no base64 equals none of ours.
        candidates = headers.get(SIGNATURE, "").encode("utf-8", "replace").split(b" ")
        for key in self._keys:
            expected = _signature(key, message_id, timestamp, raw)
            if any(hmac.compare_digest(expected, candidate) for candidate in candidates):
                return message_id, key.id
        raise BadSignature(_REFUSAL)


_REFUSAL = "The webhook's signature does not hold."


def _key(secret: str) -> SigningKey:
    encoded = secret.removeprefix(_PREFIX)
    value = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    if not secret.startswith(_PREFIX) or not value:
        msg = "a signing secret is whsec_ followed by base64"
        raise ValueError(msg)
    return SigningKey(id=sha256(value).hexdigest()[:8], keyed=hmac.new(value, digestmod="sha256"))


def _signature(key: SigningKey, message_id: str, timestamp: str, raw: bytes) -> bytes:
    code = key.keyed.copy()
    code.update(f"{message_id}.{timestamp}.".encode())
    code.update(raw)
    return b"v1," + b64encode(code.digest())
