"""A scheduler in a process of its own, with a schedule of each second and a tape instead of a queue.

Its arguments are the URL of the database, the tape, and for how many seconds a leader may be silent. The tape is a file
to which each ring adds a line: the cron, its slot, and the process that rings. Where a file `<tape>.freeze` names a
process, that one stops itself (SIGSTOP) between its next claim and its ring.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from entrypoints.scheduler.leader import Scheduler
from kosu.adapters.postgres.crons import PostgresCandidate, PostgresCrons
from kosu.ports.messages import Job, name_of
from kosu.ports.queue import Bell
from kosu.settings import PostgresSettings, Secret


@dataclass(frozen=True, slots=True)
class RingOften(Job):
    pass


@dataclass(frozen=True, slots=True)
class RingToo(Job):
    pass


class Tape:
    """Stands between a scheduler and the database as well, to know for which slot is rung."""

    def __init__(self, file: Path, crons: PostgresCrons) -> None:
        self._file = file
        self._freeze = file.with_suffix(".freeze")
        self._crons = crons
        self._claimed: dict[str, datetime] = {}

    @asynccontextmanager
    async def candidate(self) -> AsyncIterator[TapedCandidate]:
        async with self._crons.candidate() as candidate:
            yield TapedCandidate(candidate, self._claimed)

    async def enqueue(self, job: Job, *, once: bool = False) -> None:
        assert once
        if self._freeze.exists() and self._freeze.read_text() == str(os.getpid()):
            self._freeze.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)
        name = name_of(type(job))
        with self._file.open("a") as file:
            file.write(f"{name} {self._claimed[name].isoformat()} {os.getpid()}\n")

    async def ring(self, bells: Sequence[Bell]) -> None: ...

    async def ping(self) -> None: ...


class TapedCandidate:
    def __init__(self, candidate: PostgresCandidate, claimed: dict[str, datetime]) -> None:
        self.elected, self.now, self.give_back = candidate.elected, candidate.now, candidate.give_back
        self._candidate = candidate
        self._claimed = claimed

    async def claim(self, slots: Mapping[str, datetime]) -> Sequence[str]:
        names = await self._candidate.claim(slots)
        self._claimed.update((name, slots[name]) for name in names)
        return names


async def main(database: str, file: str, patience_seconds: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    crons = PostgresCrons(PostgresSettings(url=Secret(database)), patience_seconds=float(patience_seconds))
    tape = Tape(Path(file), crons)
    schedule: dict[type[Job], str] = {RingOften: "* * * * * *", RingToo: "* * * * * */2"}
    await Scheduler(tape, tape, schedule).run(stop)


COMMAND = (sys.executable, "-c", f"from {__name__} import run; run()")
"""Not by -m: the names of jobs are made from those of modules."""


def run() -> None:
    asyncio.run(main(*sys.argv[1:]))
