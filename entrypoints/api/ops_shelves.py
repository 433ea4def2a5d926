"""/api/v1/ops/categories and /api/v1/ops/collections: how operators arrange the catalogue. Changes are audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import UNSET, UnsetType

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Catalog
from entrypoints.api.edits import given
from entrypoints.api.origin import origin_of
from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import OpsCategory, OpsCollection, OpsCollectionEntry
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.modules.catalog.use_cases.manage_collections import read_collection
from kosu.modules.identity.domain.viewer import OPERATOR

if TYPE_CHECKING:
    from kosu.modules.catalog.domain.shelves import CategoryChanges, CollectionChanges


class OpsCategories(msgspec.Struct, frozen=True):
    """All categories, on one page."""

    items: list[OpsCategory]
    next_cursor: str | None = None


class NewCategory(msgspec.Struct, frozen=True):
    """`position` orders the categories, the slug those of one position."""

    slug: str
    name: str
    position: int = 0


class CategoryEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is."""

    name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET

    def changes(self) -> CategoryChanges:
        return given(self)  # type: ignore[return-value]  # its fields are those of the changes


class OpsCollections(msgspec.Struct, frozen=True):
    """All collections, published or not, on one page."""

    items: list[OpsCollectionEntry]
    next_cursor: str | None = None


class NewCollection(msgspec.Struct, frozen=True, kw_only=True):
    """`course_ids` in the order in which they are shown, at most 100; `position` orders the collections."""

    slug: str
    title: str
    description: str = ""
    position: int = 0
    published: bool = False
    course_ids: list[CourseId] = []


class CollectionEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is; `course_ids` are all its courses, in their new order."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    published: bool | UnsetType = UNSET
    course_ids: list[CourseId] | UnsetType = UNSET

    def changes(self) -> CollectionChanges:
        return given(self)  # type: ignore[return-value]  # its fields are those of the changes


class OpsCategoryController(Controller):
    path = "/api/v1/ops/categories"
    tags = ("ops",)

    @get("/", operation_id="listOpsCategories")
    async def categories(self, request: SignedInRequest, catalog: NamedDependency[Catalog]) -> OpsCategories:
        request.user.require(OPERATOR)
        return OpsCategories(items=list(await catalog.back_office().categories()))

    @post("/", operation_id="createCategory", status_code=HTTP_201_CREATED)
    async def create(
        self, data: JSONBody[NewCategory], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> OpsCategory:
        request.user.require(OPERATOR)
        category = Category(data.slug, data.name, data.position)
        await catalog.create_category()(category=category, origin=origin_of(request))
        return OpsCategory.of(category)

    @patch("/{slug:str}", operation_id="editCategory")
    async def edit(
        self,
        slug: FromPath[str],
        data: JSONBody[CategoryEdit],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> OpsCategory:
        request.user.require(OPERATOR)
        category = await catalog.edit_category()(slug=slug, changes=data.changes(), origin=origin_of(request))
        return OpsCategory.of(category)

    @delete("/{slug:str}", operation_id="removeCategory", status_code=HTTP_204_NO_CONTENT)
    async def remove(self, slug: FromPath[str], request: SignedInRequest, catalog: NamedDependency[Catalog]) -> None:
        """Only a category without courses can go."""
        request.user.require(OPERATOR)
        await catalog.remove_category()(slug=slug, origin=origin_of(request))


class OpsCollectionController(Controller):
    path = "/api/v1/ops/collections"
    tags = ("ops",)

    @get("/", operation_id="listOpsCollections")
    async def collections(self, request: SignedInRequest, catalog: NamedDependency[Catalog]) -> OpsCollections:
        request.user.require(OPERATOR)
        return OpsCollections(items=list(await catalog.back_office().collections()))

    @get("/{slug:str}", operation_id="getOpsCollection")
    async def collection(
        self, slug: FromPath[str], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> OpsCollection:
        request.user.require(OPERATOR)
        return await read_collection(catalog.back_office(), slug)

    @post("/", operation_id="createCollection", status_code=HTTP_201_CREATED)
    async def create(
        self, data: JSONBody[NewCollection], request: SignedInRequest, catalog: NamedDependency[Catalog]
    ) -> OpsCollection:
        request.user.require(OPERATOR)
        collection = CourseCollection(
            slug=data.slug,
            title=data.title,
            description=data.description,
            position=data.position,
            published=data.published,
            course_ids=tuple(data.course_ids),
        )
        return await catalog.create_collection()(collection=collection, origin=origin_of(request))

    @patch("/{slug:str}", operation_id="editCollection")
    async def edit(
        self,
        slug: FromPath[str],
        data: JSONBody[CollectionEdit],
        request: SignedInRequest,
        catalog: NamedDependency[Catalog],
    ) -> OpsCollection:
        request.user.require(OPERATOR)
        return await catalog.edit_collection()(slug=slug, changes=data.changes(), origin=origin_of(request))

    @delete("/{slug:str}", operation_id="removeCollection", status_code=HTTP_204_NO_CONTENT)
    async def remove(self, slug: FromPath[str], request: SignedInRequest, catalog: NamedDependency[Catalog]) -> None:
        """The collection goes, its courses stay."""
        request.user.require(OPERATOR)
        await catalog.remove_collection()(slug=slug, origin=origin_of(request))
