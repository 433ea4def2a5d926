"""Two schedulers in processes of their own: one leads, each slot is rung for once, and whoever dies is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from entrypoints.embedded import launch
from tests.support.scheduler_process import COMMAND
from tests.support.stack import ROOT

# In production fifteen; what is tested is that it ends, and not how long it is.
SILENCE_SECONDS = 6
TAKEOVER = timedelta(seconds=30)
LOCKS = """FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@dataclass(frozen=True, slots=True)
class Ring:
    cron: str
    slot: datetime
    pid: int


@dataclass(slots=True)
class Pair:
    """Two schedulers on one database, and the tape of all that they ring for."""

    database: str
    tape: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        # However the test ends, they do too.
        dying_with_us = (sys.executable, launch.__file__, str(os.getpid()), str(int(signal.SIGKILL)), "-", "-")
        arguments = (self.database, str(self.tape), str(SILENCE_SECONDS))
        self.processes.append(
            subprocess.Popen([*dying_with_us, *COMMAND, *arguments], env={**os.environ, "PYTHONPATH": paths})
        )

    def rings(self) -> list[Ring]:
        if not self.tape.exists():
            return []
        lines = [line.split() for line in self.tape.read_text().splitlines()]
        return [Ring(cron, datetime.fromisoformat(slot), int(pid)) for cron, slot, pid in lines]

    def wait_for(self, condition: Callable[[list[Ring]], bool]) -> list[Ring]:
        deadline = time.monotonic() + 60
        while not condition(rings := self.rings()):
            assert time.monotonic() < deadline, f"it never came to that: {rings[-10:]}"
            time.sleep(0.05)
        return rings

    def wait_for_leader(self, *, other_than: int | None = None, rings: int = 3) -> int:
        """The process that has rung for some slots in a row, up to now."""

        def settled(taped: list[Ring]) -> bool:
            pids = {ring.pid for ring in taped[-rings:]}
            return len(taped) >= rings and len(pids) == 1 and other_than not in pids

        return self.wait_for(settled)[-1].pid

    def lead_on(self, seconds: float = 3) -> None:
        """Let whoever leads ring for some more slots."""
        until = self.rings()[-1].slot + timedelta(seconds=seconds)
        self.wait_for(lambda rings: rings[-1].slot >= until)

    def terminate_leader(self) -> None:
        """End the session that holds the lock, as a failover of the database does."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            ended = connection.execute(f"SELECT pg_terminate_backend(pid) {LOCKS}").fetchall()
        assert ended == [(True,)]

    def process(self, pid: int) -> subprocess.Popen[bytes]:
        return next(process for process in self.processes if process.pid == pid)


@pytest.fixture
def pair(database: str, tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(database, tmp_path / "tape")
    try:
        pair.start()
        pair.wait_for_leader(rings=1)
        pair.start()
        yield pair
    finally:
        for process in pair.processes:
            process.kill()
            process.wait()


def check(rings: list[Ring]) -> None:
    """No slot twice, none before an earlier one, and none left out but while nobody led."""
    assert [entry for entry, times in Counter((ring.cron, ring.slot) for ring in rings).items() if times > 1] == []
    for cron in {ring.cron for ring in rings}:
        slots = [ring.slot for ring in rings if ring.cron == cron]
        assert slots == sorted(slots)
        assert max(later - earlier for earlier, later in pairwise(slots)) < TAKEOVER


def test_one_leads_and_a_killed_one_is_replaced(pair: Pair) -> None:
    leader = pair.wait_for_leader()
    pair.lead_on()
    assert {ring.pid for ring in pair.rings()} == {leader}, "who stands by rings for nothing"
    os.kill(leader, signal.SIGKILL)
    pair.wait_for_leader(other_than=leader)
    check(pair.rings())


def test_a_leader_that_is_stopped_makes_room_at_once(pair: Pair) -> None:
    leader = pair.process(pair.wait_for_leader())
    leader.send_signal(signal.SIGTERM)
    assert leader.wait(timeout=30) == 0
    pair.wait_for_leader(other_than=leader.pid)
    check(pair.rings())


def test_a_leader_whose_connection_dies_rings_no_more_until_it_is_elected_again(pair: Pair) -> None:
    """The stand-by leads then, or the former leader itself: whoever comes first. No slot is rung for twice."""
    for _ in range(3):
        pair.lead_on(2)
        pair.terminate_leader()
    pair.lead_on(3)
    assert all(process.poll() is None for process in pair.processes)
    check(pair.rings())


def test_a_leader_that_sleeps_is_replaced_and_rings_for_nothing_twice_when_it_wakes(pair: Pair) -> None:
    """In the worst moment, too: it has claimed a slot and not rung for it. It rings late, and nobody else has."""
    leader = pair.wait_for_leader()
    pair.tape.with_suffix(".freeze").write_text(str(leader))
    pair.wait_for_leader(other_than=leader)
    before = len([ring for ring in pair.rings() if ring.pid == leader])
    os.kill(leader, signal.SIGCONT)
    pair.wait_for(lambda rings: len([ring for ring in rings if ring.pid == leader]) > before)
    pair.lead_on()
    assert pair.process(leader).poll() is None, "it stands by again"
    check(sorted(pair.rings(), key=lambda ring: ring.slot))
