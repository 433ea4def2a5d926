"""A round as it happens: clients that send signed events over HTTP, and a killer among the parts of the stack."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from kosu.adapters.sandbox import SigningKeys
from tests.chaos.plan import EVENTS, Delivery, Kill, Part, Plan
from tests.support.stack import StackProcess, descendants

# Gateways are more patient; what counts is that they come again.
RETRY_SECONDS = 0.25
PATIENCE_SECONDS = 90
ANSWER_SECONDS = 10
LEEWAY = 60
COMMANDS: dict[Part, str] = {
    "api": "entrypoints.api.app",
    "worker": "--queues payments",
    "redis": "redis-server",
    "postgres": "bin/postgres",
}


@dataclass(slots=True)
class Storm:
    """What the clients saw, and when the last part died."""

    acknowledged: list[Delivery] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    killed: list[str] = field(default_factory=list)
    last_kill_at: datetime | None = None
    is_sent: bool = False
    horizon: int = 0
    """So many may be acknowledged before the next part has died: traffic waits for a victim that is on its way."""


async def rage(plan: Plan, stack: StackProcess, *, api_url: str, keys: SigningKeys) -> Storm:
    """Send all that is planned while killing all that is planned."""
    storm = Storm()
    async with asyncio.TaskGroup() as group:
        group.create_task(_kill_all(plan.kills, stack, storm))
        group.create_task(_send_all(plan, storm, api_url, keys))
    return storm


async def _send_all(plan: Plan, storm: Storm, api_url: str, keys: SigningKeys) -> None:
    async with asyncio.TaskGroup() as clients:
        for deliveries in plan.clients:
            clients.create_task(_client(deliveries, storm, api_url, keys))
    storm.is_sent = True


async def _client(deliveries: Sequence[Delivery], storm: Storm, api_url: str, keys: SigningKeys) -> None:
    async with httpx.AsyncClient(base_url=api_url, timeout=ANSWER_SECONDS, trust_env=False) as client:
        for delivery in deliveries:
            await asyncio.sleep(delivery.pause_seconds)
            while len(storm.acknowledged) >= storm.horizon:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await _deliver(delivery, storm, client, keys)


async def _deliver(delivery: Delivery, storm: Storm, client: httpx.AsyncClient, keys: SigningKeys) -> None:
    message, loop = delivery.message, asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        signed = keys.sign(message.body, message_id=message.id, at=datetime.now(UTC))
        try:
            answer = await client.post("/api/v1/webhooks/sandbox", content=message.body, headers=dict(signed))
        except httpx.HTTPError as error:
            storm.answers[type(error).__name__] += 1
        else:
            storm.answers[str(answer.status_code)] += 1
            if answer.status_code == httpx.codes.OK:
                storm.acknowledged.append(delivery)
                return
        if not delivery.persistent:
            return
        assert loop.time() < deadline, f"never acknowledged: {message.id} ({dict(storm.answers)})"
        await asyncio.sleep(RETRY_SECONDS)


async def _kill_all(kills: Sequence[Kill], stack: StackProcess, storm: Storm) -> None:
    for kill in kills:
        # By what was acknowledged rather than by the clock, so that a kill meets traffic on slow machines too.
        storm.horizon = kill.after_acknowledged + LEEWAY
        while len(storm.acknowledged) < kill.after_acknowledged and not storm.is_sent:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (leader := _running(kill.part, stack)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # it was killed before and is on its way
        storm.horizon = EVENTS
        await asyncio.sleep(kill.delay_seconds)
        _kill(leader)
        storm.last_kill_at = datetime.now(UTC)
        storm.killed.append(f"{kill.part} at {len(storm.acknowledged)}")
    storm.horizon = EVENTS


def _running(part: Part, stack: StackProcess) -> int | None:
    """The leading process of a part that does its work."""
    if part == "worker" and not (stack.home / "ready" / "payments-worker").exists():
        return None
    return stack.part(COMMANDS[part])


def _kill(leader: int) -> None:
    """SIGKILL to a process with all below it, as when its container dies: at once, before they can save anything."""
    children = Path(f"/proc/{leader}/task/{leader}/children")
    below = children.read_text().split() if children.exists() else descendants(leader)
    for pid in (leader, *map(int, below)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
