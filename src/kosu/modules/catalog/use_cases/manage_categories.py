"""What operators do with categories: make, change and remove them. Each is audited."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kosu.modules.catalog.domain.shelves import Category, CategoryChanges
from kosu.modules.catalog.errors import CategoryNotFound
from kosu.modules.catalog.ports import CatalogRecords
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CreateCategory:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, category: Category, origin: Origin) -> None:
        """Raises CategoryTaken."""
        async with self.transaction() as records:
            await records.categories.add(category)
            await self.audit.record(
                records, Action.CATEGORY_CREATED, None, at=self.clock.now(), origin=origin, slug=category.slug
            )


@dataclass(frozen=True, slots=True)
class EditCategory:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, slug: str, changes: CategoryChanges, origin: Origin) -> Category:
        """Change what is given and leave the rest. The slug never changes: courses and addresses refer to it.

        Raises:
            CategoryNotFound, InvalidShelf
        """
        async with self.transaction() as records:
            category = await records.categories.lock(slug)
            if category is None:
                raise CategoryNotFound
            changed = replace(category, **changes)
            if changed != category:
                await records.categories.save(changed)
                await self.audit.record(
                    records, Action.CATEGORY_CHANGED, None, at=self.clock.now(), origin=origin, slug=slug
                )
        return changed


@dataclass(frozen=True, slots=True)
class RemoveCategory:
    transaction: Transaction[CatalogRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, slug: str, origin: Origin) -> None:
        """Raises CategoryNotFound, CategoryInUse."""
        async with self.transaction() as records:
            if not await records.categories.remove(slug):
                raise CategoryNotFound
            await self.audit.record(
                records, Action.CATEGORY_REMOVED, None, at=self.clock.now(), origin=origin, slug=slug
            )
