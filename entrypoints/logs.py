"""Structured logs of all runtimes: one JSON object per line, with the request or message at hand.

Secrets have no way in: settings do not show themselves, and neither bodies nor cookies nor query strings are logged.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

import msgspec
import structlog

# What the work at hand is known by, e.g. {"request_id": …} or {"message_id": …, "job": …}.
context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))


def configure(runtime: str, *, level: int = logging.INFO) -> None:
    """Send every log record of this process to stderr as JSON."""

    def at_hand(_: Any, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        event.update(context.get())
        event["runtime"] = runtime
        return event

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                at_hand,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_encode),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # One line per job and one per outgoing request say nothing that our own lines do not.
    for noisy in ("saq", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _encode(event: Mapping[str, Any], **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
