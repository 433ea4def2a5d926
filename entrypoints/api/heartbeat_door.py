"""The way of heartbeats past the framework: of all requests of learners they are by far the most.

What Litestar does around a handler costs more than all the rest of a heartbeat: docs/adr/0020. So one that is as nearly
all are (of a session that this process knows, on an open viewing) is answered here, before it, in the one round trip in
which its session is checked. All else, and all that is refused, goes the usual way, as if nobody had looked at it: the
route in `learning.py`, which stands in the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import msgspec
from litestar.enums import ScopeType
from litestar.status_codes import HTTP_204_NO_CONTENT
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

from entrypoints.api.authentication import Authentication
from entrypoints.api.learning import Heartbeat
from kosu.errors import KosuError
from kosu.ids import LessonId
from kosu.modules.identity.use_cases.authenticate_request import Presumed
from kosu.modules.learning.use_cases.keep_heartbeat import KeepHeartbeat

_BEFORE, _AFTER = "/api/v1/lessons/", "/progress"
_ROUTE = "/api/v1/lessons/{lesson_id}/progress"
# Of the body's length in bytes: the most intervals that a heartbeat may have, written out, take fewer.
MOST_DIGITS = 4

_decode = msgspec.json.Decoder(Heartbeat).decode


class HeartbeatDoor:
    """Answers heartbeats, and hands all else on to the application."""

    def __init__(self, app: ASGIApp, authentication: Authentication, keep_heartbeat: KeepHeartbeat) -> None:
        self._app = app
        self._authentication = authentication
        self._keep_heartbeat = keep_heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "PUT" or not scope["path"].endswith(_AFTER):
            await self._app(scope, receive, send)
            return
        lesson_id = _lesson_id(scope["path"])
        presumed = self._authentication.presumed(scope) if lesson_id is not None and _is_small_json(scope) else None
        if lesson_id is None or presumed is None:
            await self._app(scope, receive, send)
            return
        messages = await _messages_of_body(receive)
        if not await self._kept(lesson_id, presumed, messages):
            await self._app(scope, _again(messages, receive), send)
            return
        # For the metrics, as the application's own routing would.
        scope["path_template"] = _ROUTE
        await send({"type": "http.response.start", "status": HTTP_204_NO_CONTENT, "headers": ()})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _kept(self, lesson_id: LessonId, presumed: Presumed, messages: Sequence[ReceiveMessage]) -> bool:
        try:
            beat = _decode(b"".join(_part(message) for message in messages))
            kept = await self._keep_heartbeat(
                session=presumed.mark,
                device_id=presumed.viewer.device_id,
                lesson_id=lesson_id,
                position_ms=beat.position_ms,
                watched=beat.watched,
                seq=beat.seq,
                media_revision=beat.media_revision,
            )
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KosuError):
            return False
        if kept:
            self._authentication.confirmed(presumed)
        return kept


def _lesson_id(path: str) -> LessonId | None:
    lesson = path.removeprefix(_BEFORE).removesuffix(_AFTER)
    if len(path) != len(_BEFORE) + 36 + len(_AFTER) or len(lesson) != 36:
        return None
    try:
        return _parsed(lesson)
    except ValueError:
        return None


# Learners of one lesson watch it in the same hours.
@lru_cache(maxsize=8_192)
def _parsed(lesson: str) -> LessonId:
    return LessonId(UUID(lesson))


def _is_small_json(scope: Scope) -> bool:
    # As players say it. What means the same in other words is understood on the usual way.
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    return (
        headers.get(b"content-type") == b"application/json"
        and b"content-encoding" not in headers
        and 0 < len(length) <= MOST_DIGITS
        and length.isdigit()
    )


async def _messages_of_body(receive: Receive) -> Sequence[ReceiveMessage]:
    """All that tell of the body, or of its sender's going away."""
    messages: list[ReceiveMessage] = []
    more = True
    while more:
        message = await receive()
        messages.append(message)
        more = message["type"] == "http.request" and message.get("more_body", False)
    return messages


def _part(message: ReceiveMessage) -> bytes:
    return message.get("body", b"") if message["type"] == "http.request" else b""


def _again(messages: Sequence[ReceiveMessage], receive: Receive) -> Receive:
    """What the application would have received, had nobody looked at it."""
    left = list(reversed(messages))

    async def receive_again() -> ReceiveMessage:
        return left.pop() if left else await receive()

    return receive_again
