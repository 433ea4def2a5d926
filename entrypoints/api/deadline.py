"""How long a request may take until its answer begins: then it is cancelled, and the client told to come again.

What a cancelled handler had open is rolled back; what it had committed stays, and its messages with it. Once an answer
has begun it may take its time: a stream is as long as it is.
"""

from __future__ import annotations

import asyncio

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.api.errors import send_problem
from kosu.errors import Unavailable


class RequestTimedOut(Unavailable):
    """Nothing was answered in time; whether something was done is for the client to look."""

    code = "request_timed_out"
    retry_after_seconds = 5


class Deadline:
    """Around the application `inner`; errors are told as `app` would."""

    def __init__(self, app: Litestar, inner: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._inner = inner
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds) as deadline:

                async def begin(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        deadline.reschedule(None)
                    await send(message)

                await self._inner(scope, receive, begin)
        except TimeoutError:
            if not deadline.expired():
                raise
            error = RequestTimedOut(f"{scope['method']} {scope['path']} took longer than {self._seconds} s")
            await send_problem(error, self._app, scope, receive, send)
