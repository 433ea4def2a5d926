"""Captions: put at any time, published with whatever revision plays, and never by changing what was published."""

from __future__ import annotations

import asyncio
from pathlib import Path

import m3u8  # type: ignore[import-untyped]
import pytest

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.captions import MAX_LANGUAGES
from kosu.modules.media.errors import AssetNotFound, InvalidWebVtt, TooManyLanguages
from kosu.modules.media.facade import LessonPlayback
from kosu.ports.object_store import StoreUnavailable
from tests.support.media import LESSON, OWNER, STRANGER, MediaWorld


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


def webvtt(text: str = "Hello") -> bytes:
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n".encode()


async def put(
    world: MediaWorld,
    asset_id: AssetId,
    lang: str = "en",
    data: bytes | None = None,
    *,
    user_id: UserId = OWNER,
    is_operator: bool = False,
) -> None:
    await world.container.put_captions()(
        user_id=user_id,
        is_operator=is_operator,
        asset_id=asset_id,
        lang=lang,
        webvtt=data or webvtt(),
        origin=Origin(user_id),
    )


async def remove(world: MediaWorld, asset_id: AssetId, lang: str = "en", *, user_id: UserId = OWNER) -> None:
    await world.container.remove_captions()(
        user_id=user_id, is_operator=False, asset_id=asset_id, lang=lang, origin=Origin(user_id)
    )


async def publish(world: MediaWorld, asset_id: AssetId) -> None:
    await world.container.publish_captions()(asset_id=asset_id)


async def ready(world: MediaWorld) -> AssetId:
    asset_id = await world.uploaded()
    await world.process()
    return asset_id


async def playback(world: MediaWorld) -> LessonPlayback:
    return await world.container.facade().playback(LESSON)


async def played(world: MediaWorld) -> dict[str, str]:
    """The text of the captions that play, by language."""
    return {
        caption.lang: (await stored(world, caption.url)).rpartition("\n\n")[2].splitlines()[-1]
        for caption in (await playback(world)).captions
    }


async def stored(world: MediaWorld, url: str) -> str:
    return (await world.store.read(url.removeprefix("https://media.kosu.test/"), length=10_000)).decode()


async def test_captions_play_as_file_and_as_subtitles_of_every_variant(world: MediaWorld) -> None:
    asset_id = await ready(world)
    await put(world, asset_id, "ko", webvtt("안녕"))
    await put(world, asset_id, "EN-us")

    await publish(world, asset_id)

    opened = await playback(world)
    base = f"https://media.kosu.test/media/v/{asset_id}/1/"
    assert [(caption.lang, caption.label) for caption in opened.captions] == [
        ("en-US", "English (US)"),
        ("ko", "한국어"),
    ]
    assert all(caption.url.startswith(f"{base}captions/{caption.lang}-") for caption in opened.captions)
    assert opened.hls_url == f"{base}master-2.m3u8"
    master = m3u8.loads(await stored(world, opened.hls_url), uri=opened.hls_url)
    assert len(master.playlists) == 4
    assert {variant.stream_info.subtitles for variant in master.playlists} == {"subs"}
    assert {variant.stream_info.audio for variant in master.playlists} == {"aud"}
    subtitles = [media for media in master.media if media.type == "SUBTITLES"]
    assert [(media.group_id, media.language, media.name, media.forced) for media in subtitles] == [
        ("subs", "en-US", "English (US)", "NO"),
        ("subs", "ko", "한국어", "NO"),
    ]
    for media, caption in zip(subtitles, opened.captions, strict=True):
        playlist = m3u8.loads(await stored(world, media.absolute_uri), uri=media.absolute_uri)
        assert (playlist.playlist_type, playlist.is_endlist, playlist.target_duration) == ("vod", True, 13)
        assert [(segment.absolute_uri, segment.duration) for segment in playlist.segments] == [(caption.url, 13.0)]
    assert await stored(world, opened.captions[1].url) == (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:00:01.000 --> 00:00:02.000\n안녕\n"
    )


async def test_nothing_that_was_published_changes(world: MediaWorld) -> None:
    asset_id = await ready(world)
    await put(world, asset_id)
    await publish(world, asset_id)
    before = {key: await world.store.read(key, length=10_000) for key in await world.store.list_keys("")}

    await put(world, asset_id, data=webvtt("Goodbye"))
    await publish(world, asset_id)
    await remove(world, asset_id)
    await publish(world, asset_id)

    assert {key: await world.store.read(key, length=10_000) for key in before} == before


