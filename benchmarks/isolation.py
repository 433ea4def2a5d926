"""Whether video holds up money: from a payment's webhook to the open course, with and without a queue full of video.

    python -m benchmarks.isolation

On an embedded stack of its own. Each webhook pays for an order of its own; the time runs from its sending until the
enrolment's grant can be seen in PostgreSQL. The second time 200 real videos wait for the media worker, which encodes
one after the other meanwhile. The load and the encoder share the machine with all that is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from benchmarks._http import Connection
from benchmarks._media import ffmpeg
from benchmarks._stack import own_stack
from benchmarks.upload import upload
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import load_or_create
from kosu.adapters.sandbox import SigningKeys
from kosu.adapters.sandbox.events import messages_for
from kosu.container import Container
from kosu.ids import CourseId, PaymentId, UserId
from kosu.lifespan import running
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SANDBOX, SandboxAction
from kosu.settings import read_settings

VIDEOS = 200
SECONDS = 6
PER_SECOND = 10
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sale:
    """An order of one course, which `body` pays for."""

    item_id: UUID
    message_id: str
    body: bytes


async def sell(container: Container, course_id: CourseId, *, count: int) -> Sequence[Sale]:
    """Orders of the course, each by a buyer of its own, that wait for their payment."""
    place, at = container.billing.place_order(), datetime.now(UTC)
    sales = []
    for _ in range(count):
        placed = await place(
            user_id=UserId(uuid4()), course_ids=[course_id], coupon_code=None, gateway=SANDBOX, idempotency_key=None
        )
        assert placed.payment is not None
        payment = Payment(
            id=PaymentId(uuid4()),
            order_id=placed.id,
            gateway=SANDBOX,
            gateway_ref=placed.payment.ref,
            checkout_url="",
            amount=placed.total,
            created_at=at,
        )
        (message,) = messages_for(SandboxAction.PAY, payment, left=payment.amount, at=at)
        sales.append(Sale(placed.items[0].id, message.id, message.body))
    return sales


async def pay(sales: Sequence[Sale], url: str, keys: SigningKeys) -> Mapping[UUID, float]:
    """Send the webhooks of all sales, so many in a second; answers when each was sent, by item."""
    sent: dict[UUID, float] = {}
    connections = [await Connection(url).open() for _ in range(4)]
    locks = [asyncio.Lock() for _ in connections]

    async def send(number: int, sale: Sale) -> None:
        await asyncio.sleep(number / PER_SECOND)
        slot = number % len(connections)
        async with locks[slot]:
            signed = keys.sign(sale.body, message_id=sale.message_id, at=datetime.now(UTC))
            sent[sale.item_id] = time.perf_counter()
            answer = await connections[slot].request("POST", "/api/v1/webhooks/sandbox", headers=signed, body=sale.body)
            assert answer.status == 200, answer.body

    await asyncio.gather(*(send(number, sale) for number, sale in enumerate(sales)))
    for connection in connections:
        connection.close()
    return sent


async def watch(database: str, item_ids: Sequence[UUID]) -> Mapping[UUID, float]:
    """When the course of each item was first seen to be open."""
    seen: dict[UUID, float] = {}
    deadline = time.monotonic() + len(item_ids) / PER_SECOND + PATIENCE_SECONDS
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        while len(seen) < len(item_ids):
            assert time.monotonic() < deadline, f"{len(item_ids) - len(seen)} courses are not open"
            waited_for = [item_id for item_id in item_ids if item_id not in seen]
            cursor = await connection.execute(
                "SELECT source_id FROM learning.grants WHERE source = 'order_item' AND source_id = ANY(%s)",
                (waited_for,),
            )
            now = time.perf_counter()
            seen |= {source_id: now for (source_id,) in await cursor.fetchall()}
            await asyncio.sleep(LOOK_SECONDS)
    return seen


async def measure(name: str, sales: Sequence[Sale], *, database: str, url: str, keys: SigningKeys) -> float:
    """Print the times from webhook to enrolment; answers the 95th percentile in seconds."""
    seen, sent = await asyncio.gather(watch(database, [sale.item_id for sale in sales]), pay(sales, url, keys))
    seconds = [seen[sale.item_id] - sent[sale.item_id] for sale in sales]
    percentiles = statistics.quantiles(seconds, n=100)
    print(
        f"{name:<24} n={len(seconds)}  {PER_SECOND} /s   p50 {percentiles[49] * 1e3:6.0f} ms   "
        f"p95 {percentiles[94] * 1e3:6.0f} ms   max {max(seconds) * 1e3:6.0f} ms",
        flush=True,
    )
    return percentiles[94]


def make_video(target: Path) -> None:
    picture, tone = f"testsrc=size=640x360:rate=30:duration={SECONDS}", f"sine=frequency=440:duration={SECONDS}"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone)
    encoder = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    ffmpeg(*inputs, *encoder, str(target), folder=target.parent)


def fill_media_queue(ready: Mapping[str, Any], database: str) -> None:
    """Upload real videos as an instructor does until so many wait for their processing."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    with (
        tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder,
        httpx.Client(base_url=ready["api_url"], headers=headers, timeout=60, trust_env=False) as instructor,
    ):
        video = Path(folder) / "video.mp4"
        make_video(video)
        instructor.post("/api/v1/auth/login", json=ready["accounts"]["instructor"]).raise_for_status()
        while videos(database)["queued"] < VIDEOS:
            upload(instructor, video)


def videos(database: str) -> Counter[str]:
    """How many processing runs are in which state."""
    with psycopg.connect(database) as connection:
        return Counter(dict(connection.execute("SELECT state, count(*) FROM media.runs GROUP BY state").fetchall()))


def a_paid_course(url: str) -> CourseId:
    courses = httpx.get(f"{url}/api/v1/courses", trust_env=False).raise_for_status().json()["items"]
    return CourseId(UUID(next(course["id"] for course in courses if course["price"]["amount_minor"] > 0)))


async def benchmark(ready: Mapping[str, Any], *, count: int) -> None:
    url, home = ready["api_url"], Home(Path(ready["home"]))
    # The edge is not asked for anything here: any URL does.
    addresses = Addresses(api_url=url, edge_url=url)
    environment = runtime_environment(os.environ, home=home, secrets=load_or_create(home.secrets), addresses=addresses)
    settings = read_settings(environment)
    database, keys = settings.postgres.url, SigningKeys([ready["sandbox"]["webhook_secret"]])
    async with running(Container(settings=settings)) as container:
        course_id = a_paid_course(url)
        warm_up, idle, busy = [await sell(container, course_id, count=size) for size in (20, count, count)]
    await measure("warm-up", warm_up, database=database, url=url, keys=keys)
    alone = await measure("nothing else to do", idle, database=database, url=url, keys=keys)
    await asyncio.to_thread(fill_media_queue, ready, database)
    before = videos(database)
    beside = await measure("video being encoded", busy, database=database, url=url, keys=keys)
    after = videos(database)
    after = videos(database)
    print(
        f"{before['queued']} videos waited before, {after['queued']} after; "
        f"{after['completed'] - before['completed']} were completed meanwhile and {after['processing']} is at work\n"
        f"p95 {beside * 1e3:.0f} ms beside video, {beside / alone:.1f} times that of the idle stack"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="payments each time (%(default)s)")
    arguments = parser.parse_args()
    with own_stack() as ready:
        asyncio.run(benchmark(ready, count=arguments.count))


if __name__ == "__main__":
    main()
