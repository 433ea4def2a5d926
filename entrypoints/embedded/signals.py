"""Signals that ask the supervisor to stop, and waits that they cut short."""

from __future__ import annotations

import select
import signal
import socket
from types import FrameType, TracebackType
from typing import Self

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):  # noqa: N818 - not an error
    """Somebody asked the stack to stop."""


class StopSignals:
    """While it is entered, a stop signal sets `requested`, and it or the end of a child ends a `pause`.

    Only for the main thread. Nothing is raised inside a handler, so no step is ever torn apart.
    """

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> Self:
        self._alarm, self._hand = socket.socketpair()
        for end in (self._alarm, self._hand):
            end.setblocking(False)
        self._handlers = {number: signal.signal(number, self._on_stop) for number in _STOP}
        # Only a signal with a handler in Python wakes us.
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _on_child)
        self._wakeup_fd = signal.set_wakeup_fd(self._hand.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._wakeup_fd)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._alarm.close()
        self._hand.close()

    def pause(self, seconds: float) -> None:
        """Wait for so long, or until a signal arrives.

        Raises:
            StopRequested: now or before.
        """
        if not self.requested and select.select([self._alarm], [], [], seconds)[0]:
            self._alarm.recv(4096)
        if self.requested:
            raise StopRequested

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True


def _on_child(_number: int, _frame: FrameType | None) -> None:
    pass
