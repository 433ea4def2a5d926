"""Structured logs of all runtimes: one JSON object per line, with the request or message at hand.

Secrets have no way in: settings do not show themselves, and neither bodies nor cookies nor query strings are logged.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec

# What the work at hand is known by, e.g. {"request_id": …} or {"message_id": …, "job": …}.
context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))

# What `logging` itself puts into every record; the rest is what the caller added by `extra=`.
_OWN = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime"})


class JsonFormatter(logging.Formatter):
    """One record as one line. There is a line for each request, so that this is no place for a chain of processors."""

    def __init__(self, runtime: str) -> None:
        super().__init__()
        self._runtime = runtime
        self._encode = msgspec.json.Encoder(enc_hook=str).encode

    def format(self, record: logging.LogRecord) -> str:
        fields = record.__dict__
        line: dict[str, Any] = {"event": record.getMessage()}
        line.update({name: value for name, value in fields.items() if name not in _OWN})
        line["level"] = record.levelname.lower()
        line["logger"] = record.name
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        line.update(context.get())
        line["runtime"] = self._runtime
        return self._encode(line).decode()


def configure(runtime: str, *, level: int = logging.INFO) -> None:
    """Send every log record of this process to stderr as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(runtime))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # No line tells them, and each record would look them up.
    # Source: Python's Logging HOWTO, "Optimization".
    logging._srcfile = None
    logging.logThreads = False
    logging.logProcesses = False
    logging.logMultiprocessing = False
    # One line per job and one per outgoing request say nothing that our own lines do not.
    for noisy in ("saq", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