async def test_changed_and_removed_captions_follow(world: MediaWorld) -> None:
    asset_id = await ready(world)
    await put(world, asset_id)
    await put(world, asset_id, "ko", webvtt("안녕"))
    await publish(world, asset_id)
    await put(world, asset_id, data=webvtt("Goodbye"))
    await publish(world, asset_id)
    assert await played(world) == {"en": "Goodbye", "ko": "안녕"}

    for lang in ("en", "ko"):
        await remove(world, asset_id, lang)
    await publish(world, asset_id)

    opened = await playback(world)
    assert opened.captions == ()
    assert opened.hls_url.endswith("/1/master.m3u8")


async def test_same_captions_again_ask_for_nothing(world: MediaWorld) -> None:
    asset_id = await ready(world)
    for _ in range(2):
        await put(world, asset_id)
        await put(world, asset_id, data=b"\xef\xbb\xbfWEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\nHello")
    assert len(world.messages("media.PublishCaptions")) == 1

    for _ in range(2):
        await remove(world, asset_id)
    assert len(world.messages("media.PublishCaptions")) == 2


async def test_captions_before_the_video_wait_for_it(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await put(world, asset_id)
    await publish(world, asset_id)
    assert not await world.store.list_keys("media/")

    await world.process()

    assert [message.payload for message in world.messages("media.PublishCaptions")] == [{"asset_id": str(asset_id)}] * 2
    await publish(world, asset_id)
    assert await played(world) == {"en": "Hello"}


async def test_new_revision_gets_the_captions_too(world: MediaWorld) -> None:
    asset_id = await ready(world)
    assert not world.messages("media.PublishCaptions"), "there are none to publish"
    await put(world, asset_id)
    await publish(world, asset_id)
    await world.uploaded(size_bytes=2000)
    await world.process()
    assert await played(world) == {}

    assert len(world.messages("media.PublishCaptions")) == 2
    await publish(world, asset_id)

    assert await played(world) == {"en": "Hello"}
    assert "/2/" in (await playback(world)).captions[0].url


async def test_store_that_is_away_publishes_nothing_and_later_everything(world: MediaWorld) -> None:
    asset_id = await ready(world)
    await put(world, asset_id)
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        await publish(world, asset_id)
    assert (await playback(world)).captions == ()

    world.store.available = True
    await publish(world, asset_id)

    assert await played(world) == {"en": "Hello"}


async def test_late_worker_does_not_bring_older_captions_back(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = await ready(world)
    await put(world, asset_id)
    is_written, may_go_on = asyncio.Event(), asyncio.Event()
    put_object = world.store.put

    async def slow(key: str, *args: object, **named: object) -> object:
        if key.endswith("master-1.m3u8"):
            is_written.set()
            await may_go_on.wait()
        return await put_object(key, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "put", slow)
    late = asyncio.create_task(publish(world, asset_id))
    await is_written.wait()
    await put(world, asset_id, data=webvtt("Goodbye"))
    await publish(world, asset_id)
    may_go_on.set()
    await late

    assert await played(world) == {"en": "Goodbye"}


async def test_captions_of_a_revision_do_not_join_its_successor(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that began before the new revision must not point it at files of the old one."""
    asset_id = await ready(world)
    await put(world, asset_id)
    put_object = world.store.put

    async def overtaken(key: str, *args: object, **named: object) -> object:
        if key.endswith("master-1.m3u8"):
            monkeypatch.setattr(world.store, "put", put_object)
            await world.uploaded(size_bytes=2000)
            await world.process()
        return await put_object(key, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "put", overtaken)
    await publish(world, asset_id)

    opened = await playback(world)
    assert (opened.media_revision, opened.captions) == (2, ())
    assert opened.hls_url.endswith("/2/master.m3u8")


async def test_there_are_so_many_languages_at_most(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    tags = [f"a{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"] + ["ba", "bb", "bc", "bd", "be"]
    for tag in tags[:MAX_LANGUAGES]:
        await put(world, asset_id, tag)

    with pytest.raises(TooManyLanguages):
        await put(world, asset_id, tags[MAX_LANGUAGES])

    await put(world, asset_id, tags[0], webvtt("changed"))
    await remove(world, asset_id, tags[0])
    await put(world, asset_id, tags[MAX_LANGUAGES])


async def test_captions_are_their_owners_and_the_operators_only(world: MediaWorld) -> None:
    asset_id = await world.uploaded()

    await put(world, asset_id, user_id=STRANGER, is_operator=True)
    with pytest.raises(AssetNotFound):
        await put(world, asset_id, "nonsense", user_id=STRANGER)
    with pytest.raises(AssetNotFound):
        await remove(world, asset_id, user_id=STRANGER)


async def test_refused_captions_change_nothing(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    with pytest.raises(InvalidWebVtt):
        await put(world, asset_id, data=b"1\n00:00:01,000 --> 00:00:02,000\nSubRip")
    assert not world.messages("media.PublishCaptions")
