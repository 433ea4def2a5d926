"""catalog's records: courses are read, locked and written whole."""

from __future__ import annotations

from advanced_alchemy.exceptions import DuplicateKeyError
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.catalog.collections import PostgresCollections
from kosu.adapters.postgres.catalog.listing import storable
from kosu.adapters.postgres.catalog.rows import (
    CategoryRow,
    CourseRow,
    LessonRow,
    SectionRow,
    course_of,
    course_values,
    lesson_rows,
    section_rows,
)
from kosu.adapters.postgres.catalog.search_index import SearchIndex
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.errors import CategoryInUse, CategoryTaken, SlugTaken
from kosu.modules.catalog.events import CatalogueChanged


class _CategoryRepository(SQLAlchemyAsyncRepository[CategoryRow]):
    model_type = CategoryRow
    id_attribute = "slug"


class _CourseRepository(SQLAlchemyAsyncRepository[CourseRow]):
    model_type = CourseRow


class _SectionRepository(SQLAlchemyAsyncRepository[SectionRow]):
    model_type = SectionRow


class _LessonRepository(SQLAlchemyAsyncRepository[LessonRow]):
    model_type = LessonRow


class PostgresCategories:
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        self._session = session
        self._outbox = outbox
        self._categories = _CategoryRepository(session=session)

    async def exists(self, slug: str) -> bool:
        # Kept from being removed until the course that asks is in it.
        row = await self._session.get(CategoryRow, slug, with_for_update={"read": True, "key_share": True})
        return row is not None

    async def lock(self, slug: str) -> Category | None:
        row = await self._session.get(CategoryRow, storable(slug), with_for_update=True)
        return None if row is None else Category(row.slug, row.name, row.position)

    async def add(self, category: Category) -> None:
        try:
            await self._categories.add(_category_row(category))
        except DuplicateKeyError as error:
            raise CategoryTaken from error
        await self._outbox.add(CatalogueChanged())

    async def save(self, category: Category) -> None:
        stored = await self._session.get(CategoryRow, category.slug)
        renamed = stored is not None and stored.name != category.name
        await self._session.merge(_category_row(category))
        await self._session.flush()
        if renamed:
            await SearchIndex(self._session).refresh(CourseRow.category == category.slug)
        await self._outbox.add(CatalogueChanged())

    async def remove(self, slug: str) -> bool:
        try:
            removed = await self._session.execute(
                delete(CategoryRow).where(CategoryRow.slug == storable(slug)).returning(CategoryRow.slug)
            )
        except IntegrityError as error:
            raise CategoryInUse from error
        await self._outbox.add(CatalogueChanged())
        return removed.first() is not None


class PostgresCourses:
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        self._session = session
        self._outbox = outbox
        self._courses = _CourseRepository(session=session)
        self._sections = _SectionRepository(session=session)
        self._lessons = _LessonRepository(session=session)
        self._index = SearchIndex(session)

    async def slug_exists(self, slug: str) -> bool:
        return await self._courses.exists(slug=slug)

    async def add(self, course: Course) -> None:
        try:
            await self._courses.add(CourseRow(**course_values(course)))
        except DuplicateKeyError as error:
            raise SlugTaken from error
        await self._sections.add_many(section_rows(course))
        await self._lessons.add_many(lesson_rows(course))
        await self._index.put(course)
        await self._outbox.add(CatalogueChanged())

    async def get(self, course_id: CourseId) -> Course | None:
        return await self._read(course_id, locked=False)

    async def lock(self, course_id: CourseId) -> Course | None:
        return await self._read(course_id, locked=True)

    async def lock_with_lesson(self, lesson_id: LessonId) -> Course | None:
        row = await self._lessons.get_one_or_none(id=lesson_id)
        course = None if row is None else await self.lock(CourseId(row.course_id))
        # Looked for again: the lesson may have left between the look and the lock.
        if course is None or all(lesson.id != lesson_id for lesson in course.lessons):
            return None
        return course

    async def save(self, course: Course) -> None:
        await self._session.merge(CourseRow(**course_values(course)))
        # Flushed in this order, for the foreign keys: rows here have no relationships that SQLAlchemy could sort by.
        for section in section_rows(course):
            await self._session.merge(section)
        await self._session.flush()
        for lesson in lesson_rows(course):
            await self._session.merge(lesson)
        await self._session.flush()
        await self._session.execute(
            update(LessonRow)
            .where(LessonRow.course_id == course.id, LessonRow.id.not_in([lesson.id for lesson in course.lessons]))
            .values(section_id=None)
        )
        await self._session.execute(
            delete(SectionRow).where(
                SectionRow.course_id == course.id, SectionRow.id.not_in([section.id for section in course.sections])
            )
        )
        await self._index.put(course)
        await self._outbox.add(CatalogueChanged())

    async def rename_instructor(self, instructor_id: UserId, name: str) -> None:
        await self._session.execute(
            update(CourseRow).where(CourseRow.instructor_id == instructor_id).values(instructor_name=name)
        )
        await self._index.refresh(CourseRow.instructor_id == instructor_id)
        await self._outbox.add(CatalogueChanged())

    async def _read(self, course_id: CourseId, *, locked: bool) -> Course | None:
        row = await self._courses.get_one_or_none(id=course_id, with_for_update=locked)
        if row is None:
            return None
        sections = await self._sections.get_many(SectionRow.course_id == course_id, order_by=("position", False))
        lessons = await self._lessons.get_many(
            LessonRow.course_id == course_id, LessonRow.section_id.is_not(None), order_by=("position", False)
        )
        return course_of(row, sections, lessons)


class PostgresCatalogRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.categories = PostgresCategories(session, outbox)
        self.courses = PostgresCourses(session, outbox)
        self.collections = PostgresCollections(session, outbox)


def _category_row(category: Category) -> CategoryRow:
    return CategoryRow(slug=category.slug, name=category.name, position=category.position)
