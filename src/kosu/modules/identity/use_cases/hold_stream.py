"""Play on so many devices of an account at once, and on no more.

While the leases are away everybody may play: a limit on honest people is not worth an outage for all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import LessonId
from kosu.modules.identity.domain.streams import LEASE, StreamId, StreamLease
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import StreamLimitReached, StreamLost
from kosu.modules.identity.ports import StreamLeases, StreamLeasesUnavailable
from kosu.modules.identity.views import StreamView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClaimStream:
    leases: StreamLeases
    clock: Clock
    ids: IdSource
    limit: int

    async def __call__(self, *, viewer: Viewer, lesson_id: LessonId, take_over: bool = False) -> StreamLease:
        """Begin to play on this device, which ends what it played before.

        With `take_over` the devices that would lapse first stop playing; otherwise they stand in the way.

        Raises:
            StreamLimitReached
        """
        at = self.clock.now()
        lease = StreamLease(StreamId(self.ids.new()), viewer.device_id, lesson_id, expires_at=at + LEASE)
        try:
            others = await self.leases.claim(viewer.user_id, lease, limit=self.limit, take_over=take_over, at=at)
        except StreamLeasesUnavailable as error:
            log.warning("identity: a stream is not counted: %s", error)
            return lease
        if others:
            raise StreamLimitReached(self.limit, [StreamView.of(other) for other in others])
        return lease


@dataclass(frozen=True, slots=True)
class KeepStream:
    leases: StreamLeases
    clock: Clock

    async def __call__(self, *, viewer: Viewer, stream_id: StreamId) -> datetime:
        """Say that this device still plays; answers until when it may.

        Raises:
            StreamLost: another device took over, too much time has passed, or the leases were lost. Who claims again
                plays on if there is room.
        """
        at = self.clock.now()
        try:
            kept = await self.leases.renew(viewer.user_id, viewer.device_id, stream_id, expires_at=at + LEASE, at=at)
        except StreamLeasesUnavailable as error:
            log.warning("identity: a stream is not counted: %s", error)
            kept = True
        if not kept:
            msg = "This device does not hold the stream any more; claim it again to play on."
            raise StreamLost(msg)
        return at + LEASE


@dataclass(frozen=True, slots=True)
class ReleaseStream:
    leases: StreamLeases

    async def __call__(self, *, viewer: Viewer, stream_id: StreamId) -> None:
        """Stop playing. While the leases are away nothing needs to be done: the lease lapses."""
        try:
            await self.leases.release(viewer.user_id, viewer.device_id, stream_id)
        except StreamLeasesUnavailable as error:
            log.warning("identity: a stream lapses by itself: %s", error)
