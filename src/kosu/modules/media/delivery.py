"""Opening what lies under a prefix of the media host to one browser, for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kosu.ports.clock import Clock
from kosu.ports.delivery_signer import DeliverySigner


@dataclass(frozen=True, slots=True)
class OpenedPrefix:
    """`base_url` ends with a slash; what lies below it opens with the cookies until `expires_at`."""

    base_url: str
    cookies: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """`media_base_url` has no trailing slash."""

    signer: DeliverySigner
    clock: Clock
    media_base_url: str
    cookie_ttl_seconds: int

    def open(self, prefix: str) -> OpenedPrefix:
        """Whether the viewer may see it is decided by whoever asks."""
        expires_at = self.clock.now() + timedelta(seconds=self.cookie_ttl_seconds)
        cookies = self.signer.sign(prefix, expires_at=expires_at)
        return OpenedPrefix(f"{self.media_base_url}/{prefix}", cookies, expires_at)
