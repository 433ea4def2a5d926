"""Gives the demo's lessons their videos, one after the other: drawn here, uploaded and encoded as any other.

One at a time, so that whoever uploads a video meanwhile waits for one of these at most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from entrypoints.demo import content
from entrypoints.demo.accounts import UserIds
from entrypoints.demo.community import LEARNER, study
from entrypoints.demo.films import Film, make_film
from entrypoints.demo.teaching import Courses
from kosu.container import Container
from kosu.ids import AssetId, LessonId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.curriculum import Lesson
from kosu.modules.identity.domain.audit import NOBODY
from kosu.modules.media.domain.assets import AssetState

_PATIENCE_SECONDS = 600
_LOOK_SECONDS = 0.2


class FilmingError(Exception):
    """A lesson has no video, or nothing came of an order: workers are away, or their logs say why."""


async def film_and_study(container: Container, demo: content.Demo, users: UserIds, courses: Courses) -> None:
    """Lessons that have a video keep it. Interrupted, it goes on where it was.

    Raises:
        FilmingError
    """
    for wanted in _by_urgency(demo.courses):
        course = courses.get(wanted.title)
        if course is None or course.state != "published":
            continue
        if LEARNER in wanted.buyers and LEARNER in users:
            await _until(partial(_is_enrolled, container, users[LEARNER], course), f"access to {wanted.title}")
        for number, lesson, made in _lessons(wanted, course):
            if lesson.seconds:
                film = Film(
                    course=wanted.title,
                    title=lesson.title,
                    number=number,
                    seconds=lesson.seconds,
                    art=wanted.art,
                    hue=wanted.hue,
                )
                await _film(container, film, lesson, made, course.instructor_id)
            await study(container, lesson, made.id, users)


def _by_urgency(courses: tuple[content.Course, ...]) -> list[content.Course]:
    """First those that the demo's learner has begun: they are what a visitor goes on with."""
    return sorted(courses, key=lambda course: not any(lesson.watched_ms for lesson in course.lessons))


def _lessons(wanted: content.Course, course: Course) -> Iterator[tuple[int, content.Lesson, Lesson]]:
    """Lessons by their titles, with their numbers; those that their instructor renamed or removed are left out."""
    made = {lesson.title: lesson for lesson in course.lessons}
    for number, lesson in enumerate(wanted.lessons, start=1):
        if lesson.title in made and (made[lesson.title].kind == "video") == bool(lesson.seconds):
            yield number, lesson, made[lesson.title]


async def _film(container: Container, film: Film, lesson: content.Lesson, made: Lesson, owner: UserId) -> None:
    published = (await container.media.facade().published([made.id])).get(made.id)
    if published is not None:
        asset_id = published.asset_id
    else:
        ffmpeg_path = container.settings().media.ffmpeg_path
        with TemporaryDirectory(prefix="kosu-film-") as folder:
            path = await asyncio.to_thread(make_film, film, Path(folder), ffmpeg_path=ffmpeg_path)
            asset_id = await _upload(container, path, made.id, owner)
    for lang, webvtt in lesson.captions.items():
        await container.media.put_captions()(
            user_id=owner, is_operator=False, asset_id=asset_id, lang=lang, webvtt=webvtt.encode(), origin=NOBODY
        )
    await _until(partial(_plays, container, made.id, asset_id), f"the video of {lesson.title}")


async def _upload(container: Container, film: Path, lesson_id: LessonId, owner: UserId) -> AssetId:
    media = container.media
    data = await asyncio.to_thread(film.read_bytes)
    upload, _ = await media.start_upload()(
        user_id=owner,
        is_instructor=True,
        is_operator=True,
        filename=film.name,
        size_bytes=len(data),
        content_type="video/mp4",
        lesson_id=lesson_id,
    )
    numbers = range(1, upload.part_count + 1)
    presigned = await media.presign_parts()(user_id=owner, upload_id=upload.id, part_numbers=numbers)
    async with httpx.AsyncClient() as client:
        for part in presigned.parts:
            start = (part.part_number - 1) * upload.part_size_bytes
            chunk = data[start : start + upload.part_size_bytes]
            (await client.put(part.url, headers=dict(part.headers), content=chunk)).raise_for_status()
    asset_id: AssetId = await media.complete_upload()(user_id=owner, upload_id=upload.id)
    return asset_id


async def _plays(container: Container, lesson_id: LessonId, asset_id: AssetId) -> bool:
    """Once its length is known to the course too. Raises FilmingError."""
    snapshot = await container.media.queries().snapshot(asset_id)
    if snapshot is not None and snapshot.state(container.clock().now()) in {AssetState.FAILED, AssetState.CANCELLED}:
        raise FilmingError(f"the encode of {asset_id} ended without a video: {snapshot.error()}")
    lesson = await container.catalog.facade().lesson(lesson_id)
    return lesson is None or lesson.duration_ms is not None


async def _is_enrolled(container: Container, user_id: UserId, course: Course) -> bool:
    return bool(await container.learning.facade().enrolled(user_id, [course.id]))


async def _until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Raises FilmingError when it does not come to that for minutes."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not await condition():
        if time.monotonic() > deadline:
            raise FilmingError(f"waited in vain for {what}")
        await asyncio.sleep(_LOOK_SECONDS)
