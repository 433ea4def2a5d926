"""Cores and processor time of processes, from Linux's /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

API_CORE = 0
OTHER_CORE = (os.cpu_count() or 1) - 1
"""Where everything but the measured process runs: databases, load, and this benchmark itself."""

# In cores: what a machine does that does nothing.
QUIET = 0.2

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def stay_on(core: int) -> None:
    """Keep this process, and what it starts from now on, on one core."""
    os.sched_setaffinity(0, {core})


@contextmanager
def process(
    argv: Sequence[str], *, core: int, environment: Mapping[str, str], log: IO[bytes], folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own session on one core; it is stopped in the end, and with it all that it started."""
    child = subprocess.Popen(
        ["taskset", "--cpu-list", str(core), *argv],  # noqa: S607
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def cpu_seconds(pid: int) -> float:
    """User and system time so far of a process and all below it, those that have ended included."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The second field is the program's name in brackets, which may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        ticks[int(folder.name)] = sum(int(field) for field in fields[11:15])
    below, total = [pid], 0
    while below:
        one = below.pop()
        total += ticks.get(one, 0)
        below += children.get(one, [])
    return total / _TICKS_PER_SECOND


def wait_for_quiet(*, patience_seconds: float) -> None:
    """Until others have left the machine alone for a second; says so if they do not."""
    deadline = time.monotonic() + patience_seconds
    while True:
        before = _busy_seconds()
        time.sleep(1)
        others = _busy_seconds() - before
        if others < QUIET:
            return
        if time.monotonic() > deadline:
            print(f"others keep {others:.1f} cores busy: what follows is noisy", flush=True)
            return


def _busy_seconds() -> float:
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS_PER_SECOND
