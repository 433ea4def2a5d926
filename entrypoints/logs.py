"""Structured logs of all runtimes: one JSON object per line, with the request or message at hand.

Secrets have no way in: settings do not show themselves, and neither bodies nor cookies nor query strings are logged.
What drivers and vendors put into their errors is redacted. Why it is made by hand: docs/adr/0027.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import re
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, BinaryIO
from uuid import UUID

import msgspec

from kosu import cause

# What the work at hand is known by besides its cause, e.g. {"user_id": …} or {"message_id": …, "job": …}.
context: ContextVar[Mapping[str, object]] = ContextVar("log_context", default=MappingProxyType({}))

FLUSH_SECONDS = 0.1
_MOST_WAITING = 512

# What `logging` itself puts into every record; the rest is what the caller added by `extra=`.
_OWN = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime"})

_SECRETS = re.compile(
    r"""
      (?P<mail>[\w.+-]+@[\w-]+\.[\w.-]+)                    # PostgreSQL names the value that breaks a constraint
    | (?<=://)[^/\s@:]+:[^/\s@]+(?=@)                       # user and password of a URL
    | \beyJ[\w-]{8,}\.[\w-]+\.[\w-]+                        # a JWT
    | \b(?:whsec_|[srp]k_(?:test|live)_|(?:test|live)_[sc]k_)[\w+/=-]+
    | (?<=[Bb]earer\ )[\w.~+/-]+=*
    | (?<=token=)['"]?[\w.~-]+
    """,
    re.VERBOSE,
)


def redacted(text: str) -> str:
    """The text without what looks like an address, a credential or a key."""
    return _SECRETS.sub("[redacted]", text)


class Lines:
    """Where lines go: those of the same tenth of a second together, since each write costs more than its line.

    A line that is `urgent` takes all before it along at once. A process that is killed loses what was waiting.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []

    def put(self, line: bytes, *, urgent: bool = False) -> None:
        """A line without its end; from any thread."""
        with self._lock:
            self._waiting.append(line)
            count = len(self._waiting)
        if urgent or count >= _MOST_WAITING:
            self.flush()
        elif count == 1:
            try:
                asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
            except RuntimeError:  # a thread, or before and after all: nobody would come back
                self.flush()

    def flush(self) -> None:
        with self._lock:
            lines, self._waiting = self._waiting, []
            if not lines:
                return
            # Whoever reads standard error may be gone; there is nobody else to tell.
            with suppress(OSError, ValueError):
                self._stream.write(b"\n".join([*lines, b""]))
                self._stream.flush()


class _Access(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    method: str
    path: str
    status: int
    duration_ms: float
    timestamp: datetime
    runtime: str
    request_id: str
    user_id: UUID | None = None
    session_id: UUID | None = None
    event: str = msgspec.field(default_factory=lambda: "request")
    level: str = msgspec.field(default_factory=lambda: "info")
    logger: str = msgspec.field(default_factory=lambda: "kosu.access")


_access_logger = logging.getLogger("kosu.access")
_encode_access = msgspec.json.Encoder().encode


class _Out:
    """Nothing is written before `configure`."""

    lines: Lines | None = None
    runtime = ""


def access(*, method: str, path: str, status: int, duration_ms: float, request_id: str) -> None:
    """The line that every request has. It goes past `logging`, whose records cost several times as much as a line."""
    lines = _Out.lines
    if lines is None or not _access_logger.isEnabledFor(logging.INFO):
        return
    known = context.get()
    line = _Access(
        method=method,
        path=path,
        status=status,
        duration_ms=duration_ms,
        timestamp=datetime.now(UTC),
        runtime=_Out.runtime,
        request_id=request_id,
        user_id=known.get("user_id"),  # type: ignore[arg-type]  # set by `know_viewer`
        session_id=known.get("session_id"),  # type: ignore[arg-type]
    )
    lines.put(_encode_access(line), urgent=status >= 500)


def know_viewer(user_id: UUID, session_id: UUID) -> None:
    """From here on lines say whose request is at hand."""
    context.set({**context.get(), "user_id": user_id, "session_id": session_id})


class JsonFormatter(logging.Formatter):
    """One record as one line."""

    def __init__(self, runtime: str) -> None:
        super().__init__()
        self._runtime = runtime
        self._encode = msgspec.json.Encoder(enc_hook=str).encode

    def format(self, record: logging.LogRecord) -> str:
        fields = record.__dict__
        line: dict[str, Any] = {"event": redacted(record.getMessage())}
        line.update({name: value for name, value in fields.items() if name not in _OWN})
        line["level"] = record.levelname.lower()
        line["logger"] = record.name
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC)
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redacted(self.formatStack(record.stack_info))
        caused = cause.current.get()
        if caused is not None:
            line["request_id"] = caused.request_id
            if caused.traceparent is not None:
                line["trace_id"] = caused.traceparent[3:35]
        line.update(context.get())
        line["runtime"] = self._runtime
        return self._encode(line).decode()


class _LineHandler(logging.Handler):
    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.put(self.format(record).encode(), urgent=record.levelno >= logging.WARNING)


def configure(runtime: str, *, level: int = logging.INFO, stream: BinaryIO | None = None) -> None:
    """Send every log record of this process to standard error, or to `stream`, as JSON."""
    lines = Lines(stream or sys.stderr.buffer)
    _Out.lines, _Out.runtime = lines, runtime
    atexit.register(lines.flush)
    handler = _LineHandler(lines)
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
    for noisy in ("saq", "httpx", "httpcore", "alembic", "opentelemetry", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def stop() -> None:
    """Write no lines of requests any more."""
    flush()
    _Out.lines = None


def flush() -> None:
    """Write what waits: before an end that runs no exit handlers, as that of a server's worker process."""
    if _Out.lines is not None:
        _Out.lines.flush()
