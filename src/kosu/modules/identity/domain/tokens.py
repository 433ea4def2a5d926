"""Refresh tokens and device tokens: deterministic, keyed, and checked without any IO.

A refresh token is derived from its session row and a server key, so its successor can be derived again for a client
that never saw it, with nothing stored: a copy of the database alone forges nothing (the key is missing), nor does the
key alone (the row's salt is missing).
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.errors import InvalidToken

REFRESH = "rt1"
DEVICE = "did1"
SALT_BYTES = 16
_BODY_BYTES = 16 + 16 + 8 + SALT_BYTES


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says. Roles are not among it: they are looked up, so that a change holds at once."""

    user_id: UserId
    session_id: SessionId
    device_id: DeviceId
    gen: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    session_id: SessionId
    device_id: DeviceId
    gen: int
    salt: bytes


class Keyring:
    """Server keys by `kid`. The first signs; all verify, so that keys can be exchanged without logging anybody out."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._current = next(iter(self._keys))

    def seal(self, purpose: str, body: bytes) -> str:
        """`purpose.kid.body.mac`; a token of one purpose is none of another."""
        return f"{purpose}.{self._current}.{_text(body)}.{_text(self._mac(self._current, purpose, body))}"

    def open(self, purpose: str, token: str) -> bytes:
        """The body of a token that this keyring sealed for `purpose`.

        Raises:
            InvalidToken
        """
        try:
            found, kid, body_text, mac_text = token.split(".")
            body, mac = _bytes(body_text), _bytes(mac_text)
        except ValueError as error:
            raise InvalidToken(_MALFORMED) from error
        if found != purpose or kid not in self._keys or not hmac.compare_digest(mac, self._mac(kid, purpose, body)):
            raise InvalidToken(_MALFORMED)
        return body

    def _mac(self, kid: str, purpose: str, body: bytes) -> bytes:
        return hmac.new(self._keys[kid], purpose.encode() + b"|" + body, sha256).digest()


def refresh_token(keyring: Keyring, session: Session) -> str:
    """The refresh token of the session's current generation; the same each time it is asked for."""
    body = session.id.bytes + session.device_id.bytes + session.gen.to_bytes(8) + session.salt
    return keyring.seal(REFRESH, body)


def read_refresh_token(keyring: Keyring, token: str) -> RefreshClaims:
    """Raises InvalidToken, before any IO, unless the token is genuine."""
    body = keyring.open(REFRESH, token)
    if len(body) != _BODY_BYTES:
        raise InvalidToken(_MALFORMED)
    return RefreshClaims(
        session_id=SessionId(UUID(bytes=body[:16])),
        device_id=DeviceId(UUID(bytes=body[16:32])),
        gen=int.from_bytes(body[32:40]),
        salt=body[40:],
    )


def device_token(keyring: Keyring, device_id: DeviceId) -> str:
    """Names a browser over the years. It identifies and never authenticates."""
    return keyring.seal(DEVICE, device_id.bytes)


def read_device_token(keyring: Keyring, token: str | None) -> DeviceId | None:
    """None for a missing, forged or altered token: the device then simply gets a new name."""
    if token is None:
        return None
    try:
        return DeviceId(UUID(bytes=keyring.open(DEVICE, token)))
    except (InvalidToken, ValueError):
        return None


_MALFORMED = "This token was not issued here."


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
