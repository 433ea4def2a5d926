"""The assets of lessons, in memory and in PostgreSQL."""

from __future__ import annotations

from kosu.ids import LessonId
from kosu.modules.media.domain.captions import Caption
from kosu.modules.media.domain.uploads import UploadState
from kosu.modules.media.ports import LessonAsset
from tests.contracts.test_media_records import NOW, Media, ids, media

__all__ = ["media"]


async def test_assets_are_found_by_their_lessons(media: Media) -> None:
    begun, encoded, other, never = (LessonId(ids.new()) for _ in range(4))
    await media.stored_session(await media.stored_asset(begun))
    await media.stored_run(await media.stored_session(await media.stored_asset(encoded), state=UploadState.COMPLETED))
    await media.stored_asset(other)
    await media.stored_asset()

    found = await media.queries.lesson_assets([encoded, begun, never])

    assert found.keys() == {begun, encoded}
    for lesson in found.values():
        assert lesson == LessonAsset(await media.snapshot(lesson.snapshot.asset.id), ())
    assert found[begun].snapshot.upload is not None
    assert found[encoded].snapshot.run is not None
    assert await media.queries.lesson_assets([]) == {}


async def test_languages_of_captions_are_in_their_order(media: Media) -> None:
    lesson_id, other = LessonId(ids.new()), LessonId(ids.new())
    for lesson, languages in ((lesson_id, ("pt-BR", "ko", "pt")), (other, ("en",))):
        asset = await media.stored_asset(lesson)
        async with media.transaction() as records:
            for lang in languages:
                await records.captions.put(asset.id, Caption(lang=lang, text="WEBVTT", updated_at=NOW))

    assert (await media.queries.lesson_assets([lesson_id]))[lesson_id].languages == ("ko", "pt", "pt-BR")
