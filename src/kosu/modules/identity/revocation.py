"""Making an ended session's end known at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.ports import SessionCache, SessionCacheUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revocation:
    """Writes tombstones after the commit that ended the sessions, never before and never instead."""

    cache: SessionCache

    async def announce(self, user_id: UserId, ended: Sequence[Session]) -> None:
        """Tell the cache. Should it be away, the outbox's `SessionEnded` tells it again by the worker."""
        if not ended:
            return
        try:
            await self.cache.bury(user_id, {session.id: str(session.end_reason) for session in ended})
        except SessionCacheUnavailable as error:
            log.warning("identity: tombstones left to the outbox: %s", error)
