"""A shared cache of the public pages in front of the framework: docs/adr/0023.

An answer that says `public, no-cache` may be kept by anybody who asks before using it again. Here nobody has to ask:
the process hears of every change of the catalogue, and a page is as good as a new one while its version is the current
one. One that says `Vary` is for those only who are nobody in particular.

Source: RFC 9111, sections 3 and 4; RFC 9110, section 13.1.2.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from litestar.enums import ScopeType
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from entrypoints.api import metrics
from entrypoints.api.conditional import is_known
from entrypoints.api.cookies import SessionCookies
from kosu.modules.catalog.version import CatalogueVersion

PATHS = tuple(f"/api/v1/{name}" for name in ("courses", "categories", "collections", "home", "search"))
MOST_SECONDS = 60
# Longer ones are looked for once, and would only push others out.
MOST_QUERY_BYTES = 512

_Headers = list[tuple[bytes, bytes]]
_Key = tuple[str, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """`for_anybody`: also for those who are signed in. `version` is what it was made of, as it was before."""

    version: int
    kept_until: float
    route: str
    headers: _Headers
    body: bytes
    etag: str
    for_anybody: bool


class PublicCache:
    """Answers what it has, and keeps what the application answers if it is public: the newest `most_bytes` of it.

    However well changes are heard of, no page is older than `most_seconds`.
    """

    def __init__(
        self,
        app: ASGIApp,
        version: CatalogueVersion,
        cookies: SessionCookies,
        *,
        most_bytes: int,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._app = app
        self._version = version
        self._cookies = cookies
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._bytes = 0
        self._pages: OrderedDict[_Key, _Page] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version = self._version.current
        if (
            version is None
            or scope["type"] != ScopeType.HTTP
            or scope["method"] != "GET"
            or not scope["path"].startswith(PATHS)
            or len(scope["query_string"]) > MOST_QUERY_BYTES
        ):
            await self._app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"])
        page = self._pages.get(key)
        if page is None or page.version != version or page.kept_until <= time.monotonic():
            metrics.PUBLIC_PAGES_MADE.inc()
            await self._make(key, version, scope, receive, send)
        elif page.for_anybody or not self._cookies.name_somebody(scope):
            metrics.PUBLIC_PAGES_KEPT.inc()
            self._pages.move_to_end(key)
            # For the metrics, as the application's own routing would.
            scope["path_template"] = page.route
            await _answer(page, scope["headers"], send)
        else:
            await self._app(scope, receive, send)

    async def _make(self, key: _Key, version: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and keep the answer if it is public and came whole."""
        asked = scope["headers"]
        if not self._cookies.name_somebody(scope):
            # Of what the client has already only the answer would be known, not the page.
            scope["headers"] = [header for header in asked if header[0] != b"if-none-match"]
        start: HTTPResponseStartEvent | None = None

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_public(message):
                start = message
            elif message["type"] == "http.response.body" and start is not None and not message["more_body"]:
                route = str(scope.get("path_template", metrics.UNROUTED))
                kept_until = time.monotonic() + self._most_seconds
                page = _page_of(start, message["body"], version=version, kept_until=kept_until, route=route)
                self._keep(key, page)
                await _answer(page, asked, send)
            else:
                if start is not None:
                    begun, start = start, None
                    await send(begun)
                await send(message)

        await self._app(scope, receive, keep)

    def _keep(self, key: _Key, page: _Page) -> None:
        self._forget(key)
        self._pages[key] = page
        self._bytes += len(page.body)
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._pages)))

    def _forget(self, key: _Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= len(page.body)


def _is_public(start: HTTPResponseStartEvent) -> bool:
    headers = dict(start["headers"])
    return (
        start["status"] == HTTP_200_OK
        and headers.get(b"cache-control", b"").startswith(b"public")
        and b"etag" in headers
    )


def _page_of(start: HTTPResponseStartEvent, body: bytes, *, version: int, kept_until: float, route: str) -> _Page:
    headers = dict(start["headers"])
    return _Page(
        version=version,
        kept_until=kept_until,
        route=route,
        headers=list(start["headers"]),
        body=body,
        etag=headers[b"etag"].decode(),
        for_anybody=b"vary" not in headers,
    )


async def _answer(page: _Page, asked: Iterable[tuple[bytes, bytes]], send: Send) -> None:
    """The page, or that the client has it already. A new message each time: the layer above adds its headers to it."""
    named = next((value for name, value in asked if name == b"if-none-match"), None)
    if named is not None and is_known(page.etag, named.decode("latin-1")):
        headers = [header for header in page.headers if header[0] not in {b"content-length", b"content-type"}]
        await send({"type": "http.response.start", "status": HTTP_304_NOT_MODIFIED, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    await send({"type": "http.response.start", "status": HTTP_200_OK, "headers": page.headers})
    await send({"type": "http.response.body", "body": page.body, "more_body": False})
