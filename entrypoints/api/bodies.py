"""What a body may be: JSON, unless the route says `body=RAW`.

A page of another site can make a browser send form fields and plain text along with our cookies, but JSON only after
asking, which is refused. So this also keeps other sites from signing a browser in.

Source: Fetch Standard, "CORS-safelisted request-header".
"""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.status_codes import HTTP_415_UNSUPPORTED_MEDIA_TYPE
from litestar.types import ASGIApp, Receive, Scope, Send

RAW = "raw"


class JsonBodies(ASGIMiddleware):
    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["route_handler"].opt.get("body") != RAW:
            _require_json(ASGIConnection(scope))
        await next_app(scope, receive, send)


def _require_json(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    headers = connection.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    if "content-type" not in headers and "origin" not in headers:
        # No browser sends this: they name where a POST comes from. Whoever says nothing means JSON.
        return
    media_type, _, parameters = headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").removeprefix("charset=")
    if media_type.strip() != "application/json" or charset not in {"", "utf-8"} or "content-encoding" in headers:
        raise HTTPException(
            "The body has to be JSON: `content-type: application/json`, in UTF-8 and not compressed.",
            status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )
