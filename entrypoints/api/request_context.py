"""The outermost layer: a request id for everything that happens, one log line, metrics, and headers for every answer.

It wraps the whole application, so that routing errors carry them too. Every request pays for it: what it needs of an
answer it takes on one way through.
"""

from __future__ import annotations

import os
import re
import time

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints import logs
from entrypoints.api import metrics
from entrypoints.api.draining import CLOSE, Draining
from kosu import cause
from kosu.cause import Cause

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
    caused = cause.current.get()
    return "-" if caused is None or caused.request_id is None else caused.request_id


class RequestContext:
    """With `https_only` browsers are told to use nothing else for a year."""

    def __init__(self, app: ASGIApp, *, https_only: bool = False, draining: Draining | None = None) -> None:
        self.app = app
        self._draining = draining or Draining()
        self._headers = (*HEADERS, HTTPS_ONLY) if https_only else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        identifier = _identifier(scope)
        name = identifier.decode()
        caused, known = cause.current.set(Cause(name)), logs.context.set({})
        method = scope["method"]
        # HEAD is GET without the body (RFC 9110, 9.3.2); the routes need not know of it.
        is_head = method == "HEAD"
        if is_head:
            scope = {**scope, "method": HttpMethod.GET}
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message["headers"], *self._headers, (b"x-request-id", identifier)]
                own = [name for name, _ in message["headers"]]
                headers += [default for default in DEFAULTS if default[0] not in own]
                if self._draining.has_begun:
                    headers.append(CLOSE)
                message["headers"] = headers
            elif is_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        metrics.IN_PROGRESS.inc()
        started = time.perf_counter()
        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            metrics.IN_PROGRESS.dec()
            metrics.observe(method, scope.get("path_template", metrics.UNROUTED), status, seconds)
            logs.access(
                method=method,
                path=scope["path"],
                status=status,
                duration_ms=round(seconds * 1000, 1),
                request_id=name,
            )
            cause.current.reset(caused)
            logs.context.reset(known)


def _identifier(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        # An id with line breaks or of any length would let a client write into the log.
        if name == b"x-request-id" and _ACCEPTABLE.fullmatch(value):
            return value
    return os.urandom(16).hex().encode()
