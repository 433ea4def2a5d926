"""A course over HTTP with something to watch and to read, and learners who have bought it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.shelves import Category
from tests.support.api import Api
from tests.support.learning import publish_media

DURATION_MS = 100_000


@dataclass(frozen=True)
class Course:
    """A published course: a locked video, a preview, and a text, in this order."""

    id: CourseId
    slug: str
    video: str
    preview: str
    text: str


async def make_course(api: Api, *, amount_minor: int = 49_000, studio: httpx.AsyncClient | None = None) -> Course:
    """By the instructor of `studio`, or by one of its own."""
    await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
    studio = studio or await api.instructor()
    course = (
        await studio.post(
            "/api/v1/studio/courses",
            json={
                "title": "Data",
                "category": "data",
                "price": {"amount_minor": amount_minor, "currency": "KRW"},
            },
        )
    ).json()
    path = f"/api/v1/studio/courses/{course['id']}"
    section = (await studio.post(f"{path}/sections", json={"title": "First"})).json()
    lessons = [
        (await studio.post(f"{path}/sections/{section['id']}/lessons", json=body)).json()["id"]
        for body in (
            {"title": "Video", "kind": "video"},
            {"title": "Preview", "kind": "video", "preview": True},
            {"title": "Text", "kind": "text", "body": "# Read"},
        )
    ]
    assert (await studio.post(f"{path}/publish")).status_code == 200
    for lesson_id in lessons[:2]:
        ready = await publish_media(
            api.container.media_transaction(),
            LessonId(UUID(lesson_id)),
            at=api.container.clock().now(),
            ids=api.container.ids(),
            duration_ms=DURATION_MS,
        )
        await api.container.catalog.apply_asset_ready()(ready)
    return Course(CourseId(UUID(course["id"])), course["slug"], *lessons)


async def buy(api: Api, browser: httpx.AsyncClient, course: Course) -> UUID:
    """Access as a paid order gives it; answers what can take it back."""
    source_id = uuid4()
    user_id = UserId(UUID((await browser.get("/api/v1/me")).json()["id"]))
    async with api.container.learning_transaction()() as records:
        await api.container.learning.facade().grant(
            records,
            user_id=user_id,
            course_id=course.id,
            source="order_item",
            source_id=source_id,
            at=api.container.clock().now(),
        )
    return source_id
