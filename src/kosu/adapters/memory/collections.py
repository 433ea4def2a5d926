"""Collections of courses in memory."""

from __future__ import annotations

from kosu.adapters.memory.database import Workspace
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.errors import CollectionTaken

COLLECTIONS = "catalog.collections"


class MemoryCollections:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def add(self, collection: CourseCollection) -> None:
        if self._workspace.table(COLLECTIONS).setdefault(collection.slug, collection) is not collection:
            raise CollectionTaken

    async def lock(self, slug: str) -> CourseCollection | None:
        return self._workspace.table(COLLECTIONS).get(slug)

    async def save(self, collection: CourseCollection) -> None:
        self._workspace.table(COLLECTIONS)[collection.slug] = collection

    async def remove(self, slug: str) -> bool:
        return self._workspace.table(COLLECTIONS).pop(slug, None) is not None
