"""Kosu as it is shipped: its own commands, endpoint, inbox and events, with its logs and metrics on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from benchmarks._load import http_request
from benchmarks._machine import API_CORE, OTHER_CORE, process
from benchmarks._sides import ORDERS, RunningApi, wait_until_up
from entrypoints import migrate
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.ports import HOST, free_port
from entrypoints.embedded.runtimes import Addresses, kosu
from entrypoints.embedded.secrets import load_or_create
from kosu.adapters.sandbox import SigningKeys
from kosu.settings import Settings, read_settings

TEMPLATE = "kosu_bench_template"
DATABASE = "kosu_bench"

# Order i: a learner and a course that no other order has together, and a payment that is waited for.
ORDERS_SEED = f"""
    INSERT INTO billing.orders (id, number, user_id, gateway, state, total_minor, currency, placed_at, expires_at)
    SELECT md5('order ' || i)::uuid, 'bench-' || i, md5('user ' || i % 10000)::uuid, 'sandbox', 'pending',
           49900 + i % 50 * 1000, 'INR', now(), now() + interval '1 day'
    FROM generate_series(0, {ORDERS - 1}) i;

    INSERT INTO billing.order_items (id, order_id, position, course_id, instructor_id, slug, title, price_minor,
                                     currency, tax_minor, instructor_minor)
    SELECT md5('item ' || i)::uuid, md5('order ' || i)::uuid, 0, md5('course ' || i / 10000 * 200 + i % 200)::uuid,
           md5('instructor ' || i % 50)::uuid, 'course-' || i, 'Course ' || i, 49900 + i % 50 * 1000, 'INR', 0, 30000
    FROM generate_series(0, {ORDERS - 1}) i;

    INSERT INTO billing.open_purchases (user_id, course_id, order_id)
    SELECT orders.user_id, items.course_id, orders.id
    FROM billing.orders JOIN billing.order_items items ON items.order_id = orders.id;

    INSERT INTO billing.payments (id, order_id, gateway, gateway_ref, checkout_url, amount_minor, currency, created_at)
    SELECT md5('payment ' || i)::uuid, md5('order ' || i)::uuid, 'sandbox', 'sbx_' || i, '', 49900 + i % 50 * 1000,
           'INR', now()
    FROM generate_series(0, {ORDERS - 1}) i;
"""  # noqa: S608 - a number of our own

# What gateways tell besides and billing does not read: with it a body is as large as the peer's, about 1 kB.
DETAILS = {
    "method": {"type": "upi", "vpa": "learner@examplebank", "bank": "EXMP", "flow": "collect", "fee_minor": 1180},
    "customer": {
        "id": "cust_5b1f0c9de2a844",
        "name": "A Learner",
        "email": "learner@example.test",
        "contact": "+917000000000",
        "address": {"line1": "17 Long Example Street", "city": "Bengaluru", "postal_code": "560001", "country": "IN"},
    },
    "notes": {
        "cart": "c" * 32,
        "campaign": "new-term-offer",
        "source": "web-checkout",
        "trace": "t" * 128,
        "description": "Course purchase, one seat, lifetime access to all lessons",
    },
}


class Kosu:
    def __init__(
        self,
        folder: Path,
        *,
        database_url: str,
        database_pid: int,
        redis_url: str,
        name: str = "kosu",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Uses databases of its own in these servers, and no keys of Redis that others may have.

        `settings` are those that differ from what is shipped.
        """
        self.name = name
        self.database_pid = database_pid
        self._home = Home(folder)
        self._home.prepare()
        self._admin_url, self.redis_url = database_url, redis_url
        self._url = _sibling(database_url, DATABASE)
        addresses = Addresses(api_url=f"http://{HOST}:{free_port(0)}", edge_url=f"http://{HOST}:1")
        secrets = load_or_create(self._home.secrets)
        self._api_url = addresses.api_url
        self._keys = SigningKeys([secrets.sandbox_webhook_secret])
        runtimes = {runtime.name: runtime for wave in kosu(addresses).waves for runtime in wave}
        self._api, self._worker, self._scheduler = (runtimes[name] for name in ("api", "payments-worker", "scheduler"))
        environment = runtime_environment(os.environ, home=self._home, secrets=secrets, addresses=addresses)
        self._environment: Mapping[str, str] = environment | {
            "KOSU_DATABASE_URL": self._url,
            "KOSU_REDIS_URL": redis_url,
            # A benchmark's few accounts stand for many.
            "KOSU_ACCOUNT_REQUESTS_PER_MINUTE": "0",
            **(settings or {}),
        }

    def settings(self) -> Settings:
        return read_settings(self._environment)

    def prepare(self, seed: str = ORDERS_SEED) -> None:
        """Make the database that each run gets a copy of: migrated, and filled by this SQL."""
        self._make(TEMPLATE, template="template0")
        url = _sibling(self._admin_url, TEMPLATE)
        migrate.upgrade(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(seed)
            connection.execute("VACUUM ANALYZE")

    @contextmanager
    def api(self) -> Iterator[RunningApi]:
        self._make(DATABASE, template=TEMPLATE)
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushdb()
        with (
            (self._home.logs / "api.log").open("wb") as log,
            process(self._api.argv, core=API_CORE, environment=self._environment, log=log) as api,
        ):
            assert self._api.health_url is not None
            wait_until_up(api, self._api.health_url)
            yield RunningApi(self._api_url, api.pid)

    @contextmanager
    def worker(self) -> Iterator[int]:
        # With the scheduler: a drain that takes longer than a job may is cut off, and rung for anew by the sweep.
        with (
            (self._home.logs / "worker.log").open("wb") as log,
            process(self._scheduler.argv, core=OTHER_CORE, environment=self._environment, log=log),
            process(self._worker.argv, core=API_CORE, environment=self._environment, log=log) as worker,
        ):
            yield worker.pid

    def captures(self, numbers: range) -> list[bytes]:
        return [self._capture(number) for number in numbers]

    def settled(self) -> int:
        return self._count("SELECT count(*) FROM billing.webhook_inbox WHERE state = 'processed'")

    def opened(self) -> int:
        return self._count(
            """SELECT count(*) FROM billing.orders
               JOIN billing.order_items ON order_items.order_id = orders.id
               JOIN learning.grants ON grants.source_id = order_items.id
               WHERE orders.state = 'paid'"""
        )

    def _capture(self, number: int) -> bytes:
        now = datetime.now(UTC)
        ref = f"sbx_{number}"
        about = {
            "payment_ref": ref,
            "object_id": f"cap_{ref}",
            "capture_id": f"cap_{ref}",
            "amount_minor": 49_900 + number % 50 * 1_000,
            "currency": "INR",
        }
        event = {"type": "payment.captured", "timestamp": now.isoformat(), "data": about | DETAILS}
        body = json.dumps(event).encode()
        signed = self._keys.sign(body, message_id=f"msg_captured_cap_{ref}", at=now)
        return http_request("/api/v1/webhooks/sandbox", signed, body)

    def _make(self, database: str, *, template: str) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy")
            connection.execute("CHECKPOINT")

    def _count(self, statement: str) -> int:
        with psycopg.connect(self._url) as connection:
            row = connection.execute(statement).fetchone()
        assert row is not None
        return int(row[0])


def _sibling(url: str, database: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()
