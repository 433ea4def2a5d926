"""What an instructor sees of the videos of a course."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from kosu.ids import CourseId, LessonId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.uploads import MIB
from kosu.modules.media.domain.waiting import Wait
from kosu.modules.media.views import CourseMediaView
from tests.support.media import LESSON, OWNER, STRANGER, MediaWorld, video_bytes

COURSE = CourseId(UUID(int=0xE1))


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def shown(world: MediaWorld) -> CourseMediaView:
    return await world.container.list_course_media()(user_id=OWNER, is_operator=False, course_id=COURSE)


async def encoding_of(world: MediaWorld, lesson_id: LessonId) -> None:
    upload = await world.start(lesson_id=lesson_id, size_bytes=MIB, fingerprint=None)
    await world.send(upload, video_bytes(MIB))
    await world.complete(upload.id)


async def test_lessons_with_a_video_are_shown_as_it_stands(world: MediaWorld) -> None:
    """A reload finds the way back from the lesson to the steps."""
    untouched = LessonId(UUID(int=0xC4))
    world.lesson_authors.allow(OWNER, untouched)
    await encoding_of(world, LESSON)

    (item,) = (await shown(world)).items

    assert (item.lesson_id, item.filename, item.captions) == (LESSON, "lecture.mp4", ())
    assert item.asset == await world.asset(item.asset.id)


async def test_order_is_that_of_the_curriculum(world: MediaWorld) -> None:
    second = LessonId(UUID(int=0xC4))
    world.lesson_authors.allow(OWNER, second)
    await encoding_of(world, second)
    await encoding_of(world, LESSON)

    assert [item.lesson_id for item in (await shown(world)).items] == [LESSON, second]


async def test_waiting_runs_say_that_no_worker_is_online(world: MediaWorld) -> None:
    world.workers.online.clear()
    await encoding_of(world, LESSON)

    (item,) = (await shown(world)).items

    assert item.asset.waiting_for is Wait.WORKER


async def test_captions_are_named_as_their_speakers_do(world: MediaWorld) -> None:
    upload = await world.start()
    for lang in ("ko", "en"):
        await world.container.put_captions()(
            user_id=OWNER,
            is_operator=False,
            asset_id=upload.asset_id,
            lang=lang,
            webvtt=b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
            origin=Origin(OWNER),
        )

    (item,) = (await shown(world)).items

    assert [(caption.lang, caption.label) for caption in item.captions] == [("en", "English"), ("ko", "한국어")]


async def test_lessons_of_others_are_left_out(world: MediaWorld) -> None:
    await encoding_of(world, LESSON)

    listed = world.container.list_course_media()

    assert (await listed(user_id=STRANGER, is_operator=False, course_id=COURSE)).items == ()
    assert len((await listed(user_id=STRANGER, is_operator=True, course_id=COURSE)).items) == 1
