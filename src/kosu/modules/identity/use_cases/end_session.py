"""End one's sessions: one device, or all others."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import SessionId, UserId
from kosu.modules.identity.domain.audit import NOBODY, Origin
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.errors import SessionNotFound
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EndSession:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    clock: Clock

    async def __call__(self, *, user_id: UserId, session_id: SessionId, origin: Origin = NOBODY) -> None:
        """The device's next request is refused with the reason. Ending an ended session changes nothing.

        Raises:
            SessionNotFound: also for another user's session.
        """
        at = self.clock.now()
        async with self.transaction() as records:
            session = await records.sessions.lock(session_id)
            if session is None or session.user_id != user_id:
                msg = "There is no such device on your account."
                raise SessionNotFound(msg)
            ended = [session.ended(EndReason.REVOKED, at)] if session.ended_at is None else []
            await self.revocation.write(records, ended, origin=origin)
        await self.revocation.announce(user_id, ended)


@dataclass(frozen=True, slots=True)
class EndAllSessions:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    clock: Clock

    async def __call__(self, *, user_id: UserId, keep: SessionId | None, origin: Origin = NOBODY) -> None:
        """End every device's session but `keep`."""
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(user_id)
            ended = await self.revocation.end_all(records, user_id, EndReason.REVOKED, at=at, origin=origin, but=keep)
        await self.revocation.announce(user_id, ended)
