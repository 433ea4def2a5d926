"""Just enough HTTP on bare ASGI: the edge starts in a fraction of the time that a framework's imports take."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_DISCARD_BYTES = 64 * 1024 * 1024  # larger than any part that is planned for an upload
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class ClientDisconnected(Exception):  # noqa: N818 - not an error of ours
    """The client went away before its body ended; there is nobody to answer."""


class Request:
    """One request. Paths are decoded; header names are in lower case."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        self.headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            self.headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
        self._body_ended = self.method in {"GET", "HEAD", "OPTIONS"}  # nobody reads a body there
        given = self.headers.get("x-request-id", "")
        self.id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex

    @property
    def cookies(self) -> dict[str, str]:
        """Of two cookies with one name the first counts: browsers send the one with the longer path first."""
        cookies: dict[str, str] = {}
        for pair in self.headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            cookies.setdefault(name, value)
        return cookies

    async def body(self) -> AsyncIterator[bytes]:
        """The body as it arrives.

        Raises:
            ClientDisconnected
        """
        while not self._body_ended:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ClientDisconnected
            self._body_ended = not message.get("more_body", False)
            yield message.get("body", b"")

    async def discard_body(self) -> None:
        """Read what is left of the body before a refusal: most clients look at the answer only when all is sent.

        A client that asked first with `Expect: 100-continue` gets its answer without sending anything. One that sends
        without end is cut off.

        Raises:
            ClientDisconnected
        """
        if "expect" in self.headers:
            return
        discarded = 0
        async for chunk in self.body():
            discarded += len(chunk)
            if discarded > _DISCARD_BYTES:
                return

    async def disconnected(self) -> None:
        """Return when the client has gone. Only for a request whose body nobody reads."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer. A streamed body has its length in the headers; `close` frees what the body reads from."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | AsyncIterator[bytes] = b""
    close: Callable[[], None] | None = None


def problem(
    request: Request, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document. Source: RFC 9457."""
    document = {
        "type": f"urn:kosu:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request.id,
    }
    return Response(
        status=status,
        headers={"content-type": "application/problem+json", "cache-control": "no-store", **(headers or {})},
        body=json.dumps(document).encode(),
    )


async def answer(request: Request, response: Response, send: Send) -> None:
    """Send a response; a HEAD request gets its headers only."""
    headers = {"x-request-id": request.id, "x-content-type-options": "nosniff", **response.headers}
    if isinstance(response.body, bytes) and response.status not in {204, 304}:
        headers.setdefault("content-length", str(len(response.body)))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": encoded})
        if isinstance(response.body, bytes):
            await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})
            return
        if request.method != "HEAD":
            await _stream(request, response.body, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        if response.close:
            response.close()


async def _stream(request: Request, chunks: AsyncIterator[bytes], send: Send) -> None:
    """Send a body until its end, or until nobody listens: a player that seeks leaves many a file after its first bytes.

    Raises:
        ClientDisconnected
    """
    gone = asyncio.ensure_future(request.disconnected())
    try:
        async for chunk in chunks:
            if gone.done():
                raise ClientDisconnected
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        gone.cancel()


async def lifespan(receive: Receive, send: Send) -> None:
    """For applications with nothing to open or to close."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
