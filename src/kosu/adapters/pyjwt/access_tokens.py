"""Access tokens as JSON Web Tokens. Source: RFC 7519, and RFC 8725 (one algorithm, explicit typing)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

import jwt

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.errors import InvalidToken, TokenExpired

ALGORITHM = "HS256"
TYPE = "access"
REMEMBERED = 8_192
REQUIRED = ["iss", "aud", "typ", "sub", "sid", "did", "gen", "iat", "exp"]


class JwtAccessTokens:
    """Signed with the first key of the ring, named by `kid`; every key of the ring verifies."""

    def __init__(self, *, keys: Mapping[str, bytes], issuer: str) -> None:
        self._keys = dict(keys)
        self._kid = next(iter(self._keys))
        self._issuer = issuer
        # What is genuine stays so. Only what passed is remembered, so forgeries can neither enter nor push others out.
        self._genuine = lru_cache(maxsize=REMEMBERED)(self._decode)

    def mint(self, claims: AccessClaims, *, at: datetime) -> str:
        payload = {
            "iss": self._issuer,
            "aud": self._issuer,
            "typ": TYPE,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "did": str(claims.device_id),
            "gen": claims.gen,
            "iat": int(at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        return jwt.encode(payload, self._keys[self._kid], algorithm=ALGORITHM, headers={"kid": self._kid})

    def verify(self, token: str, *, at: datetime) -> AccessClaims:
        claims = self._genuine(token)
        if claims.expires_at <= at:
            msg = "This access token is over its time; refresh it."
            raise TokenExpired(msg)
        return claims

    def _decode(self, token: str) -> AccessClaims:
        """Everything but the time. Raises InvalidToken."""
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            payload = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._issuer,
                # The times are judged by the port's clock and not by the library's.
                options={"require": REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            claims = AccessClaims(
                user_id=UserId(UUID(payload["sub"])),
                session_id=SessionId(UUID(payload["sid"])),
                device_id=DeviceId(UUID(payload["did"])),
                gen=int(payload["gen"]),
                expires_at=datetime.fromtimestamp(payload["exp"], tz=UTC),
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError) as error:
            msg = "This token was not issued here."
            raise InvalidToken(msg) from error
        if payload["typ"] != TYPE:
            msg = "This is not an access token."
            raise InvalidToken(msg)
        return claims
