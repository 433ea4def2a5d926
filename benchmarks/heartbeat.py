"""How fast heartbeats of players are taken; and what a peer does under the same conditions.

    python -m benchmarks.heartbeat                           Kosu alone
    python -m benchmarks.heartbeat --peers ../shared/peers   Kosu and the NestJS peer, by turns

Every heartbeat has another number and position, and each of the sessions has sent one before what is measured. Cores
are dealt out as in `benchmarks.webhook`; CPU is the processor time of the API process and of Redis for each request.
The figures are medians of the rounds; where a machine is shared, the ratios are what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks._arena import arena, median, parser_of
from benchmarks._heartbeats import WATCHERS, HeartbeatSide, KosuHeartbeats, PeerHeartbeats
from benchmarks._load import WARM_UP_SECONDS, Generator
from benchmarks._machine import cpu_seconds, wait_for_quiet

CONCURRENCIES = (1, 32)
# More than anybody here answers in a second: requests are made before they are needed.
FASTEST = {1: 6_000, 32: 20_000}
PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    rate: float
    api_us: float
    redis_us: float
    p50_ms: float
    p99_ms: float


def take(side: HeartbeatSide, generate: Generator, *, redis_pid: int, seconds: float) -> dict[int, Taken]:
    measured: dict[int, Taken] = {}
    with side.api() as api:
        side.sign_in()
        generate(api.url, side.beats(range(WATCHERS)), connections=32, seconds=PATIENCE_SECONDS, warm_up_seconds=0)
        first = WATCHERS
        for concurrency in CONCURRENCIES:
            count = int(FASTEST[concurrency] * (WARM_UP_SECONDS + seconds))
            requests = side.beats(range(first, first + count))
            first += count
            api_before, redis_before = cpu_seconds(api.pid), cpu_seconds(redis_pid)
            load = generate(api.url, requests, connections=concurrency, seconds=seconds)
            measured[concurrency] = Taken(
                rate=load.rate,
                api_us=(cpu_seconds(api.pid) - api_before) / load.sent * 1e6,
                redis_us=(cpu_seconds(redis_pid) - redis_before) / load.sent * 1e6,
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
            )
    return measured


def show(name: str, run: Taken) -> None:
    print(
        f"{name:<22} {run.rate:7.0f} /s   API {run.api_us:5.0f} us   Redis {run.redis_us:5.0f} us   "
        f"p50 {run.p50_ms:6.2f} ms   p99 {run.p99_ms:6.2f} ms",
        flush=True,
    )


def measure(
    sides: Sequence[HeartbeatSide],
    generate: Generator,
    *,
    redis_pid: int,
    rounds: int,
    seconds: float,
    patience_seconds: float,
) -> None:
    taken: dict[tuple[str, int], list[Taken]] = {}
    # By turns, so that a noisy minute does not hit one side only.
    for _ in range(rounds):
        for side in sides:
            wait_for_quiet(patience_seconds=patience_seconds)
            for concurrency, run in take(side, generate, redis_pid=redis_pid, seconds=seconds).items():
                taken.setdefault((side.name, concurrency), []).append(run)
                show(f"{side.name} c={concurrency}", run)
    print(f"-- medians of {rounds}")
    for concurrency in CONCURRENCIES:
        ours, *others = [(side.name, median(taken[side.name, concurrency])) for side in sides]
        for name, run in (ours, *others):
            show(f"{name} c={concurrency}", run)
        for name, run in others:
            print(
                f"{ours[0]} / {name}: {ours[1].rate / run.rate:.2f} x requests/s, {ours[1].api_us / run.api_us:.2f} x"
                f" CPU of the API, {ours[1].redis_us / run.redis_us:.2f} x CPU of Redis,"
                f" {ours[1].p99_ms / run.p99_ms:.2f} x p99"
            )


def main() -> None:
    arguments = parser_of(__doc__).parse_args()
    with arena(arguments) as ring:
        kosu = ring.kosu()
        kosu.prepare()
        sides: list[HeartbeatSide] = [KosuHeartbeats(kosu)]
        if ring.peer is not None:
            sides.append(PeerHeartbeats(ring.peer))
        measure(
            sides,
            ring.generate,
            redis_pid=ring.redis_pid,
            rounds=arguments.rounds,
            seconds=arguments.seconds,
            patience_seconds=arguments.patience,
        )


if __name__ == "__main__":
    main()
