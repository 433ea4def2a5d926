"""Let a request through, or say why not: the hottest path there is."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from kosu.ids import DeviceId
from kosu.modules.identity.activity import Activity
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import (
    AuthenticationUnavailable,
    DeviceMismatch,
    InvalidToken,
    SessionExpired,
    SessionRevoked,
)
from kosu.modules.identity.ports import (
    AccessTokens,
    IdentityQueries,
    SessionCache,
    SessionCacheUnavailable,
    SessionState,
    Tombstone,
)
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuthenticateRequest:
    access_tokens: AccessTokens
    cache: SessionCache
    queries: IdentityQueries
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
        claims = self.access_tokens.verify(access_token, at=at)
        if device_id is not None and device_id != claims.device_id:
            msg = "This token belongs to another device."
            raise DeviceMismatch(msg)
        state = await self._state(claims)
        if isinstance(state, Tombstone):
            raise SessionRevoked(state.reason)
        if state is None or state.user_id != claims.user_id or state.device_id != claims.device_id:
            msg = "This token was not issued here."
            raise InvalidToken(msg)
        if state.end_reason == EndReason.EXPIRED or (state.end_reason is None and state.expires_at <= at):
            msg = "This session is over; sign in again."
            raise SessionExpired(msg)
        if state.end_reason is not None:
            raise SessionRevoked(state.end_reason)
        if state.disabled:
            raise SessionRevoked("account_disabled")
        self.activity.seen(claims.session_id, at=at, gen=claims.gen)
        return Viewer(
            user_id=claims.user_id, session_id=claims.session_id, device_id=claims.device_id, roles=state.roles
        )

    async def _state(self, claims: AccessClaims) -> SessionState | Tombstone | None:
        try:
            cached = await self.cache.get(claims.user_id, claims.session_id)
        except SessionCacheUnavailable as error:
            log.warning("identity: session cache away, asking the database: %s", error)
            return await self._stored(claims)
        if cached is not None:
            return cached
        state = await self._stored(claims)
        if state is not None and state.end_reason is None and not state.disabled:
            try:
                await self.cache.fill(state)
            except SessionCacheUnavailable as error:
                log.warning("identity: session cache not filled: %s", error)
        return state

    async def _stored(self, claims: AccessClaims) -> SessionState | None:
        try:
            return await self.queries.session_state(claims.session_id)
        except DatabaseUnavailable as error:
            msg = "Sessions cannot be checked at the moment; try again."
            raise AuthenticationUnavailable(msg) from error
