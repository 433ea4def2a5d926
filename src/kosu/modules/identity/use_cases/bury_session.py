"""Tell the caches of an ended session, once more and surely."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.events import SessionEnded
from kosu.modules.identity.ports import SessionCache, StreamLeases


@dataclass(frozen=True, slots=True)
class BurySession:
    """Reaction to SessionEnded. All this was done right after the commit already, unless Redis was away."""

    cache: SessionCache
    streams: StreamLeases

    async def __call__(self, event: SessionEnded) -> None:
        """Raises SessionCacheUnavailable, StreamLeasesUnavailable: the outbox tries again."""
        user_id = UserId(event.user_id)
        await self.cache.bury(user_id, {SessionId(event.session_id): event.reason})
        if event.reason != EndReason.REPLACED:
            # A device that signed in again may hold a new stream by now.
            await self.streams.end(user_id, [DeviceId(event.device_id)])
