"""The records of replaced revisions, in memory and in PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from kosu.ids import AssetId, UploadId
from kosu.modules.media.domain.assets import Publication, RetiredRevision
from kosu.modules.media.domain.runs import RunState
from tests.contracts.test_media_records import FACTS, NOW, RENDITION, Media, ids, media

__all__ = ["media"]

LATER = NOW + timedelta(hours=1)


def a_publication(revision: int, at: datetime = NOW) -> Publication:
    return Publication(revision=revision, facts=FACTS, renditions=(RENDITION,), published_at=at)


async def publish(media: Media, asset_id: AssetId, revision: int, at: datetime = NOW) -> bool:
    async with media.transaction() as records:
        return await records.assets.publish(asset_id, a_publication(revision, at))


async def retired(media: Media, before: datetime = LATER + timedelta(seconds=1), limit: int = 10) -> object:
    return await media.queries.retired_revisions(retired_before=before, limit=limit)


async def test_replaced_revisions_are_noted_once_and_forgotten(media: Media) -> None:
    asset = await media.stored_asset()
    for revision, at in ((1, NOW), (1, NOW), (3, NOW), (2, LATER), (4, LATER)):
        await publish(media, asset.id, revision, at)
    first, third = RetiredRevision(asset.id, 1), RetiredRevision(asset.id, 3)

    assert await retired(media) == [first, third]
    assert await retired(media, LATER) == [first]
    assert await retired(media, NOW) == []
    assert await retired(media, limit=1) == [first]

    for _ in range(2):
        async with media.transaction() as records:
            await records.assets.forget_retired(first)
    assert await retired(media) == [third]


async def test_raced_publications_do_not_move_back(media: Media) -> None:
    asset = await media.stored_asset()
    await publish(media, asset.id, 1)

    async with media.transaction() as records:
        assert await records.assets.publish(asset.id, a_publication(3))
        late = asyncio.create_task(publish(media, asset.id, 2))
        await asyncio.sleep(0.2)
        assert not late.done()

    assert not await late
    publication = (await media.snapshot(asset.id)).asset.publication
    assert publication is not None
    assert publication.revision == 3
    assert await retired(media) == [RetiredRevision(asset.id, 1)]


async def test_unpublished_revisions_are_of_runs_that_came_to_nothing(media: Media) -> None:
    session = await media.stored_session()
    run = await media.stored_run(session)
    await publish(media, session.asset_id, 2)
    for state, expected in (
        (RunState.FAILED, [1, 3]),
        (RunState.CANCELLED, [1, 3]),
        (RunState.PROCESSING, []),
        (RunState.COMPLETED, []),
    ):
        await media.save(replace(run, state=state, revisions=(1, 2, 3)), fence=0)
        assert await media.queries.unpublished_revisions(session.id) == expected, state

    other = await media.stored_run()
    await media.save(replace(other, state=RunState.FAILED, revisions=(7,)), fence=0)
    assert await media.queries.unpublished_revisions(other.upload_id) == [7], "nothing is published at all"
    assert await media.queries.unpublished_revisions(UploadId(ids.new())) == []
