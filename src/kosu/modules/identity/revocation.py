"""Writing down that sessions ended or that an account may do something else, and making it known at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import SessionId, UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.denials import Denials
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import NOBODY, Action, Origin
from kosu.modules.identity.domain.sessions import EndReason, Session
from kosu.modules.identity.events import AuthorityChanged, SessionEnded
from kosu.modules.identity.ports import (
    Authority,
    IdentityRecords,
    SessionCache,
    SessionCacheUnavailable,
    StreamLeases,
    StreamLeasesUnavailable,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revocation:
    """Tells caches after the commit, never before and never instead.

    Three ways lead to every process: the tombstone in the cache, the broadcast that the database sends with the commit,
    and the worker, which writes the tombstone again. A revocation holds within a second if any one of the first two
    works, and for good as soon as one of them does.
    """

    cache: SessionCache
    streams: StreamLeases
    denials: Denials
    trail: AuditTrail

    async def end_all(
        self,
        records: IdentityRecords,
        user_id: UserId,
        reason: EndReason,
        *,
        at: datetime,
        origin: Origin = NOBODY,
        but: SessionId | None = None,
    ) -> list[Session]:
        """End every session of the account but the one with the id `but`; the caller holds the admission lock."""
        sessions = await records.sessions.not_ended(user_id)
        ended = [session.ended(reason, at) for session in sessions if session.id != but]
        await self.write(records, ended, origin=origin)
        return ended

    async def write(self, records: IdentityRecords, ended: Sequence[Session], *, origin: Origin = NOBODY) -> None:
        """Save ended sessions in the open transaction, with what belongs to it; `announce` follows the commit."""
        for session in ended:
            reason = str(session.end_reason)
            await records.sessions.save(session)
            await records.outbox.add(
                SessionEnded(user_id=session.user_id, session_id=session.id, device_id=session.device_id, reason=reason)
            )
            await self.trail.record(
                records,
                Action.SESSION_ENDED,
                session.user_id,
                at=session.ended_at or session.last_seen_at,
                origin=origin,
                session_id=str(session.id),
                label=session.label,
                reason=reason,
            )

    async def announce(self, user_id: UserId, ended: Sequence[Session]) -> None:
        """Make committed ends known. Should the cache be away, the broadcast and the worker do it without this."""
        if not ended:
            return
        reasons = {session.id: str(session.end_reason) for session in ended}
        for session in ended:
            self.denials.session_ended(session.id, reasons[session.id], at=session.ended_at or session.last_seen_at)
        try:
            await self.cache.bury(user_id, reasons)
            await self.streams.end(user_id, [session.device_id for session in ended])
        except (SessionCacheUnavailable, StreamLeasesUnavailable) as error:
            log.warning("identity: tombstones left to the outbox: %s", error)

    @staticmethod
    async def write_authority(records: IdentityRecords, user: User) -> None:
        """Save an account that may do something else than before; `announce_authority` follows the commit."""
        await records.users.save(user)
        await records.outbox.add(AuthorityChanged(user_id=user.id, authz_epoch=user.authz_epoch))

    async def announce_authority(self, user: User) -> None:
        """Make a committed authority known. Should the cache be away, the broadcast does it without this."""
        self.denials.authority_changed(user.id, user.authz_epoch, at=user.authz_changed_at)
        authority = Authority(roles=user.roles, disabled=user.disabled, authz_epoch=user.authz_epoch)
        try:
            await self.cache.set_authority(user.id, authority)
        except SessionCacheUnavailable as error:
            log.warning("identity: authority left to the broadcast: %s", error)
