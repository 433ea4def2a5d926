"""What a body may be: JSON, unless the route says `body=RAW`.

A page of another site can make a browser send form fields and plain text along with our cookies, but JSON only after
asking, which is refused. So this also keeps other sites from signing a browser in.

Source: Fetch Standard, "CORS-safelisted request-header".
"""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_415_UNSUPPORTED_MEDIA_TYPE,
)
from litestar.types import ASGIApp, Receive, Scope, Send

RAW = "raw"


def require_json(app: ASGIApp) -> ASGIApp:
    """Middleware: refuses other bodies, except where the route wants them raw."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["route_handler"].opt.get("body") != RAW:
            _require_json(ASGIConnection(scope))
        await app(scope, receive, send)

    return checked


async def raw_body(receive: Receive, *, most_bytes: int) -> bytes:
    """The whole body, however it is sent; no more of it is kept in memory than may be.

    Raises:
        HTTPException: 413, it is larger; 400, its sender went away in the middle.
    """
    chunks: list[bytes] = []
    size_bytes, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise HTTPException("The body ended early.", status_code=HTTP_400_BAD_REQUEST)
        # Both may be left out (ASGI specification, "Request - receive event").
        chunk, more = message.get("body", b""), message.get("more_body", False)
        chunks.append(chunk)
        size_bytes += len(chunk)
        if size_bytes > most_bytes:
            raise HTTPException(
                f"The body may have {most_bytes} bytes at most.", status_code=HTTP_413_REQUEST_ENTITY_TOO_LARGE
            )
    return b"".join(chunks)


def plain_headers(scope: Scope) -> dict[str, str]:
    """Headers by their lower-case names; of those that are sent twice, the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(list(scope["headers"]))}


def is_plain_text_of(media_type: str, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the headers announce a body of this type, in UTF-8 and not compressed."""
    told, _, parameters = connection.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").removeprefix("charset=")
    return told.strip() == media_type and charset in {"", "utf-8"} and "content-encoding" not in connection.headers


def _require_json(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    headers = connection.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    if "content-type" not in headers and "origin" not in headers:
        # No browser sends this: they name where a POST comes from. Whoever says nothing means JSON.
        return
    if not is_plain_text_of("application/json", connection):
        raise HTTPException(
            "The body has to be JSON: `content-type: application/json`, in UTF-8 and not compressed.",
            status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )
