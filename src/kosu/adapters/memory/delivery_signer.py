"""Delivery cookies that are nothing but a random name for a grant kept here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from kosu.ports.delivery_signer import check_prefix

_COOKIE = "Memory-Grant"


class MemorySigner:
    """Knows by itself what it opened: `opens` takes the place of the content delivery network."""

    def __init__(self) -> None:
        self._grants: dict[str, tuple[str, datetime]] = {}

    def sign(self, prefix: str, *, expires_at: datetime) -> Mapping[str, str]:
        token = secrets.token_urlsafe()
        self._grants[token] = (check_prefix(prefix), expires_at)
        return {_COOKIE: token}

    def opens(self, cookies: Mapping[str, str], path: str, *, at: datetime) -> bool:
        """Whether these cookies open `path`, a key on the media host, at that moment."""
        prefix, expires_at = self._grants.get(cookies.get(_COOKIE, ""), ("", at))
        return path.startswith(prefix) and at < expires_at
