"""Cores and processor time of processes, from Linux's /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
    processes = _processes()
    return sum(processes[one].ticks for one in _below(pid, processes) if one in processes) / _TICKS_PER_SECOND


def family(pid: int) -> set[int]:
    """A process and all below it."""
    return _below(pid, _processes())


@dataclass(frozen=True, slots=True)
class _Process:
    """`ticks` are of its own and of its children that have ended."""

    parent: int
    ticks: int


def _processes() -> dict[int, _Process]:
    """Source: proc_pid_stat(5)."""
    processes: dict[int, _Process] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        # Those that end meanwhile are left out.
        with suppress(OSError):
            # The second field is the program's name in brackets, which may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            processes[int(folder.name)] = _Process(int(fields[1]), sum(int(field) for field in fields[11:15]))
    return processes


def _below(pid: int, processes: Mapping[int, _Process]) -> set[int]:
    found, fresh = {pid}, {pid}
    while fresh := {one for one, known in processes.items() if known.parent in fresh} - found:
        found |= fresh
    return found


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
