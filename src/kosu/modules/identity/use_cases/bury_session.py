"""Tell the session cache of an ended session, once more and surely."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import SessionId, UserId
from kosu.modules.identity.events import SessionEnded
from kosu.modules.identity.ports import SessionCache


@dataclass(frozen=True, slots=True)
class BurySession:
    """Reaction to SessionEnded. The tombstone was written right after the commit already, unless Redis was away."""

    cache: SessionCache

    async def __call__(self, event: SessionEnded) -> None:
        """Raises SessionCacheUnavailable: the outbox tries again."""
        await self.cache.bury(UserId(event.user_id), {SessionId(event.session_id): event.reason})
