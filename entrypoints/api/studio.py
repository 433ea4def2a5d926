"""/api/v1/studio: instructors make their courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import UNSET, UnsetType

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.bodies import RAW
from entrypoints.api.covers import CoverOperation, require_picture
from entrypoints.api.dependencies import Catalog
from entrypoints.api.edits import given
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.course import CourseDetails, Level
from kosu.modules.catalog.domain.covers import MAX_COVER_BYTES
from kosu.modules.catalog.domain.curriculum import LessonKind
from kosu.modules.catalog.views import StudioCourse, StudioLesson, StudioPage, StudioSection
from kosu.modules.identity import Viewer
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.money import Money
from kosu.paging import BY_ID, Cursor

if TYPE_CHECKING:
    from kosu.modules.catalog.domain.course import CourseChanges
    from kosu.modules.catalog.domain.curriculum import LessonChanges


class NewCourse(msgspec.Struct, frozen=True):
    """`category` is a slug; `price` in the currency's own minor unit, 0 for a free course."""

    title: str
    category: str
    price: Money
    subtitle: str = ""
    description: str = ""
    level: Level = "beginner"
    language: str = "en"
    outcomes: list[str] = []
    list_price: Money | None = None
    cover_url: str | None = None


class CourseEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is."""

    title: str | UnsetType = UNSET
    subtitle: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    language: str | UnsetType = UNSET
    price: Money | UnsetType = UNSET
    outcomes: list[str] | UnsetType = UNSET
    list_price: Money | UnsetType | None = UNSET
    cover_url: str | UnsetType | None = UNSET

    def changes(self) -> CourseChanges:
        return given(self)  # type: ignore[return-value]  # its fields are those of the changes


class SectionTitle(msgspec.Struct, frozen=True):
    title: str


class NewLesson(msgspec.Struct, frozen=True):
    """`body` is the markdown of a text lesson."""

    title: str
    kind: LessonKind
    preview: bool = False
    body: str = ""


class LessonEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is."""

    title: str | UnsetType = UNSET
    preview: bool | UnsetType = UNSET
    body: str | UnsetType = UNSET

    def changes(self) -> LessonChanges:
        return given(self)  # type: ignore[return-value]  # its fields are those of the changes


class SectionOrder(msgspec.Struct, frozen=True):
    """A section, and the ids of its lessons in order."""

    id: UUID
    lessons: list[UUID]


class CurriculumOrder(msgspec.Struct, frozen=True):
    """Every section and every lesson of the course, exactly once."""

    sections: list[SectionOrder]


def instructors_only(connection: ASGIConnection[Any, Viewer, Any, Any], _: BaseRouteHandler) -> None:
    connection.user.require(INSTRUCTOR)


