"""Begin to upload a video, or go on with the same one."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from kosu.ids import AssetId, LessonId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.quota import check_quota
from kosu.modules.media.domain.uploads import (
    LIFETIME,
    UploadSession,
    check_content_type,
    check_fingerprint,
    filename_of,
    fingerprint_of,
    plan_parts,
    source_key,
)
from kosu.modules.media.errors import FileTooLarge, UploadForbidden
from kosu.modules.media.ports import LessonAuthors, MediaQueries, MediaRecords
from kosu.modules.media.views import UploadView, upload_view
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.object_store import MultipartNotFound, ObjectStore, StoreUnavailable
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StartUpload:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore
    lesson_authors: LessonAuthors
    clock: Clock
    ids: IdSource
    max_upload_bytes: int
    upload_quota_bytes: int

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_instructor: bool,
        is_operator: bool,
        filename: str,
        size_bytes: int,
        content_type: str,
        lesson_id: LessonId | None = None,
        fingerprint: str | None = None,
    ) -> tuple[UploadView, bool]:
        """The session and whether it is new: the same file of the same owner finds its open session again.

        Raises:
            UploadForbidden: no instructor, or the lesson is of somebody else.
            InvalidFilename, InvalidContentType, InvalidFingerprint
            EmptyFile, FileTooLarge
            UploadQuotaExceeded: never for an operator, nor for a session that is open already.
        """
        if not is_instructor:
            msg = "Only instructors upload videos."
            raise UploadForbidden(msg)
        filename = filename_of(filename)
        check_content_type(content_type)
        plan = plan_parts(size_bytes)
        if size_bytes > self.max_upload_bytes:
            raise FileTooLarge(self.max_upload_bytes)
        if lesson_id is not None and not await self.lesson_authors.may_attach(user_id=user_id, lesson_id=lesson_id):
            msg = "This lesson takes no video of yours."
            raise UploadForbidden(msg)
        if fingerprint:
            check_fingerprint(fingerprint)
            fingerprint = fingerprint_of(fingerprint, lesson_id=lesson_id, filename=filename, size_bytes=size_bytes)
            session = await self.queries.open_upload(user_id, fingerprint)
            if session is not None and session.expires_at > self.clock.now():
                return await self._resumed(session), False
        at = self.clock.now()
        upload_id = UploadId(self.ids.new())
        key = source_key(upload_id)
        multipart_id = await self.store.begin_multipart(key, content_type=content_type)
        is_ours = False
        try:
            async with self.transaction() as records:
                used_bytes = await records.uploads.lock_used_bytes(user_id)
                asset = await records.assets.add_or_get(
                    Asset(id=AssetId(self.ids.new()), owner_id=user_id, lesson_id=lesson_id, created_at=at)
                )
                session = await records.uploads.add_or_resume(
                    UploadSession(
                        id=upload_id,
                        owner_id=user_id,
                        asset_id=asset.id,
                        lesson_id=lesson_id,
                        filename=filename,
                        content_type=content_type,
                        size_bytes=size_bytes,
                        part_size_bytes=plan.part_size_bytes,
                        key=key,
                        multipart_id=multipart_id,
                        fingerprint=fingerprint or None,
                        created_at=at,
                        expires_at=at + LIFETIME,
                    )
                )
                if session.id == upload_id and not is_operator:
                    check_quota(used_bytes=used_bytes, further_bytes=size_bytes, limit_bytes=self.upload_quota_bytes)
            is_ours = session.id == upload_id
        finally:
            if not is_ours:
                # Another request was first, or nothing was written: what we began in the store is nobody's.
                await self._abandon(key, multipart_id)
        return (upload_view(session), True) if is_ours else (await self._resumed(session), False)

    async def _abandon(self, key: str, multipart_id: str) -> None:
        try:
            await self.store.abort_multipart(key, multipart_id)
        except StoreUnavailable as error:
            # Without parts it takes no room, and nobody can send it any: no URL was ever given out.
            log.warning("multipart %s of %s stays in the store: %s", multipart_id, key, error)

    async def _resumed(self, session: UploadSession) -> UploadView:
        try:
            parts = await self.store.list_parts(session.key, session.multipart_id)
        except MultipartNotFound:
            # Joined already, by a completion that was interrupted: repeating it settles the session.
            parts = []
        return upload_view(session, parts)
