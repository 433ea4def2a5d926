"""Cookies that open media on the media host."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from litestar.datastructures import Cookie


def delivery_cookies(signed: Mapping[str, str], *, path: str, media_url: str) -> list[Cookie]:
    """As secure as the host of `media_url`, which they are for: a Secure cookie would never reach one without TLS."""
    secure = urlsplit(media_url).scheme == "https"
    return [
        Cookie(key=name, value=value, path=path, httponly=True, secure=secure, samesite="lax")
        for name, value in signed.items()
    ]
