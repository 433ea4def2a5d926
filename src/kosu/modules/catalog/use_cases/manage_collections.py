"""What operators do with collections: make, change and remove them. Each is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import OpsCollection
from kosu.modules.catalog.domain.shelves import CollectionChanges, CourseCollection, check_collected
from kosu.modules.catalog.errors import CollectionNotFound, UnknownCourse
from kosu.modules.catalog.ports import BackOffice, CatalogQueries, CatalogRecords
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CreateCollection:
    transaction: Transaction[CatalogRecords]
    queries: CatalogQueries
    back_office: BackOffice
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, collection: CourseCollection, origin: Origin) -> OpsCollection:
        """Raises CollectionTaken, UnknownCourse."""
        await _check_courses(self.queries, collection.course_ids)
        async with self.transaction() as records:
            await records.collections.add(collection)
            await self.audit.record(
                records, Action.COLLECTION_CREATED, None, at=self.clock.now(), origin=origin, slug=collection.slug
            )
        return await read_collection(self.back_office, collection.slug)


@dataclass(frozen=True, slots=True)
class EditCollection:
    transaction: Transaction[CatalogRecords]
    queries: CatalogQueries
    back_office: BackOffice
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, slug: str, changes: CollectionChanges, origin: Origin) -> OpsCollection:
        """Change what is given and leave the rest; `course_ids` are all its courses, in their new order.

        Raises:
            CollectionNotFound, InvalidShelf, UnknownCourse
        """
        await _check_courses(self.queries, changes.get("course_ids", ()))
        async with self.transaction() as records:
            collection = await records.collections.lock(slug)
            if collection is None:
                raise CollectionNotFound
            changed = replace(collection, **changes)
            if changed != collection:
                await records.collections.save(changed)
                await self.audit.record(
                    records, Action.COLLECTION_CHANGED, None, at=self.clock.now(), origin=origin, slug=slug
                )
        return await read_collection(self.back_office, slug)


@dataclass(frozen=True, slots=True)
class RemoveCollection:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, slug: str, origin: Origin) -> None:
        """The collection goes, its courses stay. Raises CollectionNotFound."""
        async with self.transaction() as records:
            if not await records.collections.remove(slug):
                raise CollectionNotFound
            await self.audit.record(
                records, Action.COLLECTION_REMOVED, None, at=self.clock.now(), origin=origin, slug=slug
            )


async def read_collection(back_office: BackOffice, slug: str) -> OpsCollection:
    """Raises CollectionNotFound."""
    found = await back_office.collection(slug)
    if found is None:
        raise CollectionNotFound
    return found


async def _check_courses(queries: CatalogQueries, course_ids: Sequence[CourseId]) -> None:
    """Raises InvalidShelf, UnknownCourse. Courses are never deleted: what holds here holds in the transaction."""
    check_collected(course_ids)
    known = await queries.cards(course_ids) if course_ids else {}
    for course_id in course_ids:
        if course_id not in known:
            raise UnknownCourse(course_id)
