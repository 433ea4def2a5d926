"""Writing down that sessions ended, and making it known at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.events import SessionEnded
from kosu.modules.identity.ports import IdentityRecords, SessionCache, SessionCacheUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revocation:
    """Writes tombstones after the commit that ended the sessions, never before and never instead."""

    cache: SessionCache

    @staticmethod
    async def write(records: IdentityRecords, ended: Sequence[Session]) -> None:
        """Save ended sessions in the open transaction, with the event for each; `announce` follows its commit."""
        for session in ended:
            await records.sessions.save(session)
            await records.outbox.add(
                SessionEnded(user_id=session.user_id, session_id=session.id, reason=str(session.end_reason))
            )

    async def announce(self, user_id: UserId, ended: Sequence[Session]) -> None:
        """Tell the cache. Should it be away, the outbox's `SessionEnded` tells it again by the worker."""
        if not ended:
            return
        try:
            await self.cache.bury(user_id, {session.id: str(session.end_reason) for session in ended})
        except SessionCacheUnavailable as error:
            log.warning("identity: tombstones left to the outbox: %s", error)
