"""Crons in memory: candidates of one process, of whom the first leads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import DatabaseUnavailable


class MemoryCrons:
    """`available = False` makes it behave as an unreachable database, which ends all candidacies."""

    def __init__(self, clock: Clock) -> None:
        self.available = True
        self.clock = clock
        self.slots: dict[str, datetime] = {}
        self.leader: MemoryCandidate | None = None

    @asynccontextmanager
    async def candidate(self) -> AsyncIterator[MemoryCandidate]:
        candidate = MemoryCandidate(self)
        candidate.check()
        try:
            yield candidate
        finally:
            if self.leader is candidate:
                self.leader = None


class MemoryCandidate:
    def __init__(self, crons: MemoryCrons) -> None:
        self._crons = crons
        self._ended = False

    async def elected(self) -> bool:
        self.check()
        if self._crons.leader is None:
            self._crons.leader = self
        return self._crons.leader is self

    async def now(self) -> datetime:
        self.check()
        return self._crons.clock.now()

    async def claim(self, slots: Mapping[str, datetime]) -> Sequence[str]:
        self.check()
        held = self._crons.slots
        taken = {name: slot for name, slot in slots.items() if name not in held or held[name] < slot}
        held.update(taken)
        return sorted(taken)

    async def give_back(self, name: str, slot: datetime) -> None:
        self.check()
        if self._crons.slots.get(name) == slot:
            self._crons.slots[name] = slot - timedelta(microseconds=1)

    def check(self) -> None:
        self._ended = self._ended or not self._crons.available
        if self._ended:
            msg = "the database is away"
            raise DatabaseUnavailable(msg)
