"""Collections of courses in memory."""

from __future__ import annotations

from kosu.adapters.memory.database import Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.errors import CollectionTaken
from kosu.modules.catalog.events import CatalogueChanged

COLLECTIONS = "catalog.collections"


class MemoryCollections:
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        self._workspace = workspace
        self._outbox = outbox

    async def add(self, collection: CourseCollection) -> None:
        if self._workspace.table(COLLECTIONS).setdefault(collection.slug, collection) is not collection:
            raise CollectionTaken
        await self._outbox.add(CatalogueChanged())

    async def lock(self, slug: str) -> CourseCollection | None:
        return self._workspace.table(COLLECTIONS).get(slug)

    async def save(self, collection: CourseCollection) -> None:
        self._workspace.table(COLLECTIONS)[collection.slug] = collection
        await self._outbox.add(CatalogueChanged())

    async def remove(self, slug: str) -> bool:
        await self._outbox.add(CatalogueChanged())
        return self._workspace.table(COLLECTIONS).pop(slug, None) is not None
