"""Give out the URLs to which a client sends parts, straight to the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kosu.ids import UploadId, UserId
from kosu.modules.media.domain.uploads import UploadState
from kosu.modules.media.errors import UnknownPart, UploadClosed, UploadNotFound
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.modules.media.views import PresignedPartsView, presigned_part_view
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectStore, PartRequest
from kosu.ports.unit_of_work import Transaction

URL_LIFETIME = timedelta(hours=1)
MAX_PARTS_PER_CALL = 100


@dataclass(frozen=True, slots=True)
class PresignParts:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, upload_id: UploadId, part_numbers: Sequence[int]
    ) -> PresignedPartsView:
        """URLs for these parts, in the order asked for, each good for an hour and for exactly the planned size.

        Raises:
            UploadNotFound: also for a session of somebody else.
            UploadClosed: it has ended, or its time is over.
            UnknownPart: no part, too many in one call, or numbers outside of the plan.
        """
        session = await self.queries.upload(upload_id)
        if session is None or session.owner_id != user_id:
            msg = "There is no such upload."
            raise UploadNotFound(msg)
        if not session.is_open:
            raise UploadClosed(session.state)
        if session.expires_at <= self.clock.now():
            raise UploadClosed(UploadState.EXPIRED)
        plan = session.plan
        if not 1 <= len(part_numbers) <= MAX_PARTS_PER_CALL:
            msg = f"Ask for 1 to {MAX_PARTS_PER_CALL} parts at a time."
            raise UnknownPart(msg)
        if unknown := [number for number in part_numbers if number not in plan]:
            msg = f"The upload has parts 1 to {plan.part_count}, not {unknown[0]}."
            raise UnknownPart(msg)
        if session.state is UploadState.CREATED:
            async with self.transaction() as records:
                await records.uploads.save((await records.uploads.lock(upload_id)).uploading())
        parts = await self.store.presign_parts(
            session.key,
            session.multipart_id,
            [PartRequest(number, plan.size_of(number)) for number in part_numbers],
            ttl=URL_LIFETIME,
        )
        return PresignedPartsView(tuple(presigned_part_view(part) for part in parts))
