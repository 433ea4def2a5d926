"""How far an upload is, by the store's own account."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UploadId, UserId
from kosu.modules.media.errors import UploadNotFound
from kosu.modules.media.ports import MediaQueries
from kosu.modules.media.views import UploadView, upload_view
from kosu.ports.object_store import MultipartNotFound, ObjectStore


@dataclass(frozen=True, slots=True)
class GetUpload:
    queries: MediaQueries
    store: ObjectStore

    async def __call__(self, *, user_id: UserId, upload_id: UploadId) -> UploadView:
        """Raises UploadNotFound, also for a session of somebody else."""
        session = await self.queries.upload(upload_id)
        if session is None or session.owner_id != user_id:
            msg = "There is no such upload."
            raise UploadNotFound(msg)
        if not session.is_open:
            return upload_view(session)
        try:
            return upload_view(session, await self.store.list_parts(session.key, session.multipart_id))
        except MultipartNotFound:
            return upload_view(session)
