"""A command that runs once beside a stack, while the stack is in use already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from entrypoints.embedded.child import Child, Command


@dataclass(slots=True, kw_only=True)
class Errand:
    """Done once for each `version`, which is kept in `stamp`; one that failed is tried again when the stack starts."""

    command: Command
    stamp: Path
    version: str
    done: str
    """What to say of a success."""
    child: Child = field(init=False)

    def __post_init__(self) -> None:
        self.child = Child(self.command)

    def begin(self) -> None:
        """Unless it was done before."""
        if not (self.stamp.exists() and self.stamp.read_text() == self.version):
            self.child.start()

    def has_ended(self, say: Callable[[str], None]) -> bool:
        """Look after it, now and then: tell of its end, and keep that it was done."""
        if self.child.running():
            return False
        code = self.child.exit_code()
        self.child.kill_group()
        if code == 0:
            self.stamp.write_text(self.version)
            say(self.done)
        elif code is not None:
            say(f"{self.child.name} ended with {code}: the next start tries it again (its log is {self.command.log})")
        return True
