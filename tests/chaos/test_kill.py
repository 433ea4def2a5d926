"""The kill test: signed events while api, worker and Redis are killed, and PostgreSQL crashes. What got a 200 is true.

    make chaos                                    all rounds
    KOSU_CHAOS_ROUNDS=5 python -m pytest -s tests/chaos     the first five

A round is a stack as `kosu up` starts it, a thousand deliveries from sixteen clients, and parts that die in the midst
of it; its seed decides all but the machine's own pace. Clients repeat what was not acknowledged, as gateways do, except
for a share that sends once: then the acknowledgement alone has to be enough.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from entrypoints.embedded.home import Home
from entrypoints.embedded.postgres import DATABASE, database_url
from kosu.adapters.postgres.billing.mapping import item_rows, order_row
from kosu.adapters.postgres.billing.rows import OpenPurchaseRow, PaymentRow
from kosu.adapters.postgres.connections import create_engine, create_sessions
from kosu.adapters.sandbox import SigningKeys
from kosu.settings import PostgresSettings, Secret
from tests.chaos.plan import Part, Plan, plan
from tests.chaos.storm import Storm, rage
from tests.chaos.verdict import judge
from tests.support.stack import started_stack

Record = Callable[[str, object], None]

ROUNDS = int(os.environ.get("KOSU_CHAOS_ROUNDS", "2"))
# Every so many rounds nothing hurries the leases of the dead, which takes a minute.
UNHURRIED = 10
PATIENCE_SECONDS = 180
VICTIMS: tuple[Part, ...] = ("api", "worker", "redis", "api", "worker", "redis")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One installation for all rounds, each of which starts it anew. Not below pytest's own folder."""
    with tempfile.TemporaryDirectory(prefix="kosu-chaos-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve() / "home"


@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
def test_what_was_acknowledged_outlives_api_worker_and_redis(home: Path, seed: int, record_property: Record) -> None:
    run(home, plan(seed, *VICTIMS), record_property, is_hurried=seed % UNHURRIED != 0)


def test_what_was_acknowledged_outlives_a_crash_of_postgres(home: Path, record_property: Record) -> None:
    """All of its processes die at once, twice, and with them what was only in their shared memory."""
    run(home, plan(101, "postgres", "postgres", "worker"), record_property, is_hurried=True)


def run(home: Path, planned: Plan, record: Record, *, is_hurried: bool) -> None:
    """Run a round; fails with all that is wrong once it has come to rest."""
    started = time.monotonic()
    with started_stack(home, "--no-web", "--quiet-demo") as stack:
        ready = stack.wait_until_ready()
        database = database_url(Home(home).sockets, DATABASE)
        asyncio.run(place_orders(database, planned))
        keys = SigningKeys([ready["sandbox"]["webhook_secret"]])
        storm = asyncio.run(rage(planned, stack, api_url=ready["api_url"], keys=keys))
        with psycopg.connect(database, autocommit=True) as connection:
            come_to_rest(connection, storm, is_hurried=is_hurried)
            verdict = judge(connection, planned, storm)
        figures = (
            f"round {planned.seed}: {verdict}\n  killed {', '.join(storm.killed)}; answers {dict(storm.answers)}; "
            f"{time.monotonic() - started:.0f} s"
        )
        print(f"\n{figures}", flush=True)
        record("figures", figures)
        assert not verdict.wrong, "\n".join((str(verdict), *verdict.wrong[:40]))
        assert verdict.lost == 0
        assert verdict.acknowledged > verdict.sent * 0.9, f"the round tells little: {dict(storm.answers)}"


async def place_orders(database: str, planned: Plan) -> None:
    """All orders of a round as the checkout leaves them, hundreds by one transaction."""
    engine = create_engine(PostgresSettings(url=Secret(database)))
    async with create_sessions(engine)() as session, session.begin():
        session.add_all(order_row(order) for order, _ in planned.sales)
        await session.flush()
        session.add_all(row for order, _ in planned.sales for row in item_rows(order))
        session.add_all(
            OpenPurchaseRow(user_id=order.user_id, course_id=course_id, order_id=order.id)
            for order, _ in planned.sales
            for course_id in order.course_ids
        )
        session.add_all(
            PaymentRow(
                id=payment.id,
                order_id=payment.order_id,
                gateway=payment.gateway,
                gateway_ref=payment.gateway_ref,
                checkout_url=payment.checkout_url,
                amount_minor=payment.amount.amount_minor,
                currency=payment.amount.currency,
                created_at=payment.created_at,
            )
            for _, payment in planned.sales
        )
    await engine.dispose()


def come_to_rest(connection: psycopg.Connection, storm: Storm, *, is_hurried: bool) -> None:
    """Wait until every webhook is settled. What a dead worker held is due a minute after it was claimed, or now."""
    if is_hurried:
        # Whoever claimed it before the last kill may be alive after all: then the attempt's number fences it out.
        connection.execute(
            """UPDATE billing.webhook_inbox SET next_attempt_at = now(), lease_until = now()
               WHERE state = 'processing' AND lease_until < %s + interval '60 seconds'""",
            (storm.last_kill_at,),
        )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left := connection.execute(
        """SELECT state, error_code, count(*) FROM billing.webhook_inbox
           WHERE state NOT IN ('processed', 'ignored', 'dead') GROUP BY state, error_code"""
    ).fetchall():
        assert time.monotonic() < deadline, f"not at rest: {left}"
        time.sleep(0.1)
