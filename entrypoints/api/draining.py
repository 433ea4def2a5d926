"""Stopping without losing a request: a process that is told to stop says so first, and serves on for a while.

What stops the server then is the server's own: it takes no more connections, answers what it has taken, and ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal

log = logging.getLogger(__name__)

CLOSE = (b"connection", b"close")
"""Tells a client, or the balancer before it, to send its next request over another connection."""


class Draining:
    """Once it has begun, readiness fails, and each answer closes its connection."""

    def __init__(self) -> None:
        self.has_begun = False

    def at_sigterm(self, seconds: float) -> None:
        """From now on SIGTERM begins it, and the server hears of it so much later, by SIGINT; with 0 at once.

        To be called on the event loop, after the server has installed its own handlers.
        """
        if seconds > 0:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._begin, seconds)

    def _begin(self, seconds: float) -> None:
        if not self.has_begun:
            self.has_begun = True
            log.info("stopping in %g s", seconds)
            asyncio.get_running_loop().call_later(seconds, os.kill, os.getpid(), signal.SIGINT)
