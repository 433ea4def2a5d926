"""What comes of a source: a whole revision, published once, played by signed cookies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kosu.adapters.memory.transcoder import FACTS
from kosu.ids import AssetId
from kosu.modules.media.domain.runs import LEASE, StepName
from kosu.modules.media.errors import (
    AssetNotFound,
    MediaNotReady,
    TranscoderFailed,
)
from kosu.modules.media.views import MediaFactsView
from tests.support.media import LESSON, OWNER, STRANGER, MediaWorld
from tests.support.object_stores import stream


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def test_run_passes_seven_steps_and_is_published(world: MediaWorld) -> None:
    asset_id = await world.uploaded()

    await world.process()

    asset = await world.asset(asset_id)
    assert [(step.name, step.state, step.percent, step.attempt) for step in asset.steps] == [
        (name, "done", 100, 1) for name in ("download", "inspect", "thumbnail", "hls", "mp4", "upload", "cleanup")
    ]
    assert (asset.state, asset.percent, asset.step, asset.playable, asset.error) == ("ready", 100, None, True, None)
    assert asset.media is not None
    assert (asset.media.duration_ms, asset.media.width, asset.media.fps, asset.media.audio) == (13_000, 1280, 30, True)
    assert [rendition.name for rendition in asset.renditions] == ["720p", "480p", "360p", "240p", "audio"]
    (event,) = world.messages("media.AssetReady")
    assert event.payload == {
        "asset_id": str(asset_id),
        "lesson_id": str(LESSON),
        "revision": 1,
        "duration_ms": 13_000,
    }


async def test_published_revision_is_whole_and_nothing_else_is_left(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    prefix = f"media/v/{asset_id}/1/"

    await world.process()

    keys = await world.store.list_keys("")
    assert all(key.startswith(prefix) for key in keys), "the source is gone"
    names = {key.removeprefix(prefix) for key in keys}
    assert {"master.m3u8", "video.mp4", "poster.jpg", "720p/index.m3u8", "audio/00002.m4s"} <= names
    assert {
        "iframes/index.m3u8",
        "iframes/iframes.mp4",
        "storyboard/storyboard.vtt",
        "storyboard/sheet-001.jpg",
    } <= names
    master = (await world.store.read(prefix + "master.m3u8", length=10_000)).decode()
    assert "RESOLUTION=1280x720" in master
    assert 'RESOLUTION=640x360,URI="iframes/index.m3u8"' in master
    assert not world.scratch._sealed


async def test_playback_opens_the_published_revision(world: MediaWorld) -> None:
    media = world.container.facade()
    asset_id = await world.uploaded()
    with pytest.raises(MediaNotReady):
        await media.playback(LESSON)
    await world.process()

    playback = await media.playback(LESSON)

    base = f"https://media.kosu.test/media/v/{asset_id}/1/"
    assert playback.hls_url == f"{base}master.m3u8"
    assert (playback.mp4_url, playback.poster_url) == (f"{base}video.mp4", f"{base}poster.jpg")
    assert playback.storyboard_url == f"{base}storyboard/storyboard.vtt"
    assert (playback.duration_ms, playback.media_revision) == (13_000, 1)
    assert playback.expires_at == world.clock.now() + timedelta(hours=2)
    assert playback.cookie_path == f"/media/v/{asset_id}/"
    assert world.signer.opens(playback.cookies, f"media/v/{asset_id}/1/720p/00000.m4s", at=world.clock.now())
    assert not world.signer.opens(playback.cookies, f"media/v/{asset_id}/2/720p/00000.m4s", at=world.clock.now())


async def test_sound_recording_is_published_without_anything_to_look_through(world: MediaWorld) -> None:
    world.probe.facts = replace(
        FACTS, width=0, height=0, fps_numerator=0, video_stream=None, audio_stream=0, cover_stream=1
    )
    asset_id = await world.uploaded()

    await world.process()

    asset = await world.asset(asset_id)
    assert (asset.state, [rendition.name for rendition in asset.renditions]) == ("ready", ["audio"])
    assert asset.media == MediaFactsView(duration_ms=13_000, width=None, height=None, fps=None, audio=True)
    playback = await world.container.facade().playback(LESSON)
    assert playback.storyboard_url is None
    names = {key.rpartition("/1/")[2] for key in await world.store.list_keys("")}
    assert {"master.m3u8", "poster.jpg", "video.mp4", "audio/index.m3u8"} <= names
    assert not [name for name in names if name.startswith(("iframes", "storyboard"))]


@pytest.mark.parametrize("method", ["copy_key_frames", "draw_storyboard"])
async def test_encode_is_not_thrown_away_for_its_storyboard(world: MediaWorld, method: str) -> None:
    world.transcoder.failures[method] = [TranscoderFailed("no pictures today")]
    asset_id = await world.uploaded()

    await world.process()

    assert (await world.asset(asset_id)).state == "ready"
    assert world.transcoder.calls["encode_hls"] == 1
    assert (await world.container.facade().playback(LESSON)).storyboard_url is None
    prefix = f"media/v/{asset_id}/1/"
    assert not [key for key in await world.store.list_keys(prefix) if "iframes" in key or "storyboard" in key]
    assert b"I-FRAME" not in await world.store.read(prefix + "master.m3u8", length=10_000)


async def test_repeated_message_publishes_once(world: MediaWorld) -> None:
    await world.uploaded()

    await world.process()
    await world.process()

    assert world.published_revisions() == [1]
    assert world.transcoder.calls["encode_hls"] == 1


async def test_replacement_plays_on_until_the_new_revision_is_published(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()

    assert await world.uploaded(size_bytes=2000) == asset_id
    asset = await world.asset(asset_id)
    assert (asset.state, asset.playable) == ("queued", True)
    assert (await world.container.facade().playback(LESSON)).media_revision == 1
    await world.process()

    assert (await world.container.facade().playback(LESSON)).media_revision == 2


async def test_newer_source_cancels_the_run_of_the_older(world: MediaWorld) -> None:
    await world.uploaded()
    await world.uploaded(size_bytes=2000)

    assert [run.state for run in world.runs()] == ["cancelled", "queued"]


async def test_aborted_replacement_leaves_the_ready_asset_as_it_was(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await world.process()
    upload = await world.start()
    assert (await world.asset(asset_id)).state == "uploading"

    await world.container.abort_upload()(user_id=OWNER, upload_id=upload.id)

    assert (await world.asset(asset_id)).state == "ready"


async def test_interrupted_upload_of_a_revision_is_not_mixed_with_its_repeat(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.held()
    async with world.transaction() as records:
        taken = await records.assets.next_revision(asset_id)
    await worker.write(lambda run, _: replace(run, revisions=(taken,)))
    await world.store.put(f"media/v/{asset_id}/{taken}/half", stream(b"half"), content_type="video/mp4")
    world.clock.advance(LEASE)

    await world.process()

    assert world.published_revisions() == [2]
    assert not await world.store.list_keys(f"media/v/{asset_id}/1/")


async def test_asset_is_visible_to_its_owner_and_to_operators_only(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    describe = world.container.describe_asset()

    await describe(user_id=STRANGER, is_operator=True, asset_id=asset_id)
    with pytest.raises(AssetNotFound):
        await describe(user_id=STRANGER, is_operator=False, asset_id=asset_id)
    with pytest.raises(AssetNotFound):
        await describe(user_id=OWNER, is_operator=True, asset_id=AssetId(world.ids.new()))


async def test_percentage_never_falls_and_reaches_100_only_at_the_end(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.held()
    seen = []
    for name in StepName:
        await worker.write(lambda run, at, name=name: run.begun(name, at))  # type: ignore[misc]
        for percent in (50, 20, 100):
            worker.report(name, percent)
            await worker.beat()
            seen.append((await world.asset(asset_id)).percent)
        await worker.write(lambda run, at, name=name: run.done(name, at))  # type: ignore[misc]
        seen.append((await world.asset(asset_id)).percent)

    assert seen == sorted(seen)
    assert seen[-1] == 99


async def test_eta_follows_the_speed_of_the_running_step(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    worker = await world.held()
    for name in (StepName.DOWNLOAD, StepName.INSPECT, StepName.THUMBNAIL):
        await worker.write(lambda run, at, name=name: run.done(name, at))  # type: ignore[misc]
    await worker.write(lambda run, at: run.begun(StepName.HLS, at))
    assert (await world.asset(asset_id)).eta_seconds is None

    world.clock.advance(seconds=40)
    worker.report(StepName.HLS, 50)
    await worker.beat()

    # Half of hls (80) took 40 s; the other half and the steps after it (2 + 9 + 1) weigh 52.
    assert (await world.asset(asset_id)).eta_seconds == 52
