"""What API and workers tell Prometheus. What only the API or the scheduler counts is in a `metrics.py` of its own, and
who may ask in `scraping.py`.

Names are used by `deploy/observability/`: a test looks that dashboards and alerts ask for nothing that is not here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from prometheus_client import REGISTRY, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kosu.container import QUEUES, Container
from kosu.errors import Unavailable
from kosu.modules.media.domain.runs import StepName

log = logging.getLogger(__name__)

JOB_SECONDS = Histogram(
    "kosu_job_duration_seconds",
    "Jobs and messages that a worker handled, by outcome: done, failed, interrupted",
    ("task", "outcome"),
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600),
)
JOB_DONE_AT = Gauge("kosu_job_last_success_timestamp_seconds", "When a worker last finished the task", ("task",))
STEP_SECONDS = Histogram(
    "kosu_run_step_duration_seconds",
    "Steps of processing runs, by outcome: done, postponed (our fault), refused (the source's)",
    ("step", "outcome"),
    buckets=(0.5, 2, 10, 60, 300, 1800, 7200),
)

OUTBOX_WAITING = Gauge("kosu_outbox_waiting", "Messages that are to be delivered still", ("queue",))
OUTBOX_OLDEST = Gauge("kosu_outbox_oldest_age_seconds", "Age of the oldest of them", ("queue",))
DEAD_LETTERS = Gauge("kosu_dead_letters", "Messages that were given up", ("queue",))
QUEUE_DEPTH = Gauge("kosu_queue_depth", "Jobs that wait in Redis for a worker", ("queue",))
WORKERS_ONLINE = Gauge("kosu_queue_workers_online", "Whether some worker takes the queue's work: 1 or 0", ("queue",))
WEBHOOKS_DUE = Gauge("kosu_webhooks_due", "Webhooks that are stored, not settled, and due")
WEBHOOK_LAG = Gauge("kosu_webhook_lag_seconds", "How long the most overdue of them has been due")
WEBHOOKS_DEAD = Gauge("kosu_webhooks_dead", "Webhooks that were given up")
RUNS = Gauge("kosu_runs", "Processing runs that are not over: queued, processing, stalled", ("state",))
STORE_UP = Gauge("kosu_store_up", "Whether the store answered at the last look: 1 or 0", ("store",))

LOOK_SECONDS = 2.0


@contextmanager
def job(name: str) -> Iterator[None]:
    """Count one job and its time."""
    started, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "done"
        JOB_DONE_AT.labels(name).set_to_current_time()
    except asyncio.CancelledError:
        outcome = "interrupted"
        raise
    finally:
        JOB_SECONDS.labels(name, outcome).observe(time.perf_counter() - started)


def step_taken(step: StepName, outcome: str, took: timedelta) -> None:
    """Count one step of a run."""
    STEP_SECONDS.labels(step, outcome).observe(took.total_seconds())


async def look_at_stores(container: Container) -> None:
    """Read what all processes share; any of them tells the same. What is away keeps its last figures, and is down."""
    await asyncio.gather(_look("database", _look_at_database(container)), _look("redis", _look_at_queues(container)))


async def _look(store: str, looking: Any) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await looking
    except (Unavailable, TimeoutError) as error:
        log.warning("metrics: no figures of the %s: %s", store, str(error) or "too slow")
        STORE_UP.labels(store).set(0)
    else:
        STORE_UP.labels(store).set(1)


async def _look_at_database(container: Container) -> None:
    at = container.clock().now()
    backlogs = {backlog.queue: backlog for backlog in await container.outbox_log().backlogs()}
    for queue in QUEUES:
        backlog = backlogs.get(queue)
        oldest = at if backlog is None or backlog.oldest_at is None else backlog.oldest_at
        OUTBOX_WAITING.labels(queue).set(0 if backlog is None else backlog.waiting)
        OUTBOX_OLDEST.labels(queue).set(max(0.0, (at - oldest).total_seconds()))
        DEAD_LETTERS.labels(queue).set(0 if backlog is None else backlog.dead)
    webhooks = await container.billing_checks().backlog(at=at)
    WEBHOOKS_DUE.set(webhooks.due)
    WEBHOOK_LAG.set(0 if webhooks.oldest_due_at is None else (at - webhooks.oldest_due_at).total_seconds())
    WEBHOOKS_DEAD.set(webhooks.dead)
    runs = await container.asset_board().runs_under_way(at=at)
    for state in ("queued", "processing", "stalled"):
        RUNS.labels(state).set(getattr(runs, state))


async def _look_at_queues(container: Container) -> None:
    workers = container.workers()
    for queue in QUEUES:
        QUEUE_DEPTH.labels(queue).set(await workers.waiting(queue))
        WORKERS_ONLINE.labels(queue).set(1 if await workers.are_online(queue) else 0)


class _Pools(Collector):
    """Connections of this process: `used` and `idle` of each pool, how many it may have, and who waits for one."""

    def __init__(self, container: Container) -> None:
        self._read: dict[str, Callable[[], tuple[int, int, int, int]]] = {
            "reads": lambda: _of_psycopg(container.pool()),
            "sessions": lambda: _of_psycopg(container.session_pool()),
            "transactions": lambda: _of_engine(container.engine().pool),
            "redis": lambda: _of_redis(container.redis().connection_pool),
        }

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that several containers may be told of by one process, as in tests."""
        return ()

    def collect(self) -> Iterable[Metric]:
        families = connections, most, waiting = self._families()
        for pool, read in self._read.items():
            used, idle, size, waiters = read()
            connections.add_metric([pool, "used"], used)
            connections.add_metric([pool, "idle"], idle)
            most.add_metric([pool], size)
            waiting.add_metric([pool], waiters)
        return families

    @staticmethod
    def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("kosu_pool_connections", "Connections of a pool", labels=["pool", "state"]),
            GaugeMetricFamily("kosu_pool_size", "Connections that a pool may have", labels=["pool"]),
            GaugeMetricFamily("kosu_pool_waiting", "Requests that wait for a connection", labels=["pool"]),
        )


def _of_psycopg(pool: Any) -> tuple[int, int, int, int]:
    stats = pool.get_stats()
    idle = stats.get("pool_available", 0)
    return stats.get("pool_size", 0) - idle, idle, pool.max_size, stats.get("requests_waiting", 0)


def _of_engine(pool: Any) -> tuple[int, int, int, int]:
    # SQLAlchemy does not say who waits.
    return pool.checkedout(), pool.checkedin(), pool.size(), 0


def _of_redis(pool: Any) -> tuple[int, int, int, int]:
    return len(pool._in_use_connections), len(pool._available_connections), pool.max_connections, 0


@contextmanager
def pools_of(container: Container) -> Iterator[None]:
    """Tell of this container's pools for as long as the block runs."""
    pools = _Pools(container)
    REGISTRY.register(pools)
    try:
        yield
    finally:
        REGISTRY.unregister(pools)
