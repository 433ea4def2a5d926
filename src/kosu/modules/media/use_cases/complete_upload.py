"""Close an upload and have it processed. The store's own part list is the truth, not what a client says."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import AssetId, RunId, UploadId, UserId
from kosu.modules.media.discard import Discard
from kosu.modules.media.domain.containers import HEAD_BYTES, looks_like_media
from kosu.modules.media.domain.runs import Run
from kosu.modules.media.domain.uploads import UploadSession, UploadState
from kosu.modules.media.errors import NotAVideo, UploadClosed, UploadIncomplete, UploadLost, UploadNotFound
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.object_store import (
    MultipartNotFound,
    ObjectNotFound,
    ObjectStore,
    StoredPart,
    StoreUnavailable,
)
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore
    discard: Discard
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, upload_id: UploadId) -> AssetId:
        """Repeatable: however often it is called, and wherever a call was interrupted, one run comes of it.

        Raises:
            UploadNotFound: also for a session of somebody else.
            UploadClosed: aborted or expired.
            UploadIncomplete
            UploadLost: the store has forgotten it.
            NotAVideo: the session is rejected and the object deleted.
            StoreUnavailable: call again.
        """
        session = await self.queries.upload(upload_id)
        if session is None or session.owner_id != user_id:
            msg = "There is no such upload."
            raise UploadNotFound(msg)
        match session.state:
            case UploadState.COMPLETED:
                return session.asset_id
            case UploadState.REJECTED:
                raise _not_a_video()
            case UploadState.ABORTED | UploadState.EXPIRED:
                raise UploadClosed(session.state)
            case UploadState.CREATED | UploadState.UPLOADING | UploadState.COMPLETING:
                await self._join(session)
        if looks_like_media(await self.store.read(session.key, length=HEAD_BYTES)):
            await self._accept(session)
            return session.asset_id
        await self._reject(session)
        raise _not_a_video()

    async def _join(self, session: UploadSession) -> None:
        """Make one object of the parts, or find that this has happened before."""
        try:
            stored = await self.store.list_parts(session.key, session.multipart_id)
        except MultipartNotFound:
            await self._require_object(session)
            return
        if missing := session.plan.missing((part.part_number, part.size_bytes) for part in stored):
            raise UploadIncomplete(missing)
        async with self.transaction() as records:
            locked = await records.uploads.lock(session.id)
            if locked.state is UploadState.COMPLETED:
                return
            await records.uploads.save(locked.completing())
        parts: list[StoredPart] = [part for part in stored if part.part_number in session.plan]
        try:
            await self.store.complete_multipart(session.key, session.multipart_id, parts)
        except MultipartNotFound:
            await self._require_object(session)
        except StoreUnavailable:
            # The answer may have been lost after the work was done.
            if not await self._has_object(session):
                raise

    async def _require_object(self, session: UploadSession) -> None:
        if not await self._has_object(session):
            msg = "The store has no trace of this upload. Start it again."
            raise UploadLost(msg)

    async def _has_object(self, session: UploadSession) -> bool:
        try:
            return (await self.store.head(session.key)).size_bytes == session.size_bytes
        except ObjectNotFound:
            return False

    async def _reject(self, session: UploadSession) -> None:
        async with self.transaction() as records:
            session = await records.uploads.lock(session.id)
            if session.state is not UploadState.REJECTED:
                session = session.rejected()
                await records.uploads.save(session)
        await self.discard.now_or_later(session)

    async def _accept(self, session: UploadSession) -> None:
        """Session, run and the message that asks for it, as one. Runs of the file before this one are cancelled."""
        at = self.clock.now()
        async with self.transaction() as records:
            session = await records.uploads.lock(session.id)
            if session.state is UploadState.COMPLETED:
                return
            await records.uploads.save(session.completed())
            for run in await records.runs.lock_active(session.asset_id):
                if not run.is_published:
                    await records.runs.save(run.cancelled(at), fence=run.fence)
            run = Run(
                id=RunId(self.ids.new()),
                asset_id=session.asset_id,
                lesson_id=session.lesson_id,
                upload_id=session.id,
                source_key=session.key,
                source_bytes=session.size_bytes,
                created_at=at,
            ).queued(at)
            await records.runs.add(run)
            await records.outbox.add(ProcessRun(run.id))


def _not_a_video() -> NotAVideo:
    return NotAVideo("The uploaded file is no video or sound in a format that we know.")
