"""What sessions cost over HTTP: authenticated requests, rotations, the storm on one token, and a rush of log-ins.

    python -m benchmarks.sessions

On an embedded stack of its own, with the load on the same machine: the ratios within one run are what counts. An
authenticated request is a learner's request that is refused for its role, which needs no store but for who asks; the
ratio is to /health/live, which needs none at all.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from uuid import uuid4

from benchmarks._http import Answer, Connection, measured
from benchmarks._stack import own_stack

PASSWORD = "correct horse battery"  # noqa: S105 - of accounts that live as long as the stack
REQUESTS = 4_000
ACCOUNTS = 32
SESSIONS_EACH = 5
ROUNDS = 6
# Only a generation that is older than this rotates; a younger one is a double submit.
SETTLED_SECONDS = 5.1
STORM = 200
RUSH = 60


class Device:
    """A signed-in client without cookies, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._connection = Connection(url)

    async def register(self) -> Device:
        await self._connection.open()
        self.email = f"{uuid4().hex}@kosu.test"
        account = {"email": self.email, "password": PASSWORD, "display_name": "Benchmark"}
        answer = await self._connection.request("POST", "/api/v1/auth/register", body=json.dumps(account).encode())
        assert answer.status == 201, answer.body
        self.access_token = json.loads(answer.body)["access_token"]
        self.refresh_tokens = [answer.cookie("kosu_rt")]
        return self

    async def ask(self) -> float:
        headers = {"authorization": f"Bearer {self.access_token}"}
        answer = await self._connection.request("GET", "/api/v1/ops/webhooks", headers=headers)
        assert answer.status == 403, answer.body
        return answer.seconds

    async def live(self) -> float:
        answer = await self._connection.request("GET", "/health/live")
        assert answer.status == 200, answer.body
        return answer.seconds

    async def log_in(self) -> Answer:
        """Signs one more device in."""
        body = json.dumps({"email": self.email, "password": PASSWORD}).encode()
        answer = await self._connection.request("POST", "/api/v1/auth/login", body=body)
        assert answer.status == 200, answer.body
        return answer

    async def rotate(self) -> float:
        """Rotate the next one of the account's sessions."""
        token = self.refresh_tokens.pop(0)
        answer = await self._connection.request("POST", "/api/v1/auth/refresh", body=refresh_body(token))
        assert answer.status == 200, answer.body
        successor = json.loads(answer.body)["refresh_token"]
        assert successor != token
        self.refresh_tokens.append(successor)
        return answer.seconds


def refresh_body(token: str) -> bytes:
    return json.dumps({"refresh_token": token}).encode()


async def benchmark(url: str) -> None:
    devices = [await Device(url).register() for _ in range(ACCOUNTS)]
    for device in devices:
        for _ in range(20):
            await device.ask()
    for concurrency in (1, ACCOUNTS):
        some = devices[:concurrency]
        bare = await measured("/health/live", [device.live for device in some], count=REQUESTS)
        rate = await measured("authenticated request", [device.ask for device in some], count=REQUESTS)
        print(f"{'':<28} {rate / bare:.2f} of /health/live")
    await rotations(devices)
    await storm(url, devices[0])
    await rush(url, devices[0])


async def rotations(devices: list[Device]) -> None:
    for device in devices:
        device.refresh_tokens += [
            (await device.log_in()).cookie("kosu_rt") for _ in range(SESSIONS_EACH - len(device.refresh_tokens))
        ]
    for number in range(ROUNDS):
        await asyncio.sleep(SETTLED_SECONDS)
        name = f"rotation, round {number + 1}"
        await measured(name, [device.rotate for device in devices], count=ACCOUNTS * SESSIONS_EACH)


async def storm(url: str, device: Device) -> None:
    """Many requests at once with one token: every tab of a browser that wakes up."""
    await asyncio.sleep(SETTLED_SECONDS)
    connections = [await Connection(url).open() for _ in range(STORM)]
    body = refresh_body(device.refresh_tokens[0])
    started = time.perf_counter()
    answers = await asyncio.gather(*(each.request("POST", "/api/v1/auth/refresh", body=body) for each in connections))
    elapsed = time.perf_counter() - started
    assert {answer.status for answer in answers} == {200}
    successors = {json.loads(answer.body)["refresh_token"] for answer in answers}
    print(f"storm of {STORM} on one token: {elapsed * 1e3:.0f} ms in all, {len(successors)} successor")


async def rush(url: str, idle: Device) -> None:
    """Many log-ins at once, each with a hash that takes its time; and somebody who wants no hash meanwhile."""
    alone = [await idle.live() for _ in range(400)]
    devices = [await Device(url).register() for _ in range(RUSH)]
    log_ins = asyncio.gather(*(device.log_in() for device in devices))
    meanwhile: list[float] = []
    while not log_ins.done():
        meanwhile.append(await idle.live())
        await asyncio.sleep(0.002)
    slowest = max(answer.seconds for answer in await log_ins)
    print(
        f"{RUSH} log-ins at once: {slowest * 1e3:.0f} ms in all; /health/live meanwhile p99 {p99(meanwhile):.1f} ms,"
        f" alone {p99(alone):.1f} ms"
    )


def p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98] * 1e3


def main() -> None:
    with own_stack() as ready:
        asyncio.run(benchmark(ready["api_url"]))


if __name__ == "__main__":
    main()
