"""/api/v1/studio/courses/{id}/media: the videos of a course, as its instructor looks after them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.conditional import conditional
from entrypoints.api.dependencies import Media
from kosu.ids import CourseId
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.modules.media.views import CourseMediaView


class CourseMediaController(Controller):
    path = "/api/v1/studio/courses"
    tags = ("studio",)

    @get("/{course_id:uuid}/media", operation_id="listCourseMedia")
    async def media(
        self, course_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> Response[CourseMediaView]:
        """The asset of each lesson that has one, with its steps and the languages of its captions; ETag and 304."""
        request.user.require(INSTRUCTOR)
        found = await media.list_course_media()(
            user_id=request.user.user_id, is_operator=request.user.is_operator, course_id=CourseId(course_id)
        )
        return conditional(request, found, cache_control="private, no-cache")
