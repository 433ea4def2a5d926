"""End one's sessions: log out here, end another device, end all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import SessionId, UserId
from kosu.modules.identity.domain.sessions import EndReason, Session
from kosu.modules.identity.errors import SessionNotFound
from kosu.modules.identity.events import SessionEnded
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EndSession:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    clock: Clock

    async def __call__(self, *, user_id: UserId, session_id: SessionId, reason: EndReason = EndReason.REVOKED) -> None:
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
            ended = await _end(records, [session] if session.ended_at is None else [], reason, at=at)
        await self.revocation.announce(user_id, ended)


@dataclass(frozen=True, slots=True)
class EndAllSessions:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    clock: Clock

    async def __call__(self, *, user_id: UserId, keep: SessionId | None) -> None:
        """End every device's session but `keep`."""
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(user_id)
            others = [session for session in await records.sessions.not_ended(user_id) if session.id != keep]
            ended = await _end(records, others, EndReason.REVOKED, at=at)
        await self.revocation.announce(user_id, ended)


async def _end(records: IdentityRecords, sessions: list[Session], reason: EndReason, *, at: datetime) -> list[Session]:
    ended = [session.ended(reason, at) for session in sessions]
    for session in ended:
        await records.sessions.save(session)
        await records.outbox.add(
            SessionEnded(user_id=session.user_id, session_id=session.id, reason=str(session.end_reason))
        )
    return ended
