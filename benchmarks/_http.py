"""A keep-alive connection. Bare asyncio, since a full client would cost as much as what is measured."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    head: bytes
    body: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    def cookie(self, name: str) -> str:
        """The value of a cookie that the answer sets."""
        start = f"set-cookie: {name}="
        lines = self.head.decode().split("\r\n")
        return next(line for line in lines if line.lower().startswith(start)).partition("=")[2].partition(";")[0]


class Connection:
    def __init__(self, url: str) -> None:
        self._host = urlsplit(url)

    async def open(self) -> Connection:
        self._reader, self._writer = await asyncio.open_connection(self._host.hostname, self._host.port or 80)
        return self

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send one request; the seconds are those until the whole answer is here."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"host: {self._host.netloc}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
        ]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        started = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await self._reader.readexactly(int(length.partition(b":")[2]))
        return Answer(head, answer, time.perf_counter() - started)

    def close(self) -> None:
        self._writer.close()


async def measured(name: str, workers: Sequence[Callable[[], Awaitable[float]]], *, count: int) -> float:
    """Let all workers go at once, each with its share of `count`, and print the rate; answers requests/s."""
    seconds: list[float] = []

    async def run(work: Callable[[], Awaitable[float]]) -> None:
        seconds.extend([await work() for _ in range(count // len(workers))])

    started = time.perf_counter()
    await asyncio.gather(*(run(work) for work in workers))
    rate = len(seconds) / (time.perf_counter() - started)
    percentiles = statistics.quantiles(seconds, n=100)
    print(
        f"{name:<28} c={len(workers):<3} n={len(seconds):<6} {rate:7.0f} /s   "
        f"p50 {percentiles[49] * 1e3:6.2f} ms   p99 {percentiles[98] * 1e3:6.2f} ms",
        flush=True,
    )
    return rate
