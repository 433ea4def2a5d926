"""Verifying Stripe's webhooks, scheme `v1`.

Source: https://docs.stripe.com/webhooks#verify-manually
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from kosu.modules.billing.errors import BadSignature

HEADER = "stripe-signature"
TOLERANCE = timedelta(minutes=5)

_TIMESTAMP = re.compile(r"[1-9][0-9]{0,11}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_REFUSAL = "The webhook's signature does not hold."


class StripeSecrets:
    """One or more live secrets of the endpoint; all verify, so that they can be exchanged without a gap."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Raises ValueError: there is no secret."""
        if not secrets:
            msg = "at least one signing secret is needed"
            raise ValueError(msg)
        self._secrets = {sha256(secret.encode()).hexdigest()[:8]: secret for secret in secrets}

    def __repr__(self) -> str:
        return f"StripeSecrets({', '.join(self._secrets)})"

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> str:
        """The id of the secret that fitted, which tells nothing about it. Names of headers are lower case.

        Raises:
            BadSignature: nothing fits, or the timestamp is further than five minutes from now.
        """
        timestamps, candidates = _parts(headers.get(HEADER, ""))
        if len(timestamps) != 1 or not _TIMESTAMP.fullmatch(timestamps[0]):
            raise BadSignature(_REFUSAL)
        if abs(now.timestamp() - int(timestamps[0])) > TOLERANCE.total_seconds():
            raise BadSignature(_REFUSAL)
        for key_id, secret in self._secrets.items():
            expected = signature(raw, secret=secret, timestamp=timestamps[0])
            if any(hmac.compare_digest(expected, candidate) for candidate in candidates):
                return key_id
        raise BadSignature(_REFUSAL)


def signature(raw: bytes, *, secret: str, timestamp: str) -> str:
    """In hexadecimal. The key is the secret as it is shown, `whsec_` and all."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + raw, "sha256").hex()


def _parts(header: str) -> tuple[list[str], list[str]]:
    """The timestamps and the well-formed `v1` signatures; other schemes, as `v0` of test mode, prove nothing."""
    pairs = [part.partition("=") for part in header.split(",")]
    timestamps = [value for name, _, value in pairs if name == "t"]
    return timestamps, [value for name, _, value in pairs if name == "v1" and _SIGNATURE.fullmatch(value)]
