"""Dropping what a discarded upload session left in the store."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from kosu.modules.media.domain.assets import revision_prefix
from kosu.modules.media.domain.preview import previews_prefix
from kosu.modules.media.domain.uploads import UploadSession
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.object_store import ObjectStore, StoreUnavailable
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Discard:
    """Drops the parts and the object of a session that nobody needs any more; repeatable.

    What a run of it sent to the store and never published goes along, its previews among it.
    """

    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore

    async def __call__(self, session: UploadSession) -> None:
        await self.store.abort_multipart(session.key, session.multipart_id)
        await self.store.delete(session.key)
        for revision in await self.queries.unpublished_revisions(session.id):
            await self.store.delete_prefix(revision_prefix(session.asset_id, revision))
        await self.store.delete_prefix(previews_prefix(session.id))
        async with self.transaction() as records:
            await records.uploads.save(replace(await records.uploads.lock(session.id), purged=True))

    async def now_or_later(self, session: UploadSession) -> None:
        """As above; what the store cannot do now is left to the sweep."""
        try:
            await self(session)
        except StoreUnavailable as error:
            log.warning("upload %s: left to the sweep: %s", session.id, error)
