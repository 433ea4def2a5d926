"""Answers that a client may have already, and changes of what it has read: ETag, If-None-Match and If-Match.

Source: RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

T = TypeVar("T")

# Strong tags of `versioned` alone: a weak one never matches (RFC 9110, 13.1.1).
_VERSION = re.compile(r'"(\d{1,18})"')


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
    # Processors have instructions for this one: half of what others cost.
    return body, f'"{sha256(body).hexdigest()[:24]}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the header names the tag: weak ones count as well, as for every GET."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known


def versioned(content: T, version: int, *, status_code: int = HTTP_200_OK) -> Response[T]:
    """The content with its version as its ETag, for `versions_of` a later change.

    What the content says besides its version, such as whether something else has changed since, is no edit of it: it
    must not get into the way of whoever edits.
    """
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
    return Response(content, status_code=status_code, headers=headers)


def versions_of(request: Request[Any, Any, Any]) -> frozenset[int] | None:
    """The versions that If-Match names; None where any will do. What was never an ETag of ours matches nothing."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    tags = (_VERSION.fullmatch(tag.strip()) for tag in header.split(","))
    return frozenset(int(tag[1]) for tag in tags if tag)
