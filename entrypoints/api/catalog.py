"""/api/v1: the public catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from entrypoints.api.authentication import ANYBODY, NOBODY, AnyRequest
from entrypoints.api.conditional import conditional
from entrypoints.api.dependencies import Catalog, Learning
from entrypoints.api.lists import Limit, QueryText
from kosu.modules.catalog.domain.course import Level
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.modules.catalog.domain.search import SearchQuery
from kosu.modules.catalog.errors import CollectionNotFound
from kosu.modules.catalog.views import CategoryView, CollectionPage, CollectionView, CoursePage, Suggestion
from kosu.modules.learning.home_views import HomeView
from kosu.modules.learning.views import CourseView
from kosu.paging import Cursor

SUGGESTIONS = 8
# Kept by anybody, and asked for again each time: what an instructor publishes is seen at once.
PUBLIC = "public, no-cache"
PRIVATE = "private, no-cache"
# What is public for nobody in particular, and private for somebody.
BY_VIEWER = "Cookie, Authorization"


class Categories(msgspec.Struct, frozen=True):
    """All categories of the catalogue, on one page."""

    items: list[CategoryView]
    next_cursor: str | None = None


class Collections(msgspec.Struct, frozen=True):
    """All collections that are published, on one page."""

    items: list[CollectionView]
    next_cursor: str | None = None


class Suggestions(msgspec.Struct, frozen=True):
    items: list[Suggestion]


def listing_of(*, cursor: str | None, **asked: Any) -> CourseListing:
    """What the parameters of a list ask for. Raises InvalidCursor."""
    listing = CourseListing(**asked)
    return listing if cursor is None else replace(listing, after=Cursor.decode(cursor, sort=listing.order))


class CatalogController(Controller):
    path = "/api/v1"
    tags = ("catalog",)

    @get("/categories", operation_id="listCategories", auth=NOBODY)
    async def categories(self, request: AnyRequest, catalog: NamedDependency[Catalog]) -> Response[Categories]:
        page = Categories(items=list(await catalog.queries().categories()))
        return conditional(request, page, cache_control=PUBLIC)

    @get("/collections", operation_id="listCollections", auth=NOBODY)
    async def collections(self, request: AnyRequest, catalog: NamedDependency[Catalog]) -> Response[Collections]:
        page = Collections(items=list(await catalog.discovery().collections()))
        return conditional(request, page, cache_control=PUBLIC)

    @get("/collections/{slug:str}", operation_id="getCollection", auth=NOBODY)
    async def collection(
        self, slug: FromPath[str], request: AnyRequest, catalog: NamedDependency[Catalog]
    ) -> Response[CollectionPage]:
        """The collection with all its courses, in the curated order."""
        page = await catalog.discovery().collection(slug)
        if page is None:
            raise CollectionNotFound
        return conditional(request, page, cache_control=PUBLIC)

    @get("/courses", operation_id="listCourses", auth=NOBODY)
    async def courses(
        self,
        *,
        request: AnyRequest,
        catalog: NamedDependency[Catalog],
        q: QueryText = None,
        category: QueryText = None,
        collection: QueryText = None,
        level: FromQuery[Level | None] = None,
        language: QueryText = None,
        price: FromQuery[Literal["free", "paid"] | None] = None,
        sort: FromQuery[Sort | None] = None,
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> Response[CoursePage]:
        """Published courses: by popularity, and what a `q` finds by relevance, unless another sort is asked for.

        A cursor is for the sort that it was given out with.
        """
        listing = listing_of(
            q=q,
            category=category,
            collection=collection,
            level=level,
            language=language,
            price=price,
            sort=sort,
            limit=limit,
            cursor=cursor,
        )
        source = catalog.queries() if listing.query is None else catalog.search()
        page = await source.courses(listing)
        return conditional(request, page, cache_control=PUBLIC)

    @get("/search/suggest", operation_id="suggestCourses", auth=NOBODY)
    async def suggest(
        self, request: AnyRequest, catalog: NamedDependency[Catalog], q: QueryText = None
    ) -> Response[Suggestions]:
        """Courses whose titles answer what has been typed so far, typos and the other keyboard forgiven."""
        found = await catalog.search().suggest(SearchQuery.of(q or ""), limit=SUGGESTIONS)
        return conditional(request, Suggestions(items=list(found)), cache_control=PUBLIC)

    @get("/courses/{slug:str}", operation_id="getCourse", auth=ANYBODY)
    async def course(
        self, slug: FromPath[str], request: AnyRequest, learning: NamedDependency[Learning]
    ) -> Response[CourseView]:
        """The course's page, with what of it opens for the one who asks and why."""
        viewer = request.user
        course = await learning.view_course()(
            slug=slug,
            user_id=None if viewer is None else viewer.user_id,
            is_operator=viewer is not None and viewer.is_operator,
        )
        return conditional(
            request,
            cast("CourseView", course),
            cache_control=PUBLIC if viewer is None else PRIVATE,
            vary=BY_VIEWER,
        )

    @get("/home", operation_id="getHome", auth=ANYBODY)
    async def home(self, request: AnyRequest, learning: NamedDependency[Learning]) -> Response[HomeView]:
        """Rows of courses; for a learner who has begun some, these come first."""
        viewer = request.user
        home = await learning.view_home()(user_id=None if viewer is None else viewer.user_id)
        return conditional(request, home, cache_control=PUBLIC if viewer is None else PRIVATE, vary=BY_VIEWER)
