"""The way of the catalogue's most read pages past the framework: lists of courses, and courses' pages for nobody in
particular.

What Litestar does around a handler costs more than all the rest of such a page: docs/adr/0023. Requests as clients
nearly always make them are answered here, before it, by the same reads. All else goes the usual way, as if nobody had
looked at it: the routes in `catalog.py`, which stand in the document.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Receive, Scope, Send

from entrypoints.api.catalog import BY_VIEWER, PUBLIC, listing_of
from entrypoints.api.conditional import tagged
from entrypoints.api.cookies import SessionCookies
from entrypoints.api.errors import send_problem
from entrypoints.api.rate_limits import RateLimits
from kosu.errors import KosuError
from kosu.modules.catalog.domain.course import Level
from kosu.modules.catalog.domain.listing import Sort
from kosu.modules.catalog.ports import CatalogQueries
from kosu.modules.learning.use_cases.view_course import ViewCourse

LIST = "/api/v1/courses"
_BEFORE = f"{LIST}/"

_Text = Annotated[str, msgspec.Meta(max_length=200)]


class _Filters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Those of a list that is not a search; the same as the route's."""

    category: _Text | None = None
    collection: _Text | None = None
    level: Level | None = None
    language: _Text | None = None
    price: Literal["free", "paid"] | None = None
    sort: Sort | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    cursor: _Text | None = None


class CatalogueDoor:
    """Answers what it understands as `app` would, and hands all else on to `inner`."""

    def __init__(
        self,
        app: Litestar,
        inner: ASGIApp,
        *,
        queries: CatalogQueries,
        view_course: ViewCourse,
        cookies: SessionCookies,
        limits: RateLimits,
    ) -> None:
        self._app = app
        self._inner = inner
        self._queries = queries
        self._view_course = view_course
        self._cookies = cookies
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != ScopeType.HTTP
            or scope["method"] != "GET"
            or not scope["path"].startswith(LIST)
            or any(name == b"if-none-match" for name, _ in scope["headers"])
        ):
            await self._inner(scope, receive, send)
            return
        path, query = scope["path"], scope["query_string"]
        filters = _filters(query) if path == LIST else None
        if filters is not None:
            await self._courses(filters, scope, receive, send)
        elif path.startswith(_BEFORE) and "/" not in path[len(_BEFORE) :] and not query and self._is_for_nobody(scope):
            await self._course(path[len(_BEFORE) :], scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    def _is_for_nobody(self, scope: Scope) -> bool:
        return not self._cookies.name_somebody(scope)

    async def _courses(self, filters: _Filters, scope: Scope, receive: Receive, send: Send) -> None:
        # For the metrics, as the application's own routing would.
        scope["path_template"] = LIST
        try:
            await self._limits.take(scope, None)
            page = await self._queries.courses(listing_of(**msgspec.structs.asdict(filters)))
        except KosuError as error:
            await send_problem(error, self._app, scope, receive, send)
        else:
            await _send(page, send)

    async def _course(self, slug: str, scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = f"{_BEFORE}{{slug}}"
        try:
            await self._limits.take(scope, None)
            course = await self._view_course(slug=slug, user_id=None, is_operator=False)
        except KosuError as error:
            await send_problem(error, self._app, scope, receive, send)
        else:
            await _send(course, send, vary=BY_VIEWER)


def _filters(query: bytes) -> _Filters | None:
    """None where the query says anything that is not plain, or not understood."""
    if b"%" in query or b"+" in query or not query.isascii():
        return None
    pairs = [pair.partition("=") for pair in query.decode().split("&")] if query else []
    named = {name: value for name, _, value in pairs}
    if len(named) != len(pairs) or not all(named.values()):
        return None
    try:
        return msgspec.convert(named, _Filters, strict=False)
    except msgspec.ValidationError:
        return None


async def _send(content: object, send: Send, *, vary: str | None = None) -> None:
    body, etag = tagged(content)
    headers = [
        (b"content-type", b"application/json"),
        (b"etag", etag.encode()),
        (b"cache-control", PUBLIC.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if vary is not None:
        headers.append((b"vary", vary.encode()))
    await send({"type": "http.response.start", "status": HTTP_200_OK, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
