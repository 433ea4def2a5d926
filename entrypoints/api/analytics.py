"""/api/v1/studio/courses/{id}/analytics: how a course is learned."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Learning
from kosu.ids import CourseId, LessonId
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.modules.learning.analytics_views import CourseAnalytics

FirstDay = Annotated[date | None, QueryParameter(name="from")]
LastDay = Annotated[date | None, QueryParameter(name="to")]


class AnalyticsController(Controller):
    path = "/api/v1/studio/courses"
    tags = ("studio",)

    @get("/{course_id:uuid}/analytics", operation_id="getCourseAnalytics")
    async def analytics(  # noqa: PLR0917 - the query's parameters
        self,
        course_id: FromPath[UUID],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        first: FirstDay = None,
        last: LastDay = None,
        lesson_id: FromQuery[UUID | None] = None,
    ) -> CourseAnalytics:
        """Enrolments by day (`from` and `to` are days in UTC, by default the last 30), completion, and for each video
        how many learners saw which part of it: at most 200 points each, or second by second for one `lesson_id`.
        """
        request.user.require(INSTRUCTOR)
        return await learning.analyse_course()(
            user_id=request.user.user_id,
            is_operator=request.user.is_operator,
            course_id=CourseId(course_id),
            lesson_id=None if lesson_id is None else LessonId(lesson_id),
            first=first,
            last=last,
        )
