"""The records of captions, in memory and in PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kosu.adapters.postgres.media import PostgresMediaQueries, PostgresMediaRecords
from kosu.ids import AssetId, LessonId
from kosu.modules.media.domain.assets import Publication
from kosu.modules.media.domain.captions import Caption, PublishedCaption
from kosu.modules.media.ports import CaptionedAsset, PublishedMedia
from tests.contracts.test_media_records import FACTS, NOW, RENDITION, Media, ids, media
from tests.support.databases import InPostgres

__all__ = ["media"]

PUBLICATION = Publication(revision=2, facts=FACTS, renditions=(RENDITION,), published_at=NOW)


def a_caption(lang: str = "en", text: str = "WEBVTT") -> Caption:
    return Caption(lang=lang, text=text, updated_at=NOW)


async def put(media: Media, asset_id: AssetId, caption: Caption) -> bool:
    async with media.transaction() as records:
        await records.captions.lock(asset_id)
        return await records.captions.put(asset_id, caption)


async def remove(media: Media, asset_id: AssetId, lang: str) -> bool:
    async with media.transaction() as records:
        return await records.captions.remove(asset_id, lang)


async def found(media: Media, asset_id: AssetId) -> CaptionedAsset:
    captioned = await media.queries.captioned_asset(asset_id)
    assert captioned is not None
    return captioned


async def test_captions_come_back_by_language(media: Media) -> None:
    asset, other = await media.stored_asset(), await media.stored_asset()
    korean, english = a_caption("ko", "WEBVTT\n\n안녕"), a_caption("en")

    assert await put(media, asset.id, korean)
    assert await put(media, asset.id, english)
    assert await put(media, other.id, english)

    assert await found(media, asset.id) == CaptionedAsset(replace(asset, captions_version=2), (english, korean))
    async with media.transaction() as records:
        assert await records.captions.lock(asset.id) == {"en", "ko"}
    assert await media.queries.captioned_asset(AssetId(ids.new())) is None


async def test_only_changes_count(media: Media) -> None:
    asset = await media.stored_asset()
    later = replace(a_caption(text="other"), updated_at=NOW + timedelta(hours=1))

    assert await put(media, asset.id, a_caption())
    assert not await put(media, asset.id, replace(a_caption(), updated_at=NOW + timedelta(hours=1)))
    assert await put(media, asset.id, later)
    assert not await remove(media, asset.id, "ko")
    assert await found(media, asset.id) == CaptionedAsset(replace(asset, captions_version=2), (later,))

    assert await remove(media, asset.id, "en")
    assert not await remove(media, asset.id, "en")
    assert await found(media, asset.id) == CaptionedAsset(replace(asset, captions_version=3), ())


async def test_published_captions_only_move_on(media: Media) -> None:
    lesson_id = LessonId(ids.new())
    asset = await media.stored_asset(lesson_id)
    track = PublishedCaption("en", "0123456789abcdef")

    def with_captions(version: int, *tracks: PublishedCaption) -> Publication:
        return replace(PUBLICATION, master=f"master-{version}.m3u8", captions=tracks, captions_version=version)

    async def publish(publication: Publication) -> bool:
        async with media.transaction() as records:
            return await records.assets.publish_captions(asset.id, publication)

    assert not await publish(with_captions(1)), "nothing is published yet"
    async with media.transaction() as records:
        assert await records.assets.publish(asset.id, PUBLICATION)

    moved = [await publish(with_captions(version, track)) for version in (2, 1, 2, 3)]

    assert moved == [True, False, False, True]
    assert not await publish(replace(with_captions(4), revision=1))
    assert not await publish(replace(with_captions(4), revision=3))
    assert await media.queries.published([lesson_id]) == {
        lesson_id: PublishedMedia(asset.id, 2, 7000, master="master-3.m3u8", captions=(track,))
    }
    assert (await found(media, asset.id)).asset.publication == with_captions(3, track)


async def test_publication_of_an_earlier_release_has_no_captions(postgres: InPostgres) -> None:
    """Its JSON has none of the newer fields."""
    media = Media(
        postgres.transaction(PostgresMediaRecords, PostgresMediaRecords),
        postgres.queries(PostgresMediaQueries, PostgresMediaQueries),
    )
    lesson_id = LessonId(ids.new())
    asset = await media.stored_asset(lesson_id)
    async with media.transaction() as records:
        await records.assets.publish(asset.id, PUBLICATION)
    async with postgres.pool.connection() as connection:
        await connection.execute(
            "UPDATE media.assets SET publication = publication - 'master' - 'captions' - 'captions_version'"
        )

    assert await media.queries.published([lesson_id]) == {lesson_id: PublishedMedia(asset.id, 2, 7000)}
    assert (await found(media, asset.id)).asset.publication == PUBLICATION
    async with media.transaction() as records:
        assert await records.assets.publish_captions(asset.id, replace(PUBLICATION, captions_version=1))


async def test_revision_that_is_published_meanwhile_sees_new_captions(media: Media) -> None:
    """Otherwise their own message could be worked off before the revision is there, and nobody would ask again."""
    asset = await media.stored_asset()

    async def publish() -> frozenset[str]:
        async with media.transaction() as records:
            await records.assets.publish(asset.id, PUBLICATION)
            return await records.captions.lock(asset.id)

    async with media.transaction() as records:
        await records.captions.lock(asset.id)
        await records.captions.put(asset.id, a_caption())
        publishing = asyncio.create_task(publish())
        await asyncio.sleep(0.2)
        assert not publishing.done()

    assert await publishing == {"en"}


@pytest.mark.parametrize("most", [3])
async def test_raced_languages_see_one_another(media: Media, most: int) -> None:
    """Who has the lock counts all that was put before: together they cannot exceed a limit."""
    asset = await media.stored_asset()

    async def put_if_room(lang: str) -> bool:
        async with media.transaction() as records:
            languages = await records.captions.lock(asset.id)
            return len(languages) < most and await records.captions.put(asset.id, a_caption(lang))

    assert sum(await asyncio.gather(*(put_if_room(f"a{letter}") for letter in "abcdefgh"))) == most
    assert (await found(media, asset.id)).asset.captions_version == most
