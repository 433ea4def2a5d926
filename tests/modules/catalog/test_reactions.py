"""What catalog takes over from media and learning."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kosu.modules.catalog.domain.course import Course
from kosu.modules.media import AssetReady
from tests.support.catalog import INSTRUCTOR, CatalogInMemory


@pytest.fixture
def studio() -> CatalogInMemory:
    return CatalogInMemory()


def asset_ready(course: Course, *, revision: int, duration_ms: int, lesson: int = 0) -> AssetReady:
    return AssetReady(
        asset_id=UUID(int=7), lesson_id=course.lessons[lesson].id, revision=revision, duration_ms=duration_ms
    )


async def test_a_ready_video_gives_its_lesson_and_course_their_duration(studio: CatalogInMemory) -> None:
    course = await studio.course(lessons=[("video", False), ("video", False)], duration_ms=None)
    for lesson, duration_ms in enumerate((30_000, 12_000)):
        await studio.container.apply_asset_ready()(
            asset_ready(course, revision=1, duration_ms=duration_ms, lesson=lesson)
        )
    read = await studio.read(course)
    assert [lesson.duration_ms for lesson in read.lessons] == [30_000, 12_000]
    assert read.duration_ms == 42_000


async def test_an_older_revision_that_arrives_late_changes_nothing(studio: CatalogInMemory) -> None:
    course = await studio.course(duration_ms=None)
    for revision, duration_ms in ((2, 20_000), (1, 10_000), (2, 99_000)):
        await studio.container.apply_asset_ready()(asset_ready(course, revision=revision, duration_ms=duration_ms))
    assert (await studio.read(course)).duration_ms == 20_000


async def test_a_video_for_no_lesson_or_a_removed_one_changes_nothing(studio: CatalogInMemory) -> None:
    course = await studio.course(lessons=[("video", False), ("text", False)], duration_ms=None)
    await studio.container.remove_lesson()(
        user_id=INSTRUCTOR,
        is_operator=False,
        course_id=course.id,
        section_id=course.sections[0].id,
        lesson_id=course.lessons[0].id,
    )
    before = await studio.read(course)
    await studio.container.apply_asset_ready()(asset_ready(course, revision=1, duration_ms=1))
    await studio.container.apply_asset_ready()(
        AssetReady(asset_id=UUID(int=7), lesson_id=None, revision=1, duration_ms=1)
    )
    assert await studio.read(course) == before


async def test_only_a_newer_enrolment_count_is_taken(studio: CatalogInMemory) -> None:
    course = await studio.course()
    now = studio.clock.now()
    for count, counted_at in ((5, now), (4, now - timedelta(seconds=1)), (9, now)):
        await studio.container.apply_enrolment_count()(
            course_id=course.id, enrolment_count=count, counted_at=counted_at
        )
    assert (await studio.read(course)).enrolment_count == 5


async def test_only_the_instructor_attaches_a_video_and_only_to_a_video_lesson(studio: CatalogInMemory) -> None:
    course = await studio.course(lessons=[("video", False), ("text", False)])
    video, text = course.lessons
    may_attach = studio.catalog.may_attach
    assert await may_attach(user_id=INSTRUCTOR, lesson_id=video.id)
    assert not await may_attach(user_id=INSTRUCTOR, lesson_id=text.id)
    assert not await may_attach(user_id=UUID(int=1), lesson_id=video.id)  # type: ignore[arg-type]
    assert not await may_attach(user_id=INSTRUCTOR, lesson_id=UUID(int=1))  # type: ignore[arg-type]
