"""What an author sees of a video before anybody else does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.adapters.memory.transcoder import FACTS, begin_rendition
from kosu.ids import AssetId
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.preview import preview_master, preview_rung
from kosu.modules.media.errors import AssetNotFound, MediaNotReady, SourceCorrupt, TranscoderFailed
from kosu.modules.media.use_cases.preview_asset import OpenedPreview
from kosu.ports.object_store import ObjectNotFound
from tests.support.media import OWNER, STRANGER, MediaWorld


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def opened(world: MediaWorld, asset_id: AssetId) -> OpenedPreview:
    return await world.container.preview_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)


async def text_at(world: MediaWorld, url: str) -> str:
    key = url.removeprefix("https://media.kosu.test/")
    return (await world.store.read(key, length=10_000)).decode()


async def shown(world: MediaWorld, key: str) -> bool:
    try:
        await world.store.head(key)
    except ObjectNotFound:
        return False
    return True


async def master_of_the_preview(world: MediaWorld) -> str:
    """Its key, once it is there."""
    key = f"media/preview/{world.run().upload_id}/{world.run().fence}/master.m3u8"
    async with asyncio.timeout(10):
        while not await shown(world, key):  # noqa: ASYNC110 - a store says nothing when something comes
            await asyncio.sleep(0.01)
    return key


async def test_encode_can_be_watched_while_it_grows(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.encoding()
    master = await master_of_the_preview(world)

    preview = await opened(world, asset_id)

    assert preview.preview.hls_url == f"https://media.kosu.test/{master}"
    assert not preview.preview.is_published
    variants = m3u8.loads(await text_at(world, preview.preview.hls_url))
    assert [variant.uri for variant in variants.playlists] == ["480p/index.m3u8"]
    assert [sound.uri for sound in variants.media] == ["audio/index.m3u8"]
    folder = master.removesuffix("master.m3u8")
    for name in ("480p", "audio"):
        growing = await text_at(world, f"{folder}{name}/index.m3u8")
        assert "00000.m4s" in growing
        assert "#EXT-X-ENDLIST" not in growing
        assert await shown(world, f"{folder}{name}/00000.m4s")
        assert await shown(world, f"{folder}{name}/init.mp4")
    assert world.signer.opens(preview.cookies, f"{folder}480p/00000.m4s", at=world.clock.now())
    assert not world.signer.opens(preview.cookies, f"media/v/{asset_id}/1/480p/00000.m4s", at=world.clock.now())
    assert preview.cookie_path == f"/media/preview/{world.run().upload_id}/"
    worker.cancel()


async def test_finished_encode_can_be_watched_to_its_end_until_it_is_published(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [TranscoderFailed("died")]

    await world.process()

    preview = await opened(world, asset_id)
    folder = preview.preview.hls_url.removesuffix("master.m3u8")
    whole = await text_at(world, f"{folder}480p/index.m3u8")
    assert whole.endswith("#EXT-X-ENDLIST\n")
    assert "00002.m4s" in whole


async def test_published_revision_takes_the_place_of_its_preview(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    preview = await opened(world, asset_id)

    assert preview.preview.hls_url == f"https://media.kosu.test/media/v/{asset_id}/1/master.m3u8"
    assert preview.preview.is_published
    assert preview.cookie_path == f"/media/v/{asset_id}/"
    assert not await world.store.list_keys("media/preview/")


async def test_replacement_is_shown_before_the_revision_that_plays(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()
    await world.uploaded()
    assert (await opened(world, asset_id)).preview.is_published
    worker = await world.encoding()
    await master_of_the_preview(world)

    assert not (await opened(world, asset_id)).preview.is_published
    worker.cancel()


async def test_there_is_nothing_to_see_before_the_first_segment(world: MediaWorld) -> None:
    asset_id = await world.uploaded()

    with pytest.raises(MediaNotReady):
        await opened(world, asset_id)


async def test_nothing_is_shown_that_cannot_be_played_yet(world: MediaWorld, tmp_path: Path) -> None:
    """The sound lags behind the picture: a master playlist would name what is not there."""
    await world.uploaded()
    run = replace((await world.held()).run, facts=FACTS)
    folder, ladder = tmp_path / "hls", ladder_for(1280, 720)
    begin_rendition(folder / "480p")

    async with world.container.preview().of(run, ladder, picture=folder, sound=folder):
        pass

    prefix = f"media/preview/{run.upload_id}/{run.fence}/"
    assert await shown(world, f"{prefix}480p/index.m3u8")
    assert not await shown(world, f"{prefix}master.m3u8")


async def test_playlist_that_is_being_written_is_left_for_the_next_look(world: MediaWorld, tmp_path: Path) -> None:
    await world.uploaded()
    run = replace((await world.held()).run, facts=replace(FACTS, audio_stream=None))
    folder, prefix = tmp_path / "hls", f"media/preview/{run.upload_id}/{run.fence}/"
    begin_rendition(folder / "480p")
    whole = (folder / "480p" / "index.m3u8").read_text()

    async with world.container.preview().of(run, ladder_for(1280, 720), picture=folder, sound=folder):
        (folder / "480p" / "index.m3u8").write_text("")
        await asyncio.sleep(0.1)
        assert not await shown(world, f"{prefix}480p/index.m3u8")
        (folder / "480p" / "index.m3u8").write_text(whole)

    assert await shown(world, f"{prefix}480p/index.m3u8")


async def test_encode_that_failed_for_good_is_not_shown(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [SourceCorrupt("many errors")]
    await world.process()

    with pytest.raises(MediaNotReady):
        await opened(world, asset_id)


async def test_preview_of_a_failed_run_goes_with_its_source(world: MediaWorld) -> None:
    await world.uploaded()
    world.transcoder.failures["remux_mp4"] = [SourceCorrupt("many errors")]
    await world.process()
    assert await world.store.list_keys("media/preview/")

    world.clock.advance(timedelta(days=8))
    await world.container.expire_uploads()()

    assert not await world.store.list_keys("")


async def test_nobody_else_sees_it(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    with pytest.raises(AssetNotFound):
        await world.container.preview_asset()(user_id=STRANGER, is_operator=False, asset_id=asset_id)
    operators = await world.container.preview_asset()(user_id=STRANGER, is_operator=True, asset_id=asset_id)
    assert operators.preview.is_published


async def test_store_that_is_away_costs_the_preview_and_not_the_encode(world: MediaWorld) -> None:
    """What could not be sent is sent when the store is back."""
    await world.uploaded()
    worker = await world.encoding(store_available=False)
    await asyncio.sleep(0.1)
    assert not worker.done()
    world.store.available = True

    await master_of_the_preview(world)
    world.transcoder.gate.set()
    await worker

    assert world.published_revisions() == [1]


@pytest.mark.parametrize(
    ("width", "height", "name"), [(1920, 1080, "480p"), (640, 360, "360p"), (160, 90, "90p"), (1080, 1920, "480p")]
)
def test_the_preview_is_of_a_rung_that_costs_little(width: int, height: int, name: str) -> None:
    rung = preview_rung(ladder_for(width, height))

    assert rung is not None
    assert rung.name == name


def test_sound_alone_has_a_preview_too() -> None:
    (variant,) = m3u8.loads(preview_master(None, has_audio=True)).playlists

    assert variant.uri == "audio/index.m3u8"
