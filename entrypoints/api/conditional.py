"""Answers that a client may have already: ETag and If-None-Match.

Source: RFC 9110, sections 8.8.3 and 13.1.2.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

T = TypeVar("T")


def conditional(
    request: Request[Any, Any, Any], content: T, *, cache_control: str, vary: str | None = None
) -> Response[T]:
    """The content with its ETag, or 304 without content when the client names that ETag."""
    body, etag = tagged(content)
    headers = {"ETag": etag, "Cache-Control": cache_control}
    if vary is not None:
        headers["Vary"] = vary
    unchanged = is_known(etag, request.headers.get("if-none-match", ""))
    # Encoded once, here: the framework passes bytes through as they are.
    answer = Response(
        b"" if unchanged else body,
        status_code=HTTP_304_NOT_MODIFIED if unchanged else HTTP_200_OK,
        headers=headers,
        media_type="application/json",
    )
    return cast("Response[T]", answer)


def tagged(content: object) -> tuple[bytes, str]:
    """The content as JSON, and its ETag."""
    body = msgspec.json.encode(content)
    return body, f'"{blake2b(body, digest_size=12).hexdigest()}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the header names the tag: weak ones count as well, as for every GET."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
