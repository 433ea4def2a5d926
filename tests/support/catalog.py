"""A catalogue in memory, and courses for it: a test states only the detail that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from kosu.adapters.memory.back_office import MemoryBackOffice
from kosu.adapters.memory.catalog import MemoryCatalogQueries, MemoryCatalogRecords
from kosu.adapters.memory.clock import MemoryClock, MemoryIds
from kosu.adapters.memory.course_search import MemoryCourseSearch
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.discovery import MemoryDiscovery
from kosu.adapters.memory.identity import AUDIT, MemoryIdentityQueries, MemoryIdentityRecords
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.memory.queue import MemoryQueue
from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.container import CatalogContainer
from kosu.modules.catalog.domain.course import Course, CourseDetails, Level
from kosu.modules.catalog.domain.curriculum import Lesson, LessonKind, Section
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.identity import AuditLog, Identity
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.money import Money

INSTRUCTOR = UserId(UUID(int=0xA1))
OTHER_INSTRUCTOR = UserId(UUID(int=0xA2))
OPERATOR = UserId(UUID(int=0xA3))

CATEGORIES = (Category("data", "Data", 1), Category("design", "Design", 2))
WON = Money(49_000, "KRW")
FREE = Money(0, "KRW")
AT = datetime(2026, 1, 1, tzinfo=UTC)
COURSE_FIELDS = frozenset(field.name for field in fields(Course))


def details(
    title: str = "Data by demonstration",
    *,
    subtitle: str = "",
    description: str = "",
    category: str = "data",
    level: Level = "beginner",
    language: str = "en",
    price: Money = WON,
    list_price: Money | None = None,
    cover_url: str | None = None,
    outcomes: tuple[str, ...] = (),
) -> CourseDetails:
    return CourseDetails(
        title=title,
        subtitle=subtitle,
        description=description,
        category=category,
        level=level,
        language=language,
        price=price,
        list_price=list_price,
        cover_url=cover_url,
        outcomes=outcomes,
    )


def a_course(title: str = "Data by demonstration", **changes: Any) -> Course:
    """A course as the domain holds it. `changes` that are not the course's own are changes of its details."""
    course_id = CourseId(uuid7())
    course_changes = {name: changes.pop(name) for name in COURSE_FIELDS & changes.keys()}
    course = Course(
        id=course_id,
        slug=f"course-{course_id.hex[-8:]}",
        instructor_id=INSTRUCTOR,
        instructor_name="Ines",
        details=details(title, **changes),
        created_at=AT,
        updated_at=AT,
    )
    return replace(course, **course_changes)


def a_section(*lessons: Lesson, title: str = "First steps") -> Section:
    return Section(id=SectionId(uuid7()), title=title, lessons=lessons)


def a_lesson(title: str = "Welcome", kind: LessonKind = "video", **changes: Any) -> Lesson:
    return replace(Lesson(id=LessonId(uuid7()), title=title, kind=kind), **changes)


class CatalogInMemory:
    """The module on memory adapters."""

    def __init__(
        self,
        *,
        database: MemoryDatabase | None = None,
        clock: MemoryClock | None = None,
        ids: MemoryIds | None = None,
        review_required: bool = False,
    ) -> None:
        self.database = database or MemoryDatabase()
        self.clock = clock or MemoryClock()
        self.ids = ids or MemoryIds()
        self.queries = MemoryCatalogQueries(self.database)
        self.search = MemoryCourseSearch(self.database)
        self.discovery = MemoryDiscovery(self.database)
        self.back_office = MemoryBackOffice(self.database)
        self.store = MemoryObjectStore(self.clock)
        self.transaction = MemoryTransaction(self.database, MemoryQueue(), self.clock, self.ids, MemoryCatalogRecords)
        self.container = CatalogContainer(
            clock=self.clock,
            ids=self.ids,
            transaction=self.transaction,
            queries=self.queries,
            search=self.search,
            discovery=self.discovery,
            back_office=self.back_office,
            store=self.store,
            identity=Identity(MemoryIdentityQueries(self.database)),
            audit=AuditLog(
                MemoryTransaction(self.database, MemoryQueue(), self.clock, self.ids, MemoryIdentityRecords),
                AuditTrail(self.ids),
            ),
            review_required=review_required,
        )
        self.catalog = self.container.facade()

    def audited(self) -> list[tuple[str, UserId | None, Mapping[str, object]]]:
        """What the audit log says, in order: action, whom it is about, detail."""
        entries = self.database.tables.get(AUDIT, {}).values()
        return [(entry.action, entry.user_id, entry.detail) for entry in entries]

    async def create(self, title: str = "Data by demonstration", *, user_id: UserId = INSTRUCTOR) -> Course:
        """A new draft without lessons."""
        await self.container.ensure_categories()(CATEGORIES)
        return await self.container.create_course()(user_id=user_id, details=details(title))

    async def section(self, course: Course, title: str = "First steps") -> Section:
        return await self.container.add_section()(
            user_id=course.instructor_id, is_operator=False, course_id=course.id, title=title
        )

    async def lesson(
        self,
        course: Course,
        section: Section,
        title: str = "Welcome",
        *,
        kind: LessonKind = "video",
        preview: bool = False,
        body: str = "",
    ) -> Lesson:
        return await self.container.add_lesson()(
            user_id=course.instructor_id,
            is_operator=False,
            course_id=course.id,
            section_id=section.id,
            title=title,
            kind=kind,
            preview=preview,
            body=body,
        )

    async def course(
        self,
        title: str = "Data by demonstration",
        *,
        price: Money = WON,
        lessons: Sequence[tuple[LessonKind, bool]] = (("video", False),),
        duration_ms: int | None = 100_000,
        published: bool = True,
    ) -> Course:
        """A course with one section; `lessons` gives the kind of each, and whether it is a preview."""
        course = await self.create(title)
        await self.container.edit_course()(
            user_id=INSTRUCTOR, is_operator=False, course_id=course.id, changes={"price": price}
        )
        section = await self.section(course)
        for kind, preview in lessons:
            body = "# Read this" if kind == "text" else ""
            await self.lesson(course, section, kind=kind, preview=preview, body=body)
        if published:
            await self.container.publish_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
        if duration_ms is not None:
            await self.give_videos(course, duration_ms)
        return await self.read(course)

    async def give_videos(self, course: Course, duration_ms: int, *, revision: int = 1) -> None:
        """Let every video lesson of the course have a video so long."""
        async with self.transaction() as records:
            changed = await records.courses.lock(course.id)
            assert changed is not None
            for lesson in changed.lessons:
                changed = changed.with_media(lesson.id, revision=revision, duration_ms=duration_ms, at=self.clock.now())
            await records.courses.save(changed)

    async def read(self, course: Course) -> Course:
        """The course as it is stored now."""
        return await self.container.read_studio_course()(
            user_id=course.instructor_id, is_operator=False, course_id=course.id
        )
