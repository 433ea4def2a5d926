"""Passwords and access tokens in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.errors import InvalidToken, TokenExpired


class MemoryPasswordHasher:
    """Quick, and therefore for nothing but memory."""

    async def hash(self, password: str) -> str:
        return sha256(password.encode()).hexdigest()

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return password_hash == await self.hash(password)

    def needs_rehash(self, password_hash: str) -> bool:
        return len(password_hash) != sha256().digest_size * 2


class _Token(msgspec.Struct, frozen=True):
    sub: UUID
    sid: UUID
    did: UUID
    gen: int
    exp: float


class MemoryAccessTokens:
    """Readable tokens with a short keyed digest."""

    def __init__(self, key: str = "memory") -> None:
        self._key = key

    def mint(self, claims: AccessClaims, *, at: datetime) -> str:  # noqa: ARG002 - the port's
        body = msgspec.json.encode(
            _Token(claims.user_id, claims.session_id, claims.device_id, claims.gen, claims.expires_at.timestamp())
        ).decode()
        return f"{self._digest(body)}.{body}"

    def verify(self, token: str, *, at: datetime) -> AccessClaims:
        digest, _, body = token.partition(".")
        if digest != self._digest(body):
            msg = "This token was not issued here."
            raise InvalidToken(msg)
        token_claims = msgspec.json.decode(body, type=_Token)
        expires_at = datetime.fromtimestamp(token_claims.exp, tz=UTC)
        if expires_at <= at:
            msg = "This access token is over its time; refresh it."
            raise TokenExpired(msg)
        return AccessClaims(
            user_id=UserId(token_claims.sub),
            session_id=SessionId(token_claims.sid),
            device_id=DeviceId(token_claims.did),
            gen=token_claims.gen,
            expires_at=expires_at,
        )

    def _digest(self, body: str) -> str:
        return sha256(f"{self._key}|{body}".encode()).hexdigest()[:32]
