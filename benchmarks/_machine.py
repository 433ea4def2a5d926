"""Cores and processor time of processes, from Linux's /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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


def file_bytes(pids: Iterable[int]) -> int:
    """What these processes have read from files and written to them by now. Source: proc_pid_io(5)."""
    total = 0
    for pid in pids:
        counters = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
        total += int(counters["rchar"]) + int(counters["wchar"])
    return total


def peak_memory(pids: Iterable[int]) -> int:
    """The most bytes that each of these processes ever held, together. Source: proc_pid_status(5), VmHWM."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def family(pid: int) -> set[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(folder.name))
    found, left = set[int](), [pid]
    while left:
        found.add(one := left.pop())
        left += children.get(one, [])
    return found


def find(command: str, *, below: int) -> int:
    """The process below another whose command line contains `command`; the first one if there are several.

    Raises:
        LookupError
    """
    for pid in sorted(family(below)):
        with suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if command in line and pid != below:
                return pid
    msg = f"no process below {below} runs {command}"
    raise LookupError(msg)


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
