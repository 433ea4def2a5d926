"""Processes that are kept running: started again when they end, ever more slowly while they keep ending."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from entrypoints.embedded.child import Child, Command, Pause, wait_until_ready
from entrypoints.embedded.home import Home
from entrypoints.embedded.runtimes import READY_FILE_VARIABLE, Runtime, is_ready

_READY_SECONDS = 120
_STEADY_SECONDS = 60
"""A process that ran for so long has recovered: its next crash counts as the first."""
_LONGEST_DELAY_SECONDS = 30


class Supervised:
    """A process, and how often it has crashed in a row."""

    def __init__(self, command: Command) -> None:
        self.child = Child(command)
        self._started_at = 0.0
        self._crashes = 0
        self._restart_at: float | None = None

    @property
    def name(self) -> str:
        return self.child.name

    def start(self) -> None:
        self.child.start()
        self._started_at = time.monotonic()
        self._restart_at = None

    def keep_running(self, say: Callable[[str], None]) -> None:
        """Look after the process, now and then: tell of its end, and start it again when its delay is over."""
        now = time.monotonic()
        if self._restart_at is not None:
            if self._restart_at <= now:
                self.start()
        elif not self.child.running():
            self._restart_at = now + self._bury(now, say)

    def _bury(self, now: float, say: Callable[[str], None]) -> int:
        code = self.child.exit_code()
        self.child.kill_group()
        self._crashes = 1 if now - self._started_at > _STEADY_SECONDS else self._crashes + 1
        delay = min(2 ** (self._crashes - 1), _LONGEST_DELAY_SECONDS)
        say(f"{self.name} ended with {code}: starting it again in {delay} s (its log is {self.child.command.log})")
        return int(delay)


class SupervisedRuntime(Supervised):
    """One of Kosu's own runtimes, which says in a file when it is ready."""

    def __init__(self, runtime: Runtime, *, home: Home, environment: Mapping[str, str]) -> None:
        self._runtime = runtime
        self._ready_file = home.ready_files / runtime.name
        variables = environment if runtime.environment is None else runtime.environment
        super().__init__(
            Command(
                name=runtime.name,
                argv=runtime.argv,
                environment={**variables, READY_FILE_VARIABLE: str(self._ready_file)},
                log=home.logs / f"{runtime.name}.log",
                grace_seconds=runtime.grace_seconds,
            )
        )

    def start(self) -> None:
        self._ready_file.unlink(missing_ok=True)
        super().start()

    def wait_until_ready(self, pause: Pause) -> None:
        """Raises ChildFailed."""
        wait_until_ready(
            self.child,
            lambda: is_ready(self._runtime, self._ready_file),
            timeout_seconds=_READY_SECONDS,
            pause=pause,
        )

    def _bury(self, now: float, say: Callable[[str], None]) -> int:
        self._ready_file.unlink(missing_ok=True)
        return super()._bury(now, say)
