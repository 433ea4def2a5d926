"""What a benchmark of webhooks asks of whatever it measures."""

from __future__ import annotations

import time
import urllib.request
from contextlib import AbstractContextManager
from dataclasses import dataclass
from subprocess import Popen
from typing import Protocol

ORDERS = 100_000
"""How many there are to pay for."""

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class RunningApi:
    url: str
    pid: int


class Side(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def database_pid(self) -> int: ...

    def api(self) -> AbstractContextManager[RunningApi]:
        """The API alone, over databases in which every order still waits for its payment."""
        ...

    def worker(self) -> AbstractContextManager[int]:
        """The worker, which settles what the API has accepted; answers its process id."""
        ...

    def captures(self, numbers: range) -> list[bytes]:
        """Signed requests that tell of the payments of these orders, as they go over the wire."""
        ...

    def settled(self) -> int:
        """How many webhooks were settled."""
        ...

    def opened(self) -> int:
        """How many orders are paid and have opened their course."""
        ...


def wait_until_up(process: Popen[bytes], url: str) -> None:
    """Raises SystemExit: it ended, or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.05)
    msg = f"nothing answers at {url}"
    raise SystemExit(msg)
