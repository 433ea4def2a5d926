"""Give an upload up."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UploadId, UserId
from kosu.modules.media.discard import Discard
from kosu.modules.media.errors import UploadNotFound
from kosu.modules.media.ports import MediaRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AbortUpload:
    transaction: Transaction[MediaRecords]
    discard: Discard

    async def __call__(self, *, user_id: UserId, upload_id: UploadId) -> None:
        """Repeatable.

        Raises:
            UploadNotFound: also for a session of somebody else.
            UploadClosed: it is completed already.
        """
        async with self.transaction() as records:
            session = await records.uploads.lock(upload_id)
            if session.owner_id != user_id:
                msg = "There is no such upload."
                raise UploadNotFound(msg)
            session = session.aborted()
            await records.uploads.save(session)
        if not session.purged:
            await self.discard.now_or_later(session)
