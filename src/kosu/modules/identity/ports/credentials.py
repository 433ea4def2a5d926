"""Passwords and access tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable
from kosu.modules.identity.domain.tokens import AccessClaims


class PasswordHashingBusy(Unavailable):
    """More passwords wait for their hash than can be worked off in a reasonable time."""

    code = "sign_in_busy"


@runtime_checkable
class PasswordHasher(Protocol):
    """Slow on purpose; runs on a bounded pool, so that many log-ins cannot stall the process.

    `hash` and `verify` raise PasswordHashingBusy.
    """

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password fits. With None it answers False and takes as long, to hide unknown accounts."""
        ...

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than are in use today."""
        ...


@runtime_checkable
class AccessTokens(Protocol):
    def mint(self, claims: AccessClaims, *, at: datetime) -> str: ...

    def verify(self, token: str, *, at: datetime) -> AccessClaims:
        """Check a token without any IO.

        Raises:
            InvalidToken: malformed, forged, of another kind.
            TokenExpired
        """
        ...
