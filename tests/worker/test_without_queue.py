"""Redis away for good: money is settled all the same."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from entrypoints.embedded.child import stop
from entrypoints.embedded.temporary import temporary_redis
from entrypoints.worker import without_queue
from entrypoints.worker.__main__ import work
from entrypoints.worker.without_queue import work_while_away
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.sandbox import SigningKeys
from kosu.adapters.sandbox.events import messages_for
from kosu.container import Container
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.money import Money
from kosu.ports.unit_of_work import DatabaseUnavailable
from tests.support.api import running_api
from tests.support.settings import settings
from tests.support.shop import open_shop

PATIENCE_SECONDS = 15


@asynccontextmanager
async def running_worker(container: Container) -> AsyncIterator[None]:
    worker = asyncio.create_task(work(container, ["payments", "default"]))
    try:
        yield
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await worker


async def test_with_redis_away_a_webhook_is_acknowledged_and_settled(database: str, tmp_path: Path) -> None:
    """The learner is let in within seconds of the payment, though nothing can be rung for or scheduled."""
    with temporary_redis() as (server, redis):
        mine = settings(tmp_path, database_url=database, redis_url=server.url())
        stored = Container(settings=mine)
        async with running_api(tmp_path, database_url=database, redis_url=server.url(), queue=stored.queue) as api:
            body = {"course_ids": [await open_shop(api)], "gateway": "sandbox"}
            learner = await api.learner()
            order = (await learner.post("/api/v1/orders", json=body)).json()
            async with running_worker(Container(settings=mine)):
                stop([redis])
                message = paid(order)
                keys = SigningKeys([mine.billing.sandbox_webhook_secret])
                signed = keys.sign(message.body, message_id=message.id, at=datetime.now(UTC))
                answer = await learner.post("/api/v1/webhooks/sandbox", content=message.body, headers=dict(signed))
                assert answer.status_code == 200
                async with asyncio.timeout(PATIENCE_SECONDS):
                    while (await learner.get(f"/api/v1/orders/{order['id']}")).json()["state"] != "paid":  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                answer = await learner.post("/api/v1/orders", json=body)
                assert answer.json()["code"] == "already_enrolled"
        await stored.queue_redis().aclose()


def paid(order: dict[str, Any]) -> Any:
    """The webhook of the order's payment."""
    now = datetime.now(UTC)
    payment = Payment(
        id=PaymentId(UUID(int=1)),
        order_id=OrderId(UUID(order["id"])),
        gateway="sandbox",
        gateway_ref=order["payment"]["ref"],
        checkout_url="",
        amount=Money(**order["total"]),
        created_at=now,
    )
    (message,) = messages_for(SandboxAction.PAY, payment, left=payment.amount, at=now)
    return message


class Bench:
    """A queue that can be away, and work that is counted."""

    def __init__(self) -> None:
        self.queue = MemoryQueue()
        self.pauses: list[float] = []
        self.done = 0
        self.error: Exception | None = None

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def work(self) -> None:
        self.done += 1
        if self.error is not None:
            raise self.error

    async def look(self, times: int) -> None:
        """Let so many looks at the queue pass."""
        self.pauses.clear()
        watch = asyncio.create_task(work_while_away(self.queue, self.work, name="work", sleep=self.sleep))
        while len(self.pauses) <= times:  # noqa: ASYNC110 - the looks are what is waited for
            await asyncio.sleep(0)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_while_the_queue_is_there_nothing_is_done_unasked(bench: Bench) -> None:
    await bench.look(5)
    assert bench.done == 0


async def test_while_it_is_away_work_is_done_at_each_look(bench: Bench) -> None:
    bench.queue.available = False
    await bench.look(5)
    assert bench.done == 5
    bench.queue.available = True
    await bench.look(5)
    assert bench.done == 5


@pytest.mark.parametrize("error", [DatabaseUnavailable("away"), ZeroDivisionError()])
async def test_work_that_fails_is_tried_ever_more_slowly(bench: Bench, error: Exception) -> None:
    bench.queue.available = False
    bench.error = error
    await bench.look(6)
    assert bench.pauses[:7] == [1, 2, 4, 8, 15, 15, 15]


async def test_a_queue_that_never_answers_is_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without_queue, "ANSWER_SECONDS", 0.01)
    hang: Callable[[], Awaitable[object]] = asyncio.Event().wait
    monkeypatch.setattr(bench.queue, "ping", hang)
    await bench.look(2)
    assert bench.done == 2
