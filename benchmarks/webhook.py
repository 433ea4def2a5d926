"""How fast webhooks are acknowledged, and how fast they are settled; and what a peer does under the same conditions.

    python -m benchmarks.webhook                         Kosu alone
    python -m benchmarks.webhook --peers ../shared/peers   Kosu and the NestJS peer, by turns

Every webhook is new, rightly signed, of about 1 kB, and tells of the capture that an order waits for. The API has core
0 to itself. Databases, load generator and this program share the last core; PostgreSQL is durable (fsync and
synchronous_commit on). While acknowledgements are measured no worker runs; for the drain it starts on core 0 when all
of a backlog is acknowledged. The figures are medians of the rounds.

CPU is the processor time of the API process in all its threads, and of PostgreSQL, for each request: where the cores
are shared with others it is the figure to trust.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks._arena import arena, median, parser_of
from benchmarks._load import WARM_UP_SECONDS, Generator
from benchmarks._machine import cpu_seconds, wait_for_quiet
from benchmarks._sides import ORDERS, Side

CONCURRENCIES = (1, 32)
# More than anybody here acknowledges in a second: requests are made before they are needed.
FASTEST = {1: 4_000, 32: 12_000}
LOOK_SECONDS = 0.1
# Longer than a lease, which a drain that was cut off leaves behind.
STANDSTILL_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    rate: float
    api_us: float
    postgres_us: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """From the worker's start to the last settlement; the rate and the cost count from the first one on."""

    seconds: float
    rate: float
    worker_us: float
    postgres_us: float


def acknowledge(side: Side, generate: Generator, *, seconds: float) -> dict[int, Acknowledgement]:
    measured: dict[int, Acknowledgement] = {}
    first = 0
    with side.api() as api:
        for concurrency in CONCURRENCIES:
            count = min(int(FASTEST[concurrency] * (WARM_UP_SECONDS + seconds)), ORDERS - first)
            requests = side.captures(range(first, first + count))
            first += count
            api_before, postgres_before = cpu_seconds(api.pid), cpu_seconds(side.database_pid)
            load = generate(api.url, requests, connections=concurrency, seconds=seconds)
            measured[concurrency] = Acknowledgement(
                rate=load.rate,
                api_us=(cpu_seconds(api.pid) - api_before) / load.sent * 1e6,
                postgres_us=(cpu_seconds(side.database_pid) - postgres_before) / load.sent * 1e6,
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
            )
    return measured


def drain(side: Side, generate: Generator, *, backlog: int) -> Drain:
    with side.api() as api:
        load = generate(
            api.url, side.captures(range(backlog)), connections=32, seconds=STANDSTILL_SECONDS, warm_up_seconds=0
        )
    assert load.sent == backlog
    began = _now()
    with side.worker() as worker:
        first = _settled(side, at_least=1)
        from_first, worker_before, postgres_before = _now(), cpu_seconds(worker), cpu_seconds(side.database_pid)
        _settled(side, at_least=backlog)
        ended, count = _now(), backlog - first
        worker_us = (cpu_seconds(worker) - worker_before) / count * 1e6
        postgres_us = (cpu_seconds(side.database_pid) - postgres_before) / count * 1e6
    assert side.opened() == backlog
    return Drain(seconds=ended - began, rate=count / (ended - from_first), worker_us=worker_us, postgres_us=postgres_us)


def _now() -> float:
    return time.perf_counter()


def _settled(side: Side, *, at_least: int) -> int:
    """Wait until so many are settled; answers how many that are."""
    count, moved_at = side.settled(), _now()
    while count < at_least:
        time.sleep(LOOK_SECONDS)
        before, count = count, side.settled()
        if count != before:
            moved_at = _now()
        assert _now() - moved_at < STANDSTILL_SECONDS, f"{side.name} is stuck at {count}"
    return count


def show(name: str, run: Acknowledgement) -> None:
    print(
        f"{name:<22} {run.rate:7.0f} /s   API {run.api_us:5.0f} us   PostgreSQL {run.postgres_us:5.0f} us   "
        f"p50 {run.p50_ms:6.2f} ms   p99 {run.p99_ms:6.2f} ms",
        flush=True,
    )


def show_drain(name: str, run: Drain) -> None:
    print(
        f"{name:<22} {run.rate:7.0f} /s   worker {run.worker_us:5.0f} us   PostgreSQL {run.postgres_us:5.0f} us   "
        f"all in {run.seconds:.1f} s",
        flush=True,
    )


def measure(
    sides: Sequence[Side], generate: Generator, *, rounds: int, seconds: float, backlog: int, patience_seconds: float
) -> None:
    acknowledged: dict[tuple[str, int], list[Acknowledgement]] = {}
    drained: dict[str, list[Drain]] = {}
    # By turns, so that a noisy minute does not hit one side only.
    for _ in range(rounds):
        for side in sides:
            wait_for_quiet(patience_seconds=patience_seconds)
            for concurrency, run in acknowledge(side, generate, seconds=seconds).items():
                acknowledged.setdefault((side.name, concurrency), []).append(run)
                show(f"{side.name} c={concurrency}", run)
            if backlog:
                drained.setdefault(side.name, []).append(drain(side, generate, backlog=backlog))
                show_drain(f"{side.name} drain of {backlog}", drained[side.name][-1])
    print(f"-- medians of {rounds}")
    for concurrency in CONCURRENCIES:
        medians = [median(acknowledged[side.name, concurrency]) for side in sides]
        for side, run in zip(sides, medians, strict=True):
            show(f"{side.name} c={concurrency}", run)
        for side, run in list(zip(sides, medians, strict=True))[1:]:
            print(f"{sides[0].name} / {side.name}: {medians[0].rate / run.rate:.2f} x acknowledgements/s,", end=" ")
            print(f"{medians[0].api_us / run.api_us:.2f} x CPU of the API, {medians[0].p99_ms / run.p99_ms:.2f} x p99")
    if backlog:
        rates = {name: statistics.median(run.rate for run in runs) for name, runs in drained.items()}
        for name, rate in rates.items():
            print(f"{name} settles {rate:.0f} /s, {rates[sides[0].name] / rate:.2f} x")


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--backlog", type=int, default=2_000, help="webhooks to drain; 0 leaves it out (%(default)s)")
    arguments = parser.parse_args()
    with arena(arguments) as ring:
        kosu = ring.kosu()
        kosu.prepare()
        measure(
            [kosu] if ring.peer is None else [kosu, ring.peer],
            ring.generate,
            rounds=arguments.rounds,
            seconds=arguments.seconds,
            backlog=arguments.backlog,
            patience_seconds=arguments.patience,
        )


if __name__ == "__main__":
    main()
