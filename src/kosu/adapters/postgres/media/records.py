"""Upload sessions, assets, and runs held by lease and fence, in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.media.captions import PostgresCaptions
from kosu.adapters.postgres.media.chunks import PostgresChunks
from kosu.adapters.postgres.media.rows import (
    ACTIVE,
    OPEN,
    AssetRow,
    RetiredRevisionRow,
    RunRow,
    UploadRow,
    columns_of,
    value_of,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import AssetId, RunId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset, Publication, RetiredRevision
from kosu.modules.media.domain.runs import ACTIVE_STATES, LEASE, Run, RunState
from kosu.modules.media.domain.uploads import UploadSession
from kosu.modules.media.errors import LeaseLost, UploadNotFound


class _UploadRepository(SQLAlchemyAsyncRepository[UploadRow]):
    model_type = UploadRow


class _RunRepository(SQLAlchemyAsyncRepository[RunRow]):
    model_type = RunRow


class PostgresUploads:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _UploadRepository(session=session)

    async def add_or_resume(self, session: UploadSession) -> UploadSession:
        adding = insert(UploadRow).values(columns_of(session)).on_conflict_do_nothing().returning(UploadRow.id)
        existing = select(UploadRow).where(
            UploadRow.owner_id == session.owner_id, UploadRow.fingerprint == session.fingerprint, OPEN
        )
        # The session that was in the way may end before it is read: then there is room for ours.
        while (await self._session.execute(adding)).first() is None:
            row = (await self._session.execute(existing)).scalar_one_or_none()
            if row is not None:
                return value_of(row.to_dict(), UploadSession)
        return session

    async def lock_used_bytes(self, owner_id: UserId) -> int:
        # Nothing has to exist for an advisory lock: the owner's first upload is raced as well.
        await execute(
            self._session, "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", {"name": f"media:{owner_id}"}
        )
        cursor = await execute(
            self._session,
            """SELECT coalesce(sum(u.size_bytes), 0)::bigint
               FROM media.uploads u
               LEFT JOIN media.runs r ON r.upload_id = u.id
               LEFT JOIN media.assets a ON a.id = r.asset_id
               WHERE u.owner_id = %(owner_id)s
                 AND (NOT u.purged
                      OR r.revisions @> (a.publication->'revision')
                      OR EXISTS (SELECT FROM media.retired_revisions t WHERE t.asset_id = r.asset_id
                                 AND r.revisions @> to_jsonb(t.revision)))""",
            {"owner_id": owner_id},
        )
        (used_bytes,) = await cursor.fetchone() or (0,)
        return int(used_bytes)

    async def lock(self, upload_id: UploadId) -> UploadSession:
        row = await self._rows.get_one_or_none(id=upload_id, with_for_update=True)
        if row is None:
            msg = "There is no such upload."
            raise UploadNotFound(msg)
        return value_of(row.to_dict(), UploadSession)

    async def save(self, session: UploadSession) -> None:
        await self._session.merge(UploadRow(**columns_of(session)))
        await self._session.flush()

    async def lock_expired(self, *, at: datetime, limit: int) -> Sequence[UploadSession]:
        rows = await self._session.scalars(
            select(UploadRow)
            .where(OPEN, UploadRow.expires_at <= at)
            .order_by(UploadRow.expires_at, UploadRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [value_of(row.to_dict(), UploadSession) for row in rows]


class PostgresAssets:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_or_get(self, asset: Asset) -> Asset:
        adding = insert(AssetRow).values(columns_of(asset)).on_conflict_do_nothing().returning(AssetRow.id)
        if (await self._session.execute(adding)).first() is not None:
            return asset
        existing = await self._session.scalars(select(AssetRow).where(AssetRow.lesson_id == asset.lesson_id))
        return value_of(existing.one().to_dict(), Asset)

    async def next_revision(self, asset_id: AssetId) -> int:
        revision = await self._session.scalars(
            update(AssetRow)
            .where(AssetRow.id == asset_id)
            .values(last_revision=AssetRow.last_revision + 1)
            .returning(AssetRow.last_revision)
        )
        return revision.one()

    async def publish(self, asset_id: AssetId, publication: Publication) -> bool:
        asset = AssetRow.id == asset_id
        published = select(AssetRow.publication["revision"].as_integer()).where(asset).with_for_update()
        revision = (await self._session.scalars(published)).one()
        if revision is not None and revision > publication.revision:
            return False
        await self._session.execute(update(AssetRow).where(asset).values(publication=columns_of(publication)))
        if revision is not None and revision < publication.revision:
            self._session.add(
                RetiredRevisionRow(asset_id=asset_id, revision=revision, retired_at=publication.published_at)
            )
            await self._session.flush()
        return True

    async def forget_retired(self, retired: RetiredRevision) -> None:
        await self._session.execute(
            delete(RetiredRevisionRow).where(
                RetiredRevisionRow.asset_id == retired.asset_id, RetiredRevisionRow.revision == retired.revision
            )
        )

    async def publish_captions(self, asset_id: AssetId, publication: Publication) -> bool:
        published = AssetRow.publication["revision"].as_integer()
        # Publications of earlier releases have no such field.
        version = func.coalesce(AssetRow.publication["captions_version"].as_integer(), 0)
        moved = await self._session.execute(
            update(AssetRow)
            .where(
                AssetRow.id == asset_id,
                published == publication.revision,
                version < publication.captions_version,
            )
            .values(publication=columns_of(publication))
            .returning(AssetRow.id)
        )
        return moved.first() is not None


class PostgresRuns:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _RunRepository(session=session)

    async def add(self, run: Run) -> None:
        await self._rows.add(RunRow(**columns_of(run)))

    async def lock(self, run_id: RunId) -> Run | None:
        row = await self._rows.get_one_or_none(id=run_id, with_for_update=True)
        return None if row is None else value_of(row.to_dict(), Run)

    async def lock_active(self, asset_id: AssetId) -> Sequence[Run]:
        rows = await self._session.scalars(
            select(RunRow).where(RunRow.asset_id == asset_id, ACTIVE).order_by(RunRow.id).with_for_update()
        )
        return [value_of(row.to_dict(), Run) for row in rows]

    async def claim(self, run_id: RunId, *, at: datetime) -> Run | None:
        # Raced claims wait for each other on the row, and the second one then sees the lease of the first.
        claimed = await self._session.scalars(
            update(RunRow)
            .where(
                RunRow.id == run_id,
                RunRow.state.in_(ACTIVE_STATES),
                or_(RunRow.lease_until.is_(None), RunRow.lease_until <= at),
            )
            .values(
                state=RunState.PROCESSING.value,
                fence=RunRow.fence + 1,
                started_at=func.coalesce(RunRow.started_at, at),
                lease_until=at + LEASE,
                wake_at=at + LEASE,
                waits_for=None,
            )
            .returning(RunRow)
        )
        row = claimed.one_or_none()
        return None if row is None else value_of(row.to_dict(), Run)

    async def save(self, run: Run, *, fence: int) -> None:
        saved = await self._session.execute(
            update(RunRow)
            .where(RunRow.id == run.id, RunRow.fence == fence)
            .values(columns_of(run))
            .returning(RunRow.id)
            .execution_options(synchronize_session=False)
        )
        if saved.first() is None:
            msg = f"run {run.id} is no longer at fence {fence}"
            raise LeaseLost(msg)

    async def lock_due(self, *, at: datetime, limit: int) -> Sequence[Run]:
        rows = await self._session.scalars(
            select(RunRow)
            .where(ACTIVE, RunRow.wake_at <= at)
            .order_by(RunRow.wake_at, RunRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [value_of(row.to_dict(), Run) for row in rows]


class PostgresMediaRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.uploads = PostgresUploads(session)
        self.assets = PostgresAssets(session)
        self.runs = PostgresRuns(session)
        self.captions = PostgresCaptions(session)
        self.chunks = PostgresChunks(session)
