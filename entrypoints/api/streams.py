"""/api/v1/me/streams: which of one's devices may play."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, delete, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Identity
from kosu.ids import LessonId
from kosu.modules.identity.domain.streams import HEARTBEAT, StreamId


class StreamClaim(msgspec.Struct, frozen=True):
    """With `takeover` the device that was silent for the longest time stops playing, should the limit be reached."""

    lesson_id: UUID
    takeover: bool = False


class Lease(msgspec.Struct, frozen=True):
    """To be renewed every `heartbeat_seconds`, and lost after `expires_at`."""

    id: UUID
    expires_at: datetime
    heartbeat_seconds: int = int(HEARTBEAT.total_seconds())


class StreamController(Controller):
    path = "/api/v1/me/streams"
    tags = ("identity",)

    @post("/", operation_id="claimStream", status_code=HTTP_200_OK)
    async def claim(
        self, data: JSONBody[StreamClaim], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> Lease:
        """Begin to play on this device."""
        lease = await identity.claim_stream()(
            viewer=request.user, lesson_id=LessonId(data.lesson_id), take_over=data.takeover
        )
        return Lease(lease.id, lease.expires_at)

    @put("/{stream_id:uuid}", operation_id="keepStream")
    async def keep(
        self, stream_id: FromPath[UUID], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> Lease:
        """Say that this device still plays.

        Whoever is told `stream_lost` claims again, and plays on if there is room.
        """
        expires_at = await identity.keep_stream()(viewer=request.user, stream_id=StreamId(stream_id))
        return Lease(stream_id, expires_at)

    @delete("/{stream_id:uuid}", operation_id="releaseStream")
    async def release(
        self, stream_id: FromPath[UUID], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> None:
        """Stop playing."""
        await identity.release_stream()(viewer=request.user, stream_id=StreamId(stream_id))
