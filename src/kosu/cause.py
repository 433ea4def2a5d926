"""What caused the work at hand. It goes with every message through the outbox, so that what a worker does can be joined
to the request that asked for it.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """The id of the request, and where there are traces the place in them that the work continues.

    Source: W3C Trace Context, "traceparent Header".
    """

    request_id: str | None = None
    traceparent: str | None = None


current: ContextVar[Cause | None] = ContextVar("cause", default=None)
