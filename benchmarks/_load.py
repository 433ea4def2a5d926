"""Two closed-loop load generators: the peers' own in C, and one in Python where there is none.

Each connection sends its next request when it has the answer to the last. What starts within the warm-up is sent and
not counted.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

WARM_UP_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Load:
    """`sent` counts those of the warm-up, too."""

    rate: float
    p50_ms: float
    p99_ms: float
    sent: int


class Generator(Protocol):
    def __call__(
        self,
        url: str,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        warm_up_seconds: float = WARM_UP_SECONDS,
        again: bool = False,
    ) -> Load:
        """Send requests, whole as they go over the wire, until they or the time run out. All must be answered 2xx.

        No request is sent twice, unless they are to be sent over and over `again`.
        """
        ...


def get_request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n".encode()


def http_request(path: str, headers: Mapping[str, str], body: bytes, *, method: str = "POST") -> bytes:
    head = [
        f"{method} {path} HTTP/1.1",
        "host: 127.0.0.1",
        "content-type: application/json",
        f"content-length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class CompiledGenerator:
    """The peers' loadgen.c: it costs a tenth of what Python does, and leaves the core to the databases."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._program = folder / "loadgen"
        subprocess.run(["cc", "-O2", "-o", self._program, source], check=True)  # noqa: S607

    def __call__(
        self,
        url: str,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        warm_up_seconds: float = WARM_UP_SECONDS,
        again: bool = False,
    ) -> Load:
        host, mode = urlsplit(url), "cycle" if again else "once"
        with tempfile.NamedTemporaryFile(prefix="kosu-bench-") as file:
            file.writelines(struct.pack("<I", len(request)) + request for request in requests)
            file.flush()
            numbers = [str(number) for number in (host.port, connections, warm_up_seconds, seconds)]
            command = [str(self._program), str(host.hostname), *numbers, mode, file.name]
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        assert told["ok_with_warmup"] == told["requests_with_warmup"], told
        return Load(told["rps"], told["p50_ms"], told["p99_ms"], told["requests_with_warmup"])


class PlainGenerator:
    """Bare asyncio. It shares its core with the databases and caps the rate; the API's cost is the same."""

    def __call__(
        self,
        url: str,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        warm_up_seconds: float = WARM_UP_SECONDS,
        again: bool = False,
    ) -> Load:
        left = cycle(requests) if again else iter(requests)
        return asyncio.run(self._run(url, left, connections, seconds, warm_up_seconds))

    async def _run(
        self, url: str, left: Iterator[bytes], connections: int, seconds: float, warm_up_seconds: float
    ) -> Load:
        measured_from = time.perf_counter() + warm_up_seconds
        taken: list[float] = []
        sent = 0

        async def send_all() -> None:
            nonlocal sent
            reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
            while (started := time.perf_counter()) < measured_from + seconds:
                request = next(left, None)
                if request is None:
                    break
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                # A 204 says nothing of a length.
                await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0))
                assert head.startswith(b"http/1.1 2"), head
                sent += 1
                if started >= measured_from:
                    taken.append(time.perf_counter() - started)
            writer.close()

        await asyncio.gather(*(send_all() for _ in range(connections)))
        percentiles = statistics.quantiles(taken, n=100)
        rate = len(taken) / (time.perf_counter() - measured_from)
        return Load(rate, percentiles[49] * 1e3, percentiles[98] * 1e3, sent)
