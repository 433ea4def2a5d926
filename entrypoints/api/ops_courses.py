"""/api/v1/ops/courses: what operators do with the courses of instructors. All of it is audited."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Catalog
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import OpsCoursePage
from kosu.modules.catalog.domain.course import CourseState
from kosu.modules.catalog.views import StudioCourse
from kosu.modules.identity.domain.viewer import OPERATOR

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[CourseState | None, QueryParameter(name="state")]


class Rejection(msgspec.Struct, frozen=True):
    """`reason` is what the instructor reads: 1 to 2000 characters."""

    reason: str


class OpsCourseController(Controller):
    path = "/api/v1/ops/courses"
    tags = ("ops",)

    @get("/", operation_id="listOpsCourses")
    async def courses(
        self,
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
        in_state: StateQuery = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> OpsCoursePage:
        """Courses of all instructors, the newest first; those with `state=in_review` wait for an operator."""
        request.user.require(OPERATOR)
        return await catalog.find_courses()(state=in_state, cursor=cursor, limit=limit, origin=origin_of(request))

    @post("/{course_id:uuid}/approve", operation_id="approveCourse", status_code=HTTP_200_OK)
    async def approve(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        """Publish a course that is in review. Repeatable."""
        request.user.require(OPERATOR)
        course = await catalog.approve_course()(course_id=CourseId(course_id), origin=origin_of(request))
        return StudioCourse.of(course)

    @post("/{course_id:uuid}/reject", operation_id="rejectCourse", status_code=HTTP_200_OK)
    async def reject(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[Rejection],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioCourse:
        """Send a course in review back to its instructor, who reads the reason in the studio."""
        request.user.require(OPERATOR)
        course = await catalog.reject_course()(
            course_id=CourseId(course_id), reason=data.reason, origin=origin_of(request)
        )
        return StudioCourse.of(course)
