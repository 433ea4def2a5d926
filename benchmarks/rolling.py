"""Whether a deploy under load costs anybody anything: every process is restarted in turn while people go on.

    python -m benchmarks.rolling                  200 seconds
    python -m benchmarks.rolling --seconds 60 --people 8

Two processes of each runtime, behind a balancer that asks for readiness. A request fails when it has no answer, or
another one than it should have; only a connection that is refused is tried again. Jobs are messages of the outbox,
and webhooks.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import psycopg

from benchmarks._fleet import Fleet, fleet
from benchmarks._people import Journal, Verdict, crowd, verdict

PAUSE_SECONDS = 0.25
# The cron that is rung most often; how long it was not tells how long nobody led.
OFTEN = "learning.FlushProgress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    journal: Journal
    verdict: Verdict
    restarts: Mapping[str, int]
    longest_silence_seconds: float

    @property
    def is_well(self) -> bool:
        return not (self.journal.failed or self.journal.shed or self.verdict.lost or self.verdict.broken)

    def __str__(self) -> str:
        journal, told = self.journal, self.verdict
        p50, p99 = journal.percentiles()
        lines = [
            f"restarts: {', '.join(f'{name} {times}' for name, times in self.restarts.items())}",
            f"requests {journal.requests}   failed {journal.failed.total()}   p50 {p50:.1f} ms   p99 {p99:.1f} ms",
            f"tried again: refused connections {journal.refused}, shed {journal.shed}",
            f"jobs sent {told.sent}   done {told.done}   lost {told.lost}",
            f"orders paid {len(journal.paid)}   notes {len(journal.notes)}   positions {len(journal.positions)}",
            f"promises broken {len(told.broken)}",
            f"longest time between two rings of a cron of five seconds: {self.longest_silence_seconds:.1f} s",
        ]
        return "\n".join([*lines, *journal.failed, *told.broken[:20]])


async def roll(ring: Fleet, *, people: int, seconds: float = math.inf, rounds: int = 1_000) -> Outcome:
    """Restart all in turn while so many people are at work; then look what became of all that was promised."""
    async with ring.running():
        silence = asyncio.create_task(_longest_silence(ring.database_url))
        restarts = asyncio.create_task(ring.restart_in_turn(until=time.monotonic() + seconds, rounds=rounds))
        journal = await crowd(
            ring.url, people=people, going_on=lambda: not restarts.done(), pause_seconds=PAUSE_SECONDS
        )
        told = await verdict(ring.database_url, journal)
        silence.cancel()
        longest = await silence
    return Outcome(journal=journal, verdict=told, restarts=await restarts, longest_silence_seconds=longest)


async def _longest_silence(database_url: str) -> float:
    """Between two slots of the cron, until it is cancelled."""
    slots: list[datetime] = []
    with suppress(asyncio.CancelledError):
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            while True:
                cursor = await connection.execute("SELECT slot FROM messaging.crons WHERE name = %s", (OFTEN,))
                row = await cursor.fetchone()
                if row is not None and row[0] not in slots[-1:]:
                    slots.append(row[0])
                await asyncio.sleep(0.5)
    return max(((later - earlier).total_seconds() for earlier, later in pairwise(slots)), default=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=200.0)
    parser.add_argument("--people", type=int, default=10, help="at work at any time (%(default)s)")
    arguments = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    with fleet() as ring:
        outcome = asyncio.run(roll(ring, seconds=arguments.seconds, people=arguments.people))
    print(outcome)
    print(outcome.journal.table())
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