class StudioController(Controller):
    path = "/api/v1/studio/courses"
    tags = ("studio",)
    guards = (instructors_only,)

    @post("/", operation_id="createCourse")
    async def create(
        self, data: JSONBody[NewCourse], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        course = await catalog.create_course()(
            user_id=request.user.user_id,
            details=CourseDetails(
                title=data.title,
                subtitle=data.subtitle,
                description=data.description,
                category=data.category,
                level=data.level,
                language=data.language,
                price=data.price,
                outcomes=tuple(data.outcomes),
                list_price=data.list_price,
                cover_url=data.cover_url,
            ),
        )
        return StudioCourse.of(course)

    @get("/", operation_id="listStudioCourses")
    async def courses(
        self,
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> StudioPage:
        """One's own courses in any state, the newest first."""
        before = None if cursor is None else CourseId(Cursor.decode(cursor, sort=BY_ID).id)
        return await catalog.queries().studio_courses(request.user.user_id, before=before, limit=limit)

    @get("/{course_id:uuid}", operation_id="getStudioCourse")
    async def course(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        return StudioCourse.of(await catalog.read_studio_course()(**_who(request), course_id=CourseId(course_id)))

    @patch("/{course_id:uuid}", operation_id="editCourse")
    async def edit(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[CourseEdit],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioCourse:
        course = await catalog.edit_course()(**_who(request), course_id=CourseId(course_id), changes=data.changes())
        return StudioCourse.of(course)

    @put(
        "/{course_id:uuid}/cover",
        operation_id="putCover",
        operation_class=CoverOperation,
        body=RAW,
        request_max_body_size=MAX_COVER_BYTES,
    )
    async def put_cover(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        """Show the course with this picture: PNG, JPEG or WebP. Repeatable."""
        require_picture(request)
        course = await catalog.put_cover()(**_who(request), course_id=CourseId(course_id), image=await request.body())
        return StudioCourse.of(course)

    @put("/{course_id:uuid}/curriculum", operation_id="reorderCurriculum")
    async def reorder(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[CurriculumOrder],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioCourse:
        """Ids stay, whatever the order becomes."""
        course = await catalog.reorder_curriculum()(
            **_who(request),
            course_id=CourseId(course_id),
            order=[
                (SectionId(section.id), [LessonId(lesson_id) for lesson_id in section.lessons])
                for section in data.sections
            ],
        )
        return StudioCourse.of(course)

    @post("/{course_id:uuid}/submit", operation_id="submitCourse", status_code=HTTP_200_OK)
    async def submit(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        return StudioCourse.of(await catalog.submit_course()(**_who(request), course_id=CourseId(course_id)))

    @post("/{course_id:uuid}/withdraw", operation_id="withdrawCourse", status_code=HTTP_200_OK)
    async def withdraw(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        """Take the course back from review. Repeatable."""
        return StudioCourse.of(await catalog.withdraw_course()(**_who(request), course_id=CourseId(course_id)))

    @post("/{course_id:uuid}/publish", operation_id="publishCourse", status_code=HTTP_200_OK)
    async def publish(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        """Repeatable."""
        return StudioCourse.of(await catalog.publish_course()(**_who(request), course_id=CourseId(course_id)))

    @post("/{course_id:uuid}/archive", operation_id="archiveCourse", status_code=HTTP_200_OK)
    async def archive(
        self, course_id: FromPath[UUID], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> StudioCourse:
        """Repeatable."""
        return StudioCourse.of(await catalog.archive_course()(**_who(request), course_id=CourseId(course_id)))

    @post("/{course_id:uuid}/sections", operation_id="addSection")
    async def add_section(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[SectionTitle],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioSection:
        section = await catalog.add_section()(**_who(request), course_id=CourseId(course_id), title=data.title)
        return StudioSection.of(section)

    @patch("/{course_id:uuid}/sections/{section_id:uuid}", operation_id="editSection")
    async def edit_section(
        self,
        course_id: FromPath[UUID],
        section_id: FromPath[UUID],
        data: JSONBody[SectionTitle],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioSection:
        section = await catalog.edit_section()(
            **_who(request), course_id=CourseId(course_id), section_id=SectionId(section_id), title=data.title
        )
        return StudioSection.of(section)

    @delete(
        "/{course_id:uuid}/sections/{section_id:uuid}",
        operation_id="removeSection",
        status_code=HTTP_204_NO_CONTENT,
    )
    async def remove_section(
        self,
        course_id: FromPath[UUID],
        section_id: FromPath[UUID],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> None:
        await catalog.remove_section()(**_who(request), course_id=CourseId(course_id), section_id=SectionId(section_id))

    @post("/{course_id:uuid}/sections/{section_id:uuid}/lessons", operation_id="addLesson")
    async def add_lesson(
        self,
        course_id: FromPath[UUID],
        section_id: FromPath[UUID],
        data: JSONBody[NewLesson],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioLesson:
        lesson = await catalog.add_lesson()(
            **_who(request),
            course_id=CourseId(course_id),
            section_id=SectionId(section_id),
            title=data.title,
            kind=data.kind,
            preview=data.preview,
            body=data.body,
        )
        return StudioLesson.of(lesson)

    @patch("/{course_id:uuid}/sections/{section_id:uuid}/lessons/{lesson_id:uuid}", operation_id="editLesson")
    async def edit_lesson(
        self,
        *,
        course_id: FromPath[UUID],
        section_id: FromPath[UUID],
        lesson_id: FromPath[UUID],
        data: JSONBody[LessonEdit],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> StudioLesson:
        lesson = await catalog.edit_lesson()(
            **_who(request),
            course_id=CourseId(course_id),
            section_id=SectionId(section_id),
            lesson_id=LessonId(lesson_id),
            changes=data.changes(),
        )
        return StudioLesson.of(lesson)

    @delete(
        "/{course_id:uuid}/sections/{section_id:uuid}/lessons/{lesson_id:uuid}",
        operation_id="removeLesson",
        status_code=HTTP_204_NO_CONTENT,
    )
    async def remove_lesson(
        self,
        course_id: FromPath[UUID],
        section_id: FromPath[UUID],
        lesson_id: FromPath[UUID],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> None:
        await catalog.remove_lesson()(
            **_who(request),
            course_id=CourseId(course_id),
            section_id=SectionId(section_id),
            lesson_id=LessonId(lesson_id),
        )


class _Who(TypedDict):
    user_id: UserId
    is_operator: bool


def _who(request: SignedInRequest) -> _Who:
    return {"user_id": request.user.user_id, "is_operator": request.user.is_operator}
