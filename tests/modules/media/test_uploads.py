"""Uploading: parts straight into the store, in any order, over any number of interruptions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kosu.ids import LessonId
from kosu.modules.media.domain.uploads import MIB
from kosu.modules.media.errors import (
    EmptyFile,
    FileTooLarge,
    InvalidContentType,
    InvalidFilename,
    InvalidFingerprint,
    NotAVideo,
    UnknownPart,
    UploadClosed,
    UploadForbidden,
    UploadIncomplete,
    UploadLost,
    UploadNotFound,
)
from kosu.modules.media.views import UploadedPartView
from kosu.ports.object_store import ObjectNotFound, StoreUnavailable
from kosu.ports.unit_of_work import DatabaseUnavailable
from tests.support.media import MAX_UPLOAD_BYTES, OWNER, STRANGER, MediaWorld, video_bytes


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def test_upload_becomes_an_object_and_a_queued_run(world: MediaWorld) -> None:
    data = video_bytes(20 * MIB)
    upload = await world.start(size_bytes=len(data))
    assert (upload.part_count, upload.part_size_bytes, upload.state) == (3, 8 * MIB, "created")

    await world.send(upload, data)
    asset_id = await world.complete(upload.id)

    assert asset_id == upload.asset_id
    assert (await world.store.head(world.upload(upload.id).key)).size_bytes == len(data)
    assert (await world.asset(asset_id)).state == "queued"
    (message,) = world.messages("media.ProcessRun")
    assert (message.queue, message.payload) == ("media", {"run_id": str(world.run().id)})


async def test_same_file_finds_its_open_session_and_the_parts_that_arrived(world: MediaWorld) -> None:
    upload = await world.start()
    await world.send(upload, video_bytes(20 * MIB), [1, 3])

    again = await world.start()

    assert again.id == upload.id
    assert again.uploaded_parts == (UploadedPartView(1, 8 * MIB), UploadedPartView(3, 4 * MIB))


@pytest.mark.parametrize(
    "difference",
    [
        {"filename": "another.mp4"},
        {"size_bytes": 21 * MIB},
        {"fingerprint": "file-2"},
        {"fingerprint": None},
        {"lesson_id": None},
    ],
)
async def test_another_file_is_another_session(world: MediaWorld, difference: dict[str, object]) -> None:
    upload = await world.start()

    assert (await world.start(**difference)).id != upload.id  # type: ignore[arg-type]


async def test_session_of_somebody_else_is_never_resumed(world: MediaWorld) -> None:
    upload = await world.start(lesson_id=None)

    assert (await world.start(lesson_id=None, user_id=STRANGER)).id != upload.id


async def test_second_of_two_simultaneous_starts_leaves_nothing_in_the_store(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked for an open session before either had written one."""
    first = await world.start()

    async def nothing_yet(*_: object) -> None:
        return None

    monkeypatch.setattr(world.queries, "open_upload", nothing_yet)
    second = await world.start()

    assert second.id == first.id
    assert len(world.store._uploads) == 1


async def test_lesson_keeps_its_asset_over_several_uploads(world: MediaWorld) -> None:
    first = await world.start(fingerprint="file-1")

    assert (await world.start(fingerprint="file-2")).asset_id == first.asset_id


async def test_only_instructors_upload(world: MediaWorld) -> None:
    with pytest.raises(UploadForbidden):
        await world.start(is_instructor=False)


async def test_only_the_author_of_a_lesson_attaches_to_it(world: MediaWorld) -> None:
    with pytest.raises(UploadForbidden):
        await world.start(user_id=STRANGER)
    with pytest.raises(UploadForbidden):
        await world.start(lesson_id=LessonId(world.ids.new()))


