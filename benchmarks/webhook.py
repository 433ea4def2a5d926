"""How fast webhooks are acknowledged, and how fast they are settled.

    python -m benchmarks.webhook                                         starts an embedded stack of its own
    python -m benchmarks.webhook --url http://127.0.0.1:8000 --secret whsec_…   measures one that runs

Every webhook is new, rightly signed and of a type that means nothing to billing, so that it takes the whole way to the
inbox and through the drain and changes no order. The drain is watched in the operator's list, which needs the
operator's password: an own stack has one, a running one is given it by --operator EMAIL:PASSWORD.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from benchmarks._http import Connection, measured
from benchmarks._stack import own_stack
from kosu.adapters.sandbox import SigningKeys

BODY = b'{"type":"benchmark.probe","timestamp":"2026-01-01T00:00:00Z","data":{"payment_ref":"benchmark"}}'
WARM_UP = 200


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    keys: SigningKeys
    operator: tuple[str, str] | None


class Sender:
    """Sends webhooks over one connection."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection = Connection(target.url)

    async def open(self) -> None:
        await self._connection.open()

    async def send(self) -> float:
        """Send one webhook; answers the seconds until its acknowledgement."""
        signed = self._target.keys.sign(BODY, message_id=f"bench_{uuid4().hex}", at=datetime.now(UTC))
        answer = await self._connection.request("POST", "/api/v1/webhooks/sandbox", headers=signed, body=BODY)
        assert answer.status == 200, answer.body
        return answer.seconds

    def close(self) -> None:
        self._connection.close()


async def measure(target: Target, *, concurrency: int, count: int) -> None:
    senders = [Sender(target) for _ in range(concurrency)]
    for sender in senders:
        await sender.open()
    await measured("webhooks acknowledged", [sender.send for sender in senders], count=count)
    for sender in senders:
        sender.close()


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
        with own_stack() as ready:
            operator = ready["accounts"]["operator"]
            keys = SigningKeys([ready["sandbox"]["webhook_secret"]])
            run(Target(ready["api_url"], keys, (operator["email"], operator["password"])), arguments.count)
        return
    if arguments.secret is None:
        parser.error("--url needs --secret")
    email, _, password = (arguments.operator or "").partition(":")
    run(Target(arguments.url, SigningKeys([arguments.secret]), (email, password) if email else None), arguments.count)


if __name__ == "__main__":
    main()
