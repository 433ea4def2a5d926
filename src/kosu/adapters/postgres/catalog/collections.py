"""Collections of courses: read, locked and written whole."""

from __future__ import annotations

from advanced_alchemy.exceptions import DuplicateKeyError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.catalog.listing import storable
from kosu.adapters.postgres.catalog.rows import CollectedCourseRow, CollectionRow
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.ids import CourseId
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.errors import CollectionTaken
from kosu.modules.catalog.events import CatalogueChanged


class _CollectionRepository(SQLAlchemyAsyncRepository[CollectionRow]):
    model_type = CollectionRow
    id_attribute = "slug"


class PostgresCollections:
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        self._session = session
        self._outbox = outbox
        self._collections = _CollectionRepository(session=session)

    async def add(self, collection: CourseCollection) -> None:
        try:
            await self._collections.add(_row(collection))
        except DuplicateKeyError as error:
            raise CollectionTaken from error
        await self._put_courses(collection)
        await self._outbox.add(CatalogueChanged())

    async def lock(self, slug: str) -> CourseCollection | None:
        row = await self._collections.get_one_or_none(slug=storable(slug), with_for_update=True)
        if row is None:
            return None
        course_ids = await self._session.scalars(
            select(CollectedCourseRow.course_id)
            .where(CollectedCourseRow.collection == slug)
            .order_by(CollectedCourseRow.position)
        )
        return CourseCollection(
            slug=row.slug,
            title=row.title,
            description=row.description,
            position=row.position,
            published=row.published,
            course_ids=tuple(map(CourseId, course_ids)),
        )

    async def save(self, collection: CourseCollection) -> None:
        await self._session.merge(_row(collection))
        await self._session.flush()
        await self._session.execute(delete(CollectedCourseRow).where(CollectedCourseRow.collection == collection.slug))
        await self._put_courses(collection)
        await self._outbox.add(CatalogueChanged())

    async def remove(self, slug: str) -> bool:
        removed = await self._session.execute(
            delete(CollectionRow).where(CollectionRow.slug == storable(slug)).returning(CollectionRow.slug)
        )
        await self._outbox.add(CatalogueChanged())
        return removed.first() is not None

    async def _put_courses(self, collection: CourseCollection) -> None:
        self._session.add_all(
            CollectedCourseRow(collection=collection.slug, position=position, course_id=course_id)
            for position, course_id in enumerate(collection.course_ids)
        )
        await self._session.flush()


def _row(collection: CourseCollection) -> CollectionRow:
    return CollectionRow(
        slug=collection.slug,
        title=collection.title,
        description=collection.description,
        position=collection.position,
        published=collection.published,
    )