async def test_empty_file_is_refused_before_anything_is_begun(world: MediaWorld) -> None:
    with pytest.raises(EmptyFile):
        await world.start(size_bytes=0)

    assert not world.store._uploads


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"filename": "a\0.mp4"}, InvalidFilename),
        ({"content_type": "video"}, InvalidContentType),
        ({"fingerprint": "a\0"}, InvalidFingerprint),
    ],
)
async def test_what_no_session_can_hold_is_refused_before_anything_is_begun(
    world: MediaWorld, fault: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await world.start(**fault)  # type: ignore[arg-type]

    assert not world.store._uploads


async def test_a_path_is_the_same_file_as_its_last_part(world: MediaWorld) -> None:
    upload = await world.start(filename="videos/lecture.mp4")

    assert world.upload(upload.id).filename == "lecture.mp4"
    assert (await world.start(filename="lecture.mp4")).id == upload.id


@pytest.mark.parametrize("store_available", [True, False])
async def test_session_that_cannot_be_written_leaves_nothing_in_the_store(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch, store_available: bool
) -> None:
    """Whatever becomes of the clean-up, the caller learns of the database."""
    begin = world.store.begin_multipart

    async def begin_and_lose_the_database(key: str, *, content_type: str) -> str:
        multipart_id = await begin(key, content_type=content_type)
        world.database.available = False
        world.store.available = store_available
        return multipart_id

    monkeypatch.setattr(world.store, "begin_multipart", begin_and_lose_the_database)
    with pytest.raises(DatabaseUnavailable):
        await world.start()

    assert not world.store._uploads or not store_available


async def test_file_over_the_limit_is_refused(world: MediaWorld) -> None:
    with pytest.raises(FileTooLarge) as refused:
        await world.start(size_bytes=MAX_UPLOAD_BYTES + 1)

    assert refused.value.limit_bytes == MAX_UPLOAD_BYTES


@pytest.mark.parametrize("part_numbers", [[], [0], [4], list(range(1, 102))])
async def test_parts_outside_of_the_plan_are_not_presigned(world: MediaWorld, part_numbers: list[int]) -> None:
    upload = await world.start()

    with pytest.raises(UnknownPart):
        await world.send(upload, b"", part_numbers)


async def test_missing_parts_are_named(world: MediaWorld) -> None:
    upload = await world.start()
    await world.send(upload, video_bytes(20 * MIB), [2])

    with pytest.raises(UploadIncomplete) as refused:
        await world.complete(upload.id)

    assert refused.value.missing_parts == [1, 3]
    assert (await world.asset(upload.asset_id)).state == "uploading"


async def test_completing_twice_makes_one_run(world: MediaWorld) -> None:
    upload = await world.start(size_bytes=1000)
    await world.send(upload, video_bytes(1000))

    assert await world.complete(upload.id) == await world.complete(upload.id)

    assert len(world.runs()) == len(world.messages("media.ProcessRun")) == 1


async def test_simultaneous_completions_make_one_run(world: MediaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = await world.start(size_bytes=1000)
    await world.send(upload, video_bytes(1000))
    really = world.store.read

    async def be_overtaken(key: str, *, length: int) -> bytes:
        monkeypatch.setattr(world.store, "read", really)
        await world.complete(upload.id)
        return await really(key, length=length)

    monkeypatch.setattr(world.store, "read", be_overtaken)
    await world.complete(upload.id)

    assert len(world.runs()) == len(world.messages("media.ProcessRun")) == 1


@pytest.mark.parametrize("method", ["list_parts", "complete_multipart"])
async def test_interrupted_completion_is_finished_by_the_next(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """The store joined the parts, and then we died before we wrote it down."""
    upload = await world.start(size_bytes=1000)
    await world.send(upload, video_bytes(1000))
    session = world.upload(upload.id)
    parts = await world.store.list_parts(session.key, session.multipart_id)
    if method == "complete_multipart":

        async def as_before(*_: object) -> object:
            return parts

        monkeypatch.setattr(world.store, "list_parts", as_before)
    await world.store.complete_multipart(session.key, session.multipart_id, parts)

    await world.complete(upload.id)

    assert world.upload(upload.id).state == "completed"
    assert len(world.runs()) == 1


async def test_lost_answer_is_decided_by_the_object(world: MediaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = await world.start(size_bytes=1000)
    await world.send(upload, video_bytes(1000))
    really = world.store.complete_multipart

    async def lose_the_answer(*arguments: object) -> None:
        await really(*arguments)  # type: ignore[arg-type]
        raise StoreUnavailable

    monkeypatch.setattr(world.store, "complete_multipart", lose_the_answer)
    await world.complete(upload.id)

    assert len(world.runs()) == 1


async def test_completion_that_really_failed_can_be_repeated(
    world: MediaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await world.start(size_bytes=1000)
    await world.send(upload, video_bytes(1000))

    async def fail(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "complete_multipart", fail)
        with pytest.raises(StoreUnavailable):
            await world.complete(upload.id)
    await world.complete(upload.id)

    assert len(world.runs()) == 1


async def test_upload_that_the_store_forgot_is_lost(world: MediaWorld) -> None:
    upload = await world.start(size_bytes=1000)
    session = world.upload(upload.id)
    await world.store.abort_multipart(session.key, session.multipart_id)

    with pytest.raises(UploadLost):
        await world.complete(upload.id)


async def test_text_named_mp4_is_rejected_and_deleted(world: MediaWorld) -> None:
    text = b"It was a dark and stormy night."
    upload = await world.start(size_bytes=len(text))
    await world.send(upload, text)

    for _ in range(2):
        with pytest.raises(NotAVideo):
            await world.complete(upload.id)

    session = world.upload(upload.id)
    assert (session.state, session.purged) == ("rejected", True)
    with pytest.raises(ObjectNotFound):
        await world.store.head(session.key)
    assert not world.runs()
    asset = await world.asset(upload.asset_id)
    assert (asset.state, asset.error.code if asset.error else "") == ("failed", "not_a_video")


async def test_sessions_are_invisible_to_others(world: MediaWorld) -> None:
    upload = await world.start()

    for use_case in (world.container.get_upload(), world.container.complete_upload(), world.container.abort_upload()):
        with pytest.raises(UploadNotFound):
            await use_case(user_id=STRANGER, upload_id=upload.id)


async def test_aborted_upload_leaves_nothing_and_takes_nothing(world: MediaWorld) -> None:
    upload = await world.start()
    await world.send(upload, video_bytes(20 * MIB), [1])

    for _ in range(2):
        await world.container.abort_upload()(user_id=OWNER, upload_id=upload.id)

    assert not world.store._uploads
    assert world.upload(upload.id).purged
    with pytest.raises(UploadClosed):
        await world.send(upload, video_bytes(20 * MIB), [2])
    with pytest.raises(UploadClosed):
        await world.complete(upload.id)
    assert (await world.asset(upload.asset_id)).state == "cancelled"


async def test_completed_upload_cannot_be_aborted(world: MediaWorld) -> None:
    await world.uploaded()

    with pytest.raises(UploadClosed):
        await world.container.abort_upload()(user_id=OWNER, upload_id=world.run().upload_id)


async def test_sweep_ends_and_drops_sessions_after_72_hours(world: MediaWorld) -> None:
    upload = await world.start()
    world.clock.advance(timedelta(hours=72))
    with pytest.raises(UploadClosed):
        await world.send(upload, video_bytes(20 * MIB), [1])

    await world.container.expire_uploads()()

    assert world.upload(upload.id).state == "expired"
    assert not world.store._uploads
    assert (await world.start()).id != upload.id


async def test_sweep_drops_what_the_store_could_not_drop_at_once(world: MediaWorld) -> None:
    upload = await world.start()
    world.store.available = False
    await world.container.abort_upload()(user_id=OWNER, upload_id=upload.id)
    world.store.available = True
    assert world.store._uploads

    await world.container.expire_uploads()()

    assert not world.store._uploads


async def test_sweep_keeps_the_source_of_a_failed_run_for_seven_days(world: MediaWorld) -> None:
    world.probe.verdict = NotAVideo("nothing in it")
    await world.uploaded()
    await world.process()
    key = world.run().source_key
    world.clock.advance(timedelta(days=7))
    await world.container.expire_uploads()()
    await world.store.head(key)

    world.clock.advance(timedelta(seconds=1))
    await world.container.expire_uploads()()

    with pytest.raises(ObjectNotFound):
        await world.store.head(key)
