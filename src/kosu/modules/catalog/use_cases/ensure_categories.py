"""Make sure that the catalogue has its categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EnsureCategories:
    transaction: Transaction[CatalogRecords]

    async def __call__(self, categories: Iterable[Category]) -> None:
        """Add the categories that are missing and rename those that are there; others stay."""
        async with self.transaction() as records:
            for category in categories:
                await records.categories.save(category)
