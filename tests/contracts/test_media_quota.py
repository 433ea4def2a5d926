"""What an owner has in the store, counted in memory and in PostgreSQL; and that races cannot get around a quota."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from dependency_injector.providers import Object

from kosu.adapters.postgres.media import PostgresMediaQueries, PostgresMediaRecords
from kosu.ids import AssetId, UserId
from kosu.modules.media.domain.assets import Publication, RetiredRevision
from kosu.modules.media.domain.runs import RunState
from kosu.modules.media.domain.uploads import MIB, UploadSession, UploadState
from kosu.modules.media.errors import UploadQuotaExceeded
from tests.contracts.test_media_records import FACTS, NOW, OWNER, RENDITION, Media, media
from tests.support.databases import InPostgres
from tests.support.media import MediaWorld

__all__ = ["media"]


async def used_bytes(media: Media, owner_id: UserId = OWNER) -> int:
    async with media.transaction() as records:
        return await records.uploads.lock_used_bytes(owner_id)


async def processed(media: Media, session: UploadSession, *revisions: int) -> None:
    """The file's run is over and its source gone."""
    run = await media.stored_run(session)
    await media.save(replace(run, state=RunState.COMPLETED, revisions=revisions), fence=0)
    async with media.transaction() as records:
        await records.uploads.save(replace(session, purged=True))


async def publish(media: Media, asset_id: AssetId, revision: int) -> None:
    publication = Publication(revision=revision, facts=FACTS, renditions=(RENDITION,), published_at=NOW)
    async with media.transaction() as records:
        await records.assets.publish(asset_id, publication)


async def test_sessions_count_until_nothing_of_them_is_kept(media: Media) -> None:
    assert await used_bytes(media) == 0
    await media.stored_session(size_bytes=1)
    await media.stored_session(size_bytes=20, state=UploadState.COMPLETED)
    await media.stored_session(size_bytes=300, state=UploadState.ABORTED)
    await media.stored_session(size_bytes=4000, state=UploadState.ABORTED, purged=True)
    await media.stored_session(size_bytes=50_000, owner_id=UserId(UUID(int=1)))

    assert await used_bytes(media) == 321


async def test_files_count_while_a_revision_of_them_is_kept(media: Media) -> None:
    asset = await media.stored_asset()
    older = await media.stored_session(asset, size_bytes=1, state=UploadState.COMPLETED)
    newer = await media.stored_session(asset, size_bytes=20, state=UploadState.COMPLETED)
    other = await media.stored_session(size_bytes=300, state=UploadState.COMPLETED)
    await processed(media, older, 1, 2)
    await processed(media, newer, 12)
    await processed(media, other, 2)
    assert await used_bytes(media) == 0, "nothing was published"

    await publish(media, asset.id, 2)
    assert await used_bytes(media) == 1
    await publish(media, asset.id, 12)
    assert await used_bytes(media) == 21
    async with media.transaction() as records:
        await records.assets.forget_retired(RetiredRevision(asset.id, 2))
    assert await used_bytes(media) == 20


@pytest.mark.parametrize("is_first", [True, False])
async def test_raced_starts_do_not_exceed_the_quota_together(
    postgres: InPostgres, tmp_path: Path, is_first: bool
) -> None:
    """Neither those of an owner who has files, nor the very first ones."""
    world = MediaWorld(tmp_path)
    world.container.transaction.override(Object(postgres.transaction(PostgresMediaRecords, PostgresMediaRecords)))
    world.container.queries.override(Object(postgres.queries(PostgresMediaQueries, PostgresMediaQueries)))
    world.container.upload_quota_bytes.override(Object(5 * MIB))
    if not is_first:
        await world.start(size_bytes=MIB, lesson_id=None, fingerprint="before")

    async def start(number: int) -> bool:
        try:
            await world.start(size_bytes=MIB, lesson_id=None, fingerprint=f"file-{number}")
        except UploadQuotaExceeded:
            return False
        return True

    begun = sum(await asyncio.gather(*(start(number) for number in range(12))))

    assert begun == (5 if is_first else 4)
    assert len(world.store._uploads) == 5
