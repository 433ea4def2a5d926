"""The outermost layer: a request id for everything that happens, one log line, and headers that every answer carries.

It wraps the whole application, so that routing errors carry them too.
"""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints import logs

log = logging.getLogger("kosu.access")

_ACCEPTABLE = re.compile(rb"[A-Za-z0-9._-]{1,64}")

# Source: OWASP REST Security Cheat Sheet, "Security Headers".
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-site"),
)
# For answers that do not say it themselves: nothing of JSON is to be run, and what is somebody's is not to be kept.
DEFAULTS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def request_id() -> str:
    """The id of the request at hand, as sent by the client or made here; `-` outside of any."""
    return logs.context.get().get("request_id", "-")


class RequestContext:
    """With `https_only` browsers are told to use nothing else for a year."""

    def __init__(self, app: ASGIApp, *, https_only: bool = False) -> None:
        self.app = app
        self._headers = (*HEADERS, HTTPS_ONLY) if https_only else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        identifier = _identifier(scope)
        token = logs.context.set({"request_id": identifier})
        started = time.perf_counter()
        status = 0

        # HEAD is GET without the body (RFC 9110, 9.3.2); the routes need not know of it.
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": HttpMethod.GET}

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *self._headers,
                    *(default for default in DEFAULTS if default[0] not in own),
                    (b"x-request-id", identifier.encode()),
                ]
            elif is_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            log.info(
                "request",
                extra={
                    "method": "HEAD" if is_head else scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            logs.context.reset(token)


def _identifier(scope: Scope) -> str:
    sent = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    # An id with line breaks or of any length would let a client write into the log.
    return sent.decode() if _ACCEPTABLE.fullmatch(sent) else uuid4().hex
