"""What was replaced, or sent in vain, is deleted: later, again and again if need be, and never what plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kosu.ids import AssetId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.runs import WORKER_DIED, StepName
from kosu.modules.media.use_cases.expire_uploads import SOURCE_KEPT
from kosu.ports.object_store import StoreUnavailable
from tests.support.media import LESSON, OWNER, MediaWorld
from tests.support.object_stores import stream

RETIRED_KEPT = timedelta(hours=24)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def published(world: MediaWorld) -> AssetId:
    """The lesson's asset, with one more revision of it."""
    asset_id = await world.uploaded()
    await world.process()
    return asset_id


async def revisions(world: MediaWorld, asset_id: AssetId) -> set[str]:
    """Those of which the store has files."""
    return {key.split("/")[3] for key in await world.store.list_keys(f"media/v/{asset_id}/")}


async def sweep(world: MediaWorld) -> None:
    await world.container.expire_uploads()()
    await world.container.drop_revisions()()


async def test_replaced_revision_goes_a_day_later(world: MediaWorld) -> None:
    asset_id = await published(world)
    await published(world)

    world.clock.advance(RETIRED_KEPT)
    await sweep(world)
    assert await revisions(world, asset_id) == {"1", "2"}
    world.clock.advance(MOMENT)
    await sweep(world)

    assert await revisions(world, asset_id) == {"2"}


async def test_published_revision_is_never_deleted(world: MediaWorld) -> None:
    """However often one is replaced and however late the sweep comes, what plays stays."""
    for _ in range(3):
        asset_id = await published(world)
        world.clock.advance(RETIRED_KEPT + MOMENT)
        await sweep(world)
        playing = (await world.container.facade().playback(LESSON)).media_revision
        assert str(playing) in await revisions(world, asset_id)
    world.clock.advance(days=365)

    for _ in range(2):
        await sweep(world)

    assert await revisions(world, asset_id) == {"3"}
    assert await world.store.read(f"media/v/{asset_id}/3/master.m3u8", length=7) == b"#EXTM3U"
    assert not world.database.table("media.retired_revisions")


async def test_captions_do_not_retire_what_they_join(world: MediaWorld) -> None:
    asset_id = await published(world)
    await world.container.put_captions()(
        user_id=OWNER,
        is_operator=False,
        asset_id=asset_id,
        lang="en",
        webvtt=b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello",
        origin=Origin(),
    )
    await world.container.publish_captions()(asset_id=asset_id)
    world.clock.advance(RETIRED_KEPT + MOMENT)

    await sweep(world)

    assert await revisions(world, asset_id) == {"1"}


async def test_store_that_is_away_is_asked_again_by_the_next_sweep(world: MediaWorld) -> None:
    asset_id = await published(world)
    await published(world)
    world.clock.advance(RETIRED_KEPT + MOMENT)
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        await world.container.drop_revisions()()
    world.store.available = True

    await sweep(world)

    assert await revisions(world, asset_id) == {"2"}


@pytest.mark.parametrize("end", ["cancelled", "failed"])
async def test_what_a_run_sent_in_vain_goes_with_its_source(world: MediaWorld, end: str) -> None:
    asset_id = await published(world)
    await world.uploaded(size_bytes=2000)
    worker = await world.held()
    async with world.transaction() as records:
        taken = await records.assets.next_revision(asset_id)
    await worker.write(lambda run, _: replace(run, revisions=(taken,)))
    await world.store.put(f"media/v/{asset_id}/{taken}/half", stream(b"half"), content_type="video/mp4")
    if end == "cancelled":
        await world.container.cancel_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id, origin=Origin())
    else:
        await worker.write(lambda run, at: run.given_up(StepName.UPLOAD, WORKER_DIED, at))
    world.clock.advance(SOURCE_KEPT)
    await sweep(world)
    assert await revisions(world, asset_id) == {"1", "2"}, "it may be tried again"
    world.clock.advance(MOMENT)

    for _ in range(2):
        await sweep(world)

    assert await revisions(world, asset_id) == {"1"}
    assert not await world.store.list_keys("uploads/")
