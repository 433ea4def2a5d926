"""How fast webhooks are acknowledged, and how fast they are settled.

    python benchmarks/webhook.py                                         starts an embedded stack of its own
    python benchmarks/webhook.py --url http://127.0.0.1:8000 --secret whsec_…   measures one that runs

Every webhook is new, rightly signed and of a type that means nothing to billing, so that it takes the whole way to the
inbox and through the drain and changes no order. The drain is watched in the operator's list, which needs the
operator's password: an own stack has one, a running one is given it by --operator EMAIL:PASSWORD.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from kosu.adapters.sandbox import SigningKeys

BODY = b'{"type":"benchmark.probe","timestamp":"2026-01-01T00:00:00Z","data":{"payment_ref":"benchmark"}}'
WARM_UP = 200
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    keys: SigningKeys
    operator: tuple[str, str] | None


class Sender:
    """One keep-alive connection. Bare asyncio, since a full client would cost as much as what is measured."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._host = urlsplit(target.url)

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host.hostname, self._host.port or 80)

    async def send(self) -> float:
        """Send one webhook; answers the seconds until its acknowledgement."""
        signed = self._target.keys.sign(BODY, message_id=f"bench_{uuid4().hex}", at=datetime.now(UTC))
        lines = [
            "POST /api/v1/webhooks/sandbox HTTP/1.1",
            f"host: {self._host.netloc}",
            "content-type: application/json",
            f"content-length: {len(BODY)}",
            *(f"{name}: {value}" for name, value in signed.items()),
        ]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + BODY
        started = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.partition(b":")[2]))
        seconds = time.perf_counter() - started
        assert head.startswith(b"HTTP/1.1 200"), head
        return seconds

    def close(self) -> None:
        self._writer.close()


async def measure(target: Target, *, concurrency: int, count: int) -> None:
    senders = [Sender(target) for _ in range(concurrency)]
    for sender in senders:
        await sender.open()
    seconds: list[float] = []

    async def run(sender: Sender) -> None:
        seconds.extend([await sender.send() for _ in range(count // concurrency)])

    started = time.perf_counter()
    await asyncio.gather(*(run(sender) for sender in senders))
    elapsed = time.perf_counter() - started
    for sender in senders:
        sender.close()
    percentiles = statistics.quantiles(seconds, n=100)
    print(
        f"c={concurrency:<3} n={len(seconds):<6} {len(seconds) / elapsed:7.0f} requests/s   "
        f"p50 {percentiles[49] * 1e3:6.2f} ms   p99 {percentiles[98] * 1e3:6.2f} ms",
        flush=True,
    )


def watch_drain(target: Target) -> None:
    """Wait until the inbox holds nothing that is only received."""
    if target.operator is None:
        print("drain not watched: no operator given")
        return
    email, password = target.operator
    started = time.perf_counter()
    with httpx.Client(base_url=target.url, headers={"Sec-Fetch-Site": "same-origin"}, trust_env=False) as client:
        login = client.post("/api/v1/auth/login", json={"email": email, "password": password}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        while any(
            client.get(f"/api/v1/ops/webhooks?limit=1&state={state}").raise_for_status().json()["items"]
            for state in ("received", "processing")
        ):
            time.sleep(0.05)
    print(f"drained {time.perf_counter() - started:.2f} s after the last acknowledgement")


@contextmanager
def own_stack() -> Iterator[Target]:
    """An embedded stack in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        ready_file = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "entrypoints.cli", "up", "--home", folder, "--port", "0"]
        with (Path(folder) / "up.log").open("w") as log:
            stack = subprocess.Popen([*command, "--ready-file", str(ready_file)], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not ready_file.exists():
                if stack.poll() is not None or time.monotonic() > deadline:
                    sys.exit("the stack did not start:\n" + (Path(folder) / "up.log").read_text())
                time.sleep(0.1)
            ready = json.loads(ready_file.read_text())
            operator = ready["accounts"]["operator"]
            yield Target(
                url=ready["api_url"],
                keys=SigningKeys([ready["sandbox"]["webhook_secret"]]),
                operator=(operator["email"], operator["password"]),
            )
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(timeout=60)


async def warm_up(target: Target) -> None:
    sender = Sender(target)
    await sender.open()
    for _ in range(WARM_UP):
        await sender.send()
    sender.close()


def run(target: Target, count: int) -> None:
    asyncio.run(warm_up(target))
    for concurrency in (1, 32):
        asyncio.run(measure(target, concurrency=concurrency, count=count))
        watch_drain(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="base URL of a running API; without it a stack is started")
    parser.add_argument("--secret", help="its sandbox secret")
    parser.add_argument("--operator", metavar="EMAIL:PASSWORD", help="to watch the drain")
    parser.add_argument("--count", type=int, default=2_000, help="webhooks for each concurrency (%(default)s)")
    arguments = parser.parse_args()
    if arguments.url is None:
        with own_stack() as target:
            run(target, arguments.count)
        return
    if arguments.secret is None:
        parser.error("--url needs --secret")
    email, _, password = (arguments.operator or "").partition(":")
    run(Target(arguments.url, SigningKeys([arguments.secret]), (email, password) if email else None), arguments.count)


if __name__ == "__main__":
    main()
