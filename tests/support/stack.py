"""Runs `kosu up` as a user does, in a process of its own, and tells what is left of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrypoints.embedded import launch

ROOT = Path(__file__).resolve().parent.parent.parent
KOSU_UP = (sys.executable, "-m", "entrypoints.cli", "up")
_PATIENCE_SECONDS = 240
"""Generous: other suites may share the cores."""


@dataclass(slots=True)
class StackProcess:
    """A supervisor that was started on the folder `home`."""

    home: Path
    process: subprocess.Popen[str]
    output_file: Path
    ready_file: Path
    descendants: set[int] = field(default_factory=set)
    """All processes that were ever seen below the supervisor."""

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    def wait_until_ready(self) -> dict[str, Any]:
        """The content of the ready file. Fails with the output when the stack ends instead."""
        self.wait_for(self.ready_file.exists, "the stack was not ready")
        self.look()
        content: dict[str, Any] = json.loads(self.ready_file.read_text())
        return content

    def wait_for(self, condition: Any, otherwise: str) -> None:
        """Wait until `condition()` is true while the stack runs; fails with `otherwise` and the output."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert self.process.poll() is None, f"{otherwise}: it ended\n{self.output}"
            assert time.monotonic() < deadline, f"{otherwise} in time\n{self.output}"
            time.sleep(0.02)

    def look(self) -> set[int]:
        """The processes below the supervisor now."""
        found = descendants(self.process.pid)
        self.descendants |= found
        return found

    def part(self, command: str) -> int | None:
        """The supervisor's own child whose command line contains `command`, if it runs."""
        # -ww: however narrow the terminal, command lines are not cut off.
        ps = ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="]
        listing = subprocess.run(ps, capture_output=True, text=True, check=True)
        for line in listing.stdout.splitlines():
            pid, parent, state, arguments = line.split(maxsplit=3)
            if int(parent) == self.process.pid and command in arguments and not state.startswith("Z"):
                return int(pid)
        return None

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop, and answer its exit status."""
        self.look()
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE_SECONDS)

    def wait_until_gone(self) -> None:
        """Wait for every process that the stack ever had to end; fails if one stays."""
        deadline = time.monotonic() + 40
        while left := self.descendants & set(_parents()):
            assert time.monotonic() < deadline, f"still running: {left}\n{self.output}"
            time.sleep(0.05)


@contextmanager
def started_stack(
    home: Path,
    *arguments: str,
    command: Sequence[str] = KOSU_UP,
    environment: Mapping[str, str] | None = None,
) -> Iterator[StackProcess]:
    """Start a stack on any free port; it is stopped at the end if the test has not done so."""
    ready_file = home.parent / f"{home.name}.ready.json"
    output_file = home.parent / f"{home.name}.output.txt"
    # A stack that was killed has left its own behind.
    ready_file.unlink(missing_ok=True)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    # However the tests end, the stack is told to stop.
    dying_with_us = (sys.executable, launch.__file__, str(os.getpid()), str(int(signal.SIGINT)), "-", "-")
    with output_file.open("w") as output:
        process = subprocess.Popen(
            [*dying_with_us, *command, "--home", str(home), "--port", "0", "--ready-file", str(ready_file), *arguments],
            env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    stack = StackProcess(home=home, process=process, output_file=output_file, ready_file=ready_file)
    try:
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()
        stack.wait_until_gone()


def descendants(pid: int) -> set[int]:
    """All processes below `pid`, however deep."""
    parents = _parents()
    found: set[int] = set()
    while fresh := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= fresh
    return found


def _parents() -> dict[int, int]:
    """The parent of each living process of this machine; those that are dead but not collected do not count."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listing.stdout.splitlines())
    return {int(pid): int(parent) for pid, parent, state, *_ in rows if not state.startswith("Z")}
