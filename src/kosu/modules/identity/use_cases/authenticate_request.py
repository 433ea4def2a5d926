"""Let a request through, or say why not: the hottest path there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.errors import Unauthenticated
from kosu.ids import DeviceId
from kosu.modules.identity.activity import Activity
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import DeviceMismatch, InvalidToken, SessionExpired, SessionRevoked
from kosu.modules.identity.ports import AccessTokens, NoSuchSession, SessionMark, SessionState, Tombstone
from kosu.modules.identity.session_lookup import SessionLookup
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class Presumed:
    """Who asks, provided that the session cache still holds what `mark` names."""

    viewer: Viewer
    mark: SessionMark
    gen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthenticateRequest:
    access_tokens: AccessTokens
    lookup: SessionLookup
    activity: Activity
    clock: Clock

    async def __call__(self, *, access_token: str, device_id: DeviceId | None = None) -> Viewer:
        """One round trip to the cache; the database is asked only where the cache knows nothing or is away.

        Raises:
            InvalidToken, TokenExpired: found without any IO.
            DeviceMismatch: the token belongs to another device than the cookie `device_id` names.
            SessionRevoked, SessionExpired
            AuthenticationUnavailable: neither store could say; the session is not over because of it.
        """
        at = self.clock.now()
        claims = self._claims(access_token, device_id, at=at)
        state = await self.lookup.find(claims.user_id, claims.session_id, at=at)
        viewer = _let_through(claims, state, at=at)
        self.activity.seen(claims.session_id, at=at, gen=claims.gen)
        return viewer

    def presumed(self, *, access_token: str, device_id: DeviceId | None = None) -> Presumed | None:
        """Judge by what this process saw last, without any IO: for a write that checks the mark in its own round trip.

        None where nothing was seen, or where that would not let the request through: then ask by calling, which also
        says why not. When the write was made, tell `confirmed`.
        """
        at = self.clock.now()
        try:
            claims = self._claims(access_token, device_id, at=at)
            remembered = self.lookup.remembered(claims.user_id, claims.session_id, at=at)
            if remembered is None:
                return None
            state, mark = remembered
            return Presumed(_let_through(claims, state, at=at), mark, claims.gen, at)
        except Unauthenticated:
            return None

    def confirmed(self, presumed: Presumed) -> None:
        """The mark held, and the request was let through."""
        self.activity.seen(presumed.viewer.session_id, at=presumed.at, gen=presumed.gen)

    def _claims(self, access_token: str, device_id: DeviceId | None, *, at: datetime) -> AccessClaims:
        claims = self.access_tokens.verify(access_token, at=at)
        if device_id is not None and device_id != claims.device_id:
            msg = "This token belongs to another device."
            raise DeviceMismatch(msg)
        return claims


def _let_through(claims: AccessClaims, state: SessionState | Tombstone | NoSuchSession, *, at: datetime) -> Viewer:
    """Raises InvalidToken, SessionRevoked, SessionExpired."""
    if isinstance(state, Tombstone):
        raise _over(state.reason)
    if isinstance(state, NoSuchSession) or (state.user_id, state.device_id) != (claims.user_id, claims.device_id):
        msg = "This token was not issued here."
        raise InvalidToken(msg)
    if state.end_reason is not None:
        raise _over(state.end_reason)
    if state.expires_at <= at:
        raise _over(EndReason.EXPIRED)
    if state.authority.disabled:
        raise _over(EndReason.ACCOUNT_DISABLED)
    return Viewer(
        user_id=claims.user_id,
        session_id=claims.session_id,
        device_id=claims.device_id,
        roles=state.authority.roles,
    )


def _over(reason: str) -> SessionExpired | SessionRevoked:
    if reason == EndReason.EXPIRED:
        msg = "This session is over; sign in again."
        return SessionExpired(msg)
    return SessionRevoked(str(reason))
