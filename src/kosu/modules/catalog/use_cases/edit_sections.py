"""Add, rename and remove the sections of a course."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, SectionId, UserId
from kosu.modules.catalog.domain.curriculum import Section
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AddSection:
    transaction: Transaction[CatalogRecords]
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId, title: str) -> Section:
        """Raises CourseNotFound, NotCourseOwner, InvalidCourse, CurriculumFull."""
        section = Section(id=SectionId(self.ids.new()), title=title)
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            await records.courses.save(course.with_section(section, at=self.clock.now()))
        return section


@dataclass(frozen=True, slots=True)
class EditSection:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, course_id: CourseId, section_id: SectionId, title: str
    ) -> Section:
        """Raises CourseNotFound, SectionNotFound, NotCourseOwner, InvalidCourse."""
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.renamed_section(section_id, title, at=self.clock.now())
            await records.courses.save(course)
        return course.section(section_id)


@dataclass(frozen=True, slots=True)
class RemoveSection:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId, section_id: SectionId) -> None:
        """Remove a section with its lessons, as RemoveLesson would.

        Raises:
            CourseNotFound, SectionNotFound, NotCourseOwner
            CurriculumEmpty: the last lessons of a published course.
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            await records.courses.save(course.without_section(section_id, at=self.clock.now()))
