"""How Kosu fares under learners for a while: answers by route, and whether any process keeps growing.

    python -m benchmarks.load                              ten minutes, without the web client
    python -m benchmarks.load --web .kosu/web/<build>      with it, as `kosu up` has built it
    python -m benchmarks.load --seconds 60 --people 4 --requests 2000

One process of each runtime. It ends when the time is over or so many requests were sent, and fails when a request did,
or when the memory of a process is larger in the last third than in the middle one by more than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks._fleet import Fleet, Member, fleet
from benchmarks._machine import family
from benchmarks._people import Journal, crowd, verdict
from entrypoints.embedded.ports import HOST, free_port
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.web import web_server

PAUSE_SECONDS = 0.25
SAMPLE_SECONDS = 5
MIB = 1024 * 1024
# What the last third may have over the middle one: noise, and no more.
MOST_GROWTH = 1.03
PAGES = ("/", "/explore", "/courses/learning-how-to-learn")


@dataclass(slots=True)
class Memory:
    """Resident bytes of each process with all below it, by its name, and when they were looked at."""

    at: list[float] = field(default_factory=list)
    held: dict[str, list[int]] = field(default_factory=dict)

    async def watch(self, pids: Mapping[str, int]) -> None:
        """Look now and then, until cancelled."""
        started = time.monotonic()
        while True:
            self.at.append(time.monotonic() - started)
            for name, pid in pids.items():
                self.held.setdefault(name, []).append(resident_bytes(pid))
            await asyncio.sleep(SAMPLE_SECONDS)

    def growth(self, name: str) -> float:
        """The last third over the middle one."""
        held = self.held[name]
        third = len(held) // 3
        return statistics.mean(held[-third:]) / statistics.mean(held[third : 2 * third])

    def slope(self, name: str) -> float:
        """MiB an hour, over the last two thirds."""
        third = len(self.at) // 3
        return statistics.linear_regression(self.at[third:], self.held[name][third:]).slope * 3600 / MIB

    def table(self) -> str:
        lines = [f"  {'minute':<12}" + "".join(f"{name:>14}" for name in self.held)]
        for minute in range(int(self.at[-1] // 60) + 1):
            index = next(index for index, at in enumerate(self.at) if at >= min(minute * 60, self.at[-1]))
            lines.append(f"  {minute:<12}" + "".join(f"{held[index] / MIB:>10.1f} MiB" for held in self.held.values()))
        return "\n".join(lines)


def resident_bytes(pid: int) -> int:
    """Source: proc_pid_statm(5). What processes share is counted for each of them, always alike."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return total * os.sysconf("SC_PAGE_SIZE")


async def look_at_pages(url: str, journal: Journal) -> None:
    """Somebody who reads public pages of the web client, one after the other, until cancelled."""
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False, follow_redirects=True) as client:
        while True:
            for path in PAGES:
                started = time.perf_counter()
                answer = await client.get(path)
                journal.seconds.setdefault("web page", []).append(time.perf_counter() - started)
                if answer.status_code != httpx.codes.OK:
                    journal.failed[f"web {path}: {answer.status_code}"] += 1
                await asyncio.sleep(PAUSE_SECONDS)


async def measure(ring: Fleet, *, web: Member | None, web_url: str, seconds: float, people: int, most: int) -> bool:
    """Whether all is well."""
    async with ring.running():
        members: Sequence[Member] = ring.members
        if web is not None:
            web.start()
            await web.ready()
            members = [*members, web]
        pids = {member.name.removesuffix("-1"): member.child.pid or 0 for member in members}
        memory, journal = Memory(), Journal()
        beside = [asyncio.create_task(memory.watch(pids))]
        if web is not None:
            beside.append(asyncio.create_task(look_at_pages(web_url, journal)))
        started = time.monotonic()
        await crowd(
            ring.url,
            people=people,
            going_on=lambda: time.monotonic() < started + seconds,
            pause_seconds=PAUSE_SECONDS,
            journal=journal,
            most=most,
        )
        took = time.monotonic() - started
        for task in beside:
            task.cancel()
        ended = await asyncio.gather(*beside, return_exceptions=True)
        told = await verdict(ring.database_url, journal)
    for error in ended:
        assert isinstance(error, asyncio.CancelledError), error
    p50, p99 = journal.percentiles()
    rate = journal.requests / took
    print(f"{rate:.1f} requests/s for {took:.0f} s   p50 {p50:.1f} ms   p99 {p99:.1f} ms")
    print(f"failed {journal.failed.total()}   shed {journal.shed}")
    print(f"jobs sent {told.sent}   lost {told.lost}   promises broken {len(told.broken)}")
    for line in (*journal.failed, *told.broken[:20]):
        print(f"  {line}")
    print(journal.table())
    print(memory.table())
    growths = {name: memory.growth(name) for name in memory.held}
    for name, growth in growths.items():
        print(f"  {name:<12} last third / middle third {growth:.3f}   slope {memory.slope(name):+.1f} MiB/h")
    return not (journal.failed or told.lost or told.broken) and max(growths.values()) <= MOST_GROWTH


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--people", type=int, default=8, help="at work at any time (%(default)s)")
    parser.add_argument("--requests", type=int, default=1_000_000, help="end after so many (%(default)s)")
    parser.add_argument("--web", type=Path, metavar="BUILD", help="a build of the web client, to look at, too")
    arguments = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    with fleet(size=1) as ring:
        web, web_url = None, f"http://{HOST}:{free_port()}"
        if arguments.web is not None:
            addresses = Addresses(api_url=ring.url, edge_url=f"http://{HOST}:1", web_url=web_url)
            web = ring.member(web_server(arguments.web.resolve(), addresses, os.environ))
        is_well = asyncio.run(
            measure(
                ring,
                web=web,
                web_url=web_url,
                seconds=arguments.seconds,
                people=arguments.people,
                most=arguments.requests,
            )
        )
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
