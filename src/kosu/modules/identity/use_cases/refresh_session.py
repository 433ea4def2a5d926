"""Exchange a refresh token for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from kosu.ids import DeviceId
from kosu.modules.identity.admission import TokenMint, Tokens
from kosu.modules.identity.domain.audit import Origin
from kosu.modules.identity.domain.sessions import Client, EndReason, Session, Verdict, judge_refresh
from kosu.modules.identity.domain.tokens import RefreshClaims, read_refresh_token
from kosu.modules.identity.errors import (
    DeviceMismatch,
    InvalidToken,
    RefreshReplayed,
    SessionExpired,
    SessionRevoked,
)
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords, LiveSession
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.session_lookup import SessionLookup
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RefreshSession:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    revocation: Revocation
    lookup: SessionLookup
    mint: TokenMint
    clock: Clock

    async def __call__(self, *, token: str, device_id: DeviceId | None, client: Client | None = None) -> Tokens:
        """Rotate by compare-and-swap; a token sent twice, or whose answer was lost, gets the same successor again.

        `device_id` is what the device's own cookie says, None where it keeps no cookies.

        Raises:
            InvalidToken: forged or malformed; found without any IO.
            DeviceMismatch: nothing was changed.
            SessionExpired, SessionRevoked
            RefreshReplayed: an old token came back; the session is ended, and that is committed.
        """
        claims = read_refresh_token(self.mint.keyring, token)
        if device_id is not None and device_id != claims.device_id:
            msg = "This token belongs to another device."
            raise DeviceMismatch(msg)
        at = self.clock.now()
        session = await self.queries.rotate(
            claims.session_id, device_id=claims.device_id, gen=claims.gen, salt=claims.salt, at=at
        )
        if session is None:
            session = await self._judged(claims, client, at)
        live = LiveSession(session.device_id, min(session.idle_expires_at, session.expires_at))
        await self.lookup.renewed(session.user_id, session.id, live)
        return self.mint.tokens(session, at)

    async def _judged(self, claims: RefreshClaims, client: Client | None, at: datetime) -> Session:
        """The cold path: lock the row and let the domain say what the token is worth."""
        async with self.transaction() as records:
            session = await records.sessions.lock(claims.session_id)
            if session is None or session.device_id != claims.device_id or session.salt != claims.salt:
                raise InvalidToken(_UNKNOWN)
            verdict = judge_refresh(session, claims.gen, at)
            match verdict:
                case Verdict.REPEAT_CURRENT:
                    return session
                case Verdict.ROTATE:
                    session = session.rotated(at)
                    await records.sessions.save(session)
                    return session
                case Verdict.ENDED:
                    raise SessionRevoked(str(session.end_reason))
                case Verdict.EXPIRED:
                    raise SessionExpired(_EXPIRED)
                case Verdict.UNKNOWN:
                    raise InvalidToken(_UNKNOWN)
                case Verdict.REPLAYED:
                    session = session.ended(EndReason.REPLAYED, at)
                    # Whoever sent it: it may be the thief or the one who was robbed.
                    origin = Origin(device_id=claims.device_id, client=client)
                    await self.revocation.write(records, [session], origin=origin)
                case _:
                    assert_never(verdict)
        # Behind the block: the end of the session must be committed, whatever the client is told.
        await self.revocation.announce(session.user_id, [session])
        msg = "A used refresh token came back, so this session was ended."
        raise RefreshReplayed(msg)


_UNKNOWN = "This token was not issued here."
_EXPIRED = "This session is over; sign in again."
