"""A child process of the supervisor: in a session of its own, dying with its parent, and stopped in an orderly way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from entrypoints.embedded.errors import ChildFailed
from entrypoints.embedded.identity import PLAIN, Identity

Pause = Callable[[float], None]
"""Sleeps for some seconds; it may raise to end the wait that it is part of."""

_LAUNCH = Path(__file__).with_name("launch.py")
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a child runs. `environment` is all of it, nothing is inherited; output is appended to `log`."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    identity: Identity = PLAIN
    inherited: tuple[int, ...] = ()
    """File descriptors that stay open in the child."""


class Child:
    """A process started from a command; it can be started again once it has ended."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._group_killed = False

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        command = self.command
        identity = command.identity
        user = ("-", "-") if identity.uid is None else (str(identity.uid), str(identity.gid))
        launch = (sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), str(int(command.stop_signal)), *user)
        self._group_killed = False
        with command.log.open("ab") as log:
            # Its own session: Ctrl-C in a terminal reaches the supervisor alone, which then stops things in order.
            self._process = subprocess.Popen(  # noqa: S603 - argv without a shell
                [*identity.wrapper, *launch, *command.argv],
                env=dict(command.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=command.inherited,
            )

    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return self._process.poll() if self._process else None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process itself, if it still runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill_group(self) -> None:
        """SIGKILL the process and all that it left behind in its process group, and collect it."""
        # Once only: later the number may be another process's.
        if self._process is None or self._group_killed:
            return
        self._group_killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # macOS answers EPERM where only zombies are left.
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def run(command: Command, *, timeout_seconds: float, pause: Pause = time.sleep) -> None:
    """Run a command to its end.

    Raises:
        ChildFailed: it ended with an error, or had not ended in time; nothing of it is left.
    """
    child = Child(command)
    child.start()
    try:
        deadline = time.monotonic() + timeout_seconds
        while child.running():
            if time.monotonic() > deadline:
                raise ChildFailed(command.name, f"did not end within {timeout_seconds:g} s", command.log)
            pause(_POLL_SECONDS)
    finally:
        child.kill_group()
    if code := child.exit_code():
        raise ChildFailed(command.name, f"ended with {code}", command.log)


def wait_until_ready(
    child: Child, ready: Callable[[], bool], *, timeout_seconds: float, pause: Pause = time.sleep
) -> None:
    """Wait for a started child to answer.

    Raises:
        ChildFailed: it ended before it was ready, or was not ready in time. It is not stopped here.
    """
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if not child.running():
            raise ChildFailed(child.name, f"ended with {child.exit_code()} before it was ready", child.command.log)
        if time.monotonic() > deadline:
            raise ChildFailed(child.name, f"was not ready within {timeout_seconds:g} s", child.command.log)
        pause(_POLL_SECONDS)


def stop(children: Sequence[Child]) -> list[str]:
    """Stop children together: each gets its signal and its grace, then SIGKILL. Answers who had to be killed."""
    started = time.monotonic()
    for child in children:
        child.signal(child.command.stop_signal)
    killed = []
    for child in children:
        while child.running() and time.monotonic() - started < child.command.grace_seconds:
            time.sleep(_POLL_SECONDS)
        if child.running():
            killed.append(child.name)
        child.kill_group()
    return killed
