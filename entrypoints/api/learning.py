"""/api/v1: enrolling, opening lessons and watching them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import ANYBODY, AnyRequest, SignedInRequest
from entrypoints.api.delivery_cookies import delivery_cookies
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import CourseId, LessonId
from kosu.modules.learning.views import CourseProgressView, EnrolmentPage, LessonView, PlaybackView


class Enrolled(msgspec.Struct, frozen=True):
    course_id: CourseId
    enrolled_at: datetime


class Heartbeat(msgspec.Struct, frozen=True):
    """Where the player is, and what was watched since its last heartbeat, as [from, to) pairs.

    `seq` counts up on each device: one that is not above the last is ignored. What was watched faster than four times
    the time since the device's last heartbeat does not count; a client that was offline tells of all of it in one.
    """

    position_ms: int
    watched: list[tuple[int, int]]
    seq: int
    media_revision: int = 0


class LearningController(Controller):
    path = "/api/v1"
    tags = ("learning",)

    @post("/courses/{slug:str}/enrol", operation_id="enrol", status_code=HTTP_201_CREATED)
    async def enrol(
        self, slug: FromPath[str], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> Enrolled:
        """Enrol in a free course. Repeatable."""
        enrolment = await learning.enrol_free()(user_id=request.user.user_id, slug=slug)
        return Enrolled(enrolment.course_id, enrolment.enrolled_at)

    @get("/me/enrolments", operation_id="listMyEnrolments")
    async def enrolments(
        self,
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> EnrolmentPage:
        return await learning.list_enrolments()(user_id=request.user.user_id, cursor=cursor, limit=limit)

    @get("/courses/{slug:str}/progress", operation_id="getCourseProgress")
    async def course_progress(
        self, slug: FromPath[str], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> CourseProgressView:
        return await learning.read_course_progress()(user_id=request.user.user_id, slug=slug)

    @get("/lessons/{lesson_id:uuid}", operation_id="getLesson", auth=ANYBODY)
    async def lesson(
        self, lesson_id: FromPath[UUID], request: AnyRequest, learning: NamedDependency[Learning]
    ) -> LessonView:
        """The lesson's page; a text lesson is read here."""
        viewer = request.user
        return await learning.view_lesson()(
            lesson_id=LessonId(lesson_id),
            user_id=None if viewer is None else viewer.user_id,
            is_operator=viewer is not None and viewer.is_operator,
        )

    @get("/lessons/{lesson_id:uuid}/playback", operation_id="getPlayback", auth=ANYBODY)
    async def playback(
        self, lesson_id: FromPath[UUID], request: AnyRequest, learning: NamedDependency[Learning]
    ) -> Response[PlaybackView]:
        """All that a player needs, and the signed cookies that open it."""
        viewer = request.user
        opened = await learning.open_lesson()(
            lesson_id=LessonId(lesson_id),
            user_id=None if viewer is None else viewer.user_id,
            is_operator=viewer is not None and viewer.is_operator,
        )
        cookies = delivery_cookies(opened.cookies, path=opened.cookie_path, media_url=opened.playback.hls_url)
        return Response(opened.playback, headers={"Cache-Control": "private, no-store"}, cookies=cookies)

    @put("/lessons/{lesson_id:uuid}/progress", operation_id="putProgress", status_code=HTTP_204_NO_CONTENT)
    async def progress(
        self,
        lesson_id: FromPath[UUID],
        data: JSONBody[Heartbeat],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> None:
        # Nearly all are answered sooner, in heartbeat_door.py.
        viewer = request.user
        await learning.record_progress()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            device_id=viewer.device_id,
            lesson_id=LessonId(lesson_id),
            position_ms=data.position_ms,
            watched=data.watched,
            seq=data.seq,
            media_revision=data.media_revision,
        )

    @post("/lessons/{lesson_id:uuid}/complete", operation_id="completeLesson", status_code=HTTP_204_NO_CONTENT)
    async def complete(
        self, lesson_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """Repeatable."""
        viewer = request.user
        await learning.complete_lesson()(
            user_id=viewer.user_id, is_operator=viewer.is_operator, lesson_id=LessonId(lesson_id)
        )
