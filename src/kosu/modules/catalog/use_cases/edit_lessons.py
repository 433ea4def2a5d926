"""Add, change and remove the lessons of a course."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.curriculum import Lesson, LessonChanges, LessonKind
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AddLesson:
    transaction: Transaction[CatalogRecords]
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        course_id: CourseId,
        section_id: SectionId,
        title: str,
        kind: LessonKind,
        preview: bool = False,
        body: str = "",
    ) -> Lesson:
        """The lesson becomes the last of its section.

        Raises:
            CourseNotFound, SectionNotFound, NotCourseOwner, InvalidCourse, CurriculumFull
        """
        lesson = Lesson(id=LessonId(self.ids.new()), title=title, kind=kind, preview=preview, body=body)
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            await records.courses.save(course.with_lesson(section_id, lesson, at=self.clock.now()))
        return lesson


@dataclass(frozen=True, slots=True)
class EditLesson:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        course_id: CourseId,
        section_id: SectionId,
        lesson_id: LessonId,
        changes: LessonChanges,
    ) -> Lesson:
        """Raises CourseNotFound, SectionNotFound, LessonNotFound, NotCourseOwner, InvalidCourse."""
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            course = course.edited_lesson(section_id, lesson_id, changes, at=self.clock.now())
            await records.courses.save(course)
        return course.lesson(lesson_id)


@dataclass(frozen=True, slots=True)
class RemoveLesson:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, course_id: CourseId, section_id: SectionId, lesson_id: LessonId
    ) -> None:
        """Take a lesson out of the curriculum; progress and notes keep their subject.

        Raises:
            CourseNotFound, SectionNotFound, LessonNotFound, NotCourseOwner
            CurriculumEmpty: the last lesson of a published course.
        """
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            await records.courses.save(course.without_lesson(section_id, lesson_id, at=self.clock.now()))
