"""What is told to Prometheus: every figure is there, moves when it should, and is not for the world."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from dependency_injector.providers import Object
from prometheus_client import REGISTRY

from entrypoints import metrics, scraping
from entrypoints.api import metrics as api_metrics
from entrypoints.embedded.ports import HOST, free_port
from kosu.adapters.memory.workers import MemoryWorkers
from kosu.adapters.saq.workers import SaqWorkers
from kosu.modules.media.domain.runs import StepName
from kosu.settings import MetricsSettings, Secret
from tests.support.api import Api, running_api
from tests.support.settings import API_URL


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def scraped(api: Api) -> str:
    answer = await (await api.browser()).get("/metrics")
    assert answer.status_code == 200
    return answer.text


def from_elsewhere(api: Api) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=api.litestar, client=("203.0.113.9", 1))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=API_URL)


async def test_metrics_are_for_this_machine_alone(api: Api) -> None:
    await scraped(api)
    async with from_elsewhere(api) as stranger:
        assert (await stranger.get("/metrics")).status_code == 404
    proxied = await (await api.browser()).get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert (proxied.status_code, proxied.json()["code"]) == (404, "not_found")


def test_who_knows_the_token_may_ask_from_anywhere_and_nobody_else() -> None:
    with_token = MetricsSettings(token=Secret("t0ken"))
    for authorization, allowed in (("Bearer t0ken", True), ("Bearer t0ke", False), ("", False), ("t0ken", False)):
        told = scraping.may_scrape(with_token, authorization=authorization, peer="127.0.0.1", is_forwarded=True)
        assert told is allowed
    for peer, allowed in (("127.0.0.1", True), ("::1", True), ("10.0.0.8", False), ("", False)):
        assert scraping.may_scrape(MetricsSettings(), authorization="", peer=peer, is_forwarded=False) is allowed


async def test_answers_are_counted_by_route_and_status(api: Api) -> None:
    labels = {"method": "GET", "path": "/api/v1/me", "status_code": "401", "app_name": "kosu_api"}
    before = figure("kosu_requests_total", **labels)
    await (await api.browser()).get("/api/v1/me")
    assert figure("kosu_requests_total", **labels) == before + 1
    assert figure("kosu_request_duration_seconds_count", **labels) == before + 1
    assert figure("kosu_requests_error_total", **labels) == 0
    api_metrics.observe("GET", "/broken", 500, 0.1)
    assert figure("kosu_requests_error_total", **labels | {"path": "/broken", "status_code": "500"}) == 1


async def test_the_backlog_is_told_by_queue(api: Api, database: str) -> None:
    await scraped(api)
    assert figure("kosu_outbox_waiting", queue="default") == 0
    await api.account()
    await scraped(api)
    waiting = figure("kosu_outbox_waiting", queue="default")
    assert waiting >= 1
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE messaging.outbox SET created_at = now() - interval '90 seconds'")
        connection.execute(
            "UPDATE messaging.outbox SET next_attempt_at = NULL WHERE id IN (SELECT id FROM messaging.outbox LIMIT 1)"
        )
    await scraped(api)
    assert figure("kosu_dead_letters", queue="default") == 1
    assert figure("kosu_outbox_waiting", queue="default") == waiting - 1
    assert waiting == 1 or 89 < figure("kosu_outbox_oldest_age_seconds", queue="default") < 900


async def test_webhooks_that_wait_are_told(api: Api, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for key, state, due in (("1", "received", "now() - interval '2 minutes'"), ("2", "dead", "NULL")):
            connection.execute(
                f"""INSERT INTO billing.webhook_inbox (id, gateway, dedup_key, event_type, payload_sha256, key_id,
                                                       verified_at, state, next_attempt_at)
                    VALUES (gen_random_uuid(), 'memory', '{key}', '', '', '', now(), '{state}', {due})"""  # noqa: S608
            )
    await scraped(api)
    assert (figure("kosu_webhooks_due"), figure("kosu_webhooks_dead")) == (1, 1)
    assert 119 < figure("kosu_webhook_lag_seconds") < 900


async def test_queues_and_their_workers_are_told(api: Api, database: str, redis_url: str, tmp_path: Path) -> None:
    workers = MemoryWorkers("media")
    workers.jobs["media"] = 3
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, workers=Object(workers)) as other:
        await scraped(other)
        assert [figure("kosu_queue_workers_online", queue=queue) for queue in ("media", "default")] == [1, 0]
        assert figure("kosu_queue_depth", queue="media") == 3
        assert figure("kosu_store_up", store="redis") == 1
        workers.available = False
        text = await scraped(other)
        assert figure("kosu_store_up", store="redis") == 0
        assert figure("kosu_store_up", store="database") == 1
        assert 'kosu_runs{state="stalled"} 0.0' in text


async def test_pools_are_told_while_they_are_used(api: Api) -> None:
    text = await scraped(api)
    for pool in ("reads", "sessions", "transactions", "redis"):
        assert f'kosu_pool_size{{pool="{pool}"}}' in text
        assert f'kosu_pool_waiting{{pool="{pool}"}}' in text
    async with api.container.pool().connection(), api.container.engine().connect():
        text = await scraped(api)
        assert 'kosu_pool_connections{pool="transactions",state="used"} 1.0' in text
        assert 'kosu_pool_connections{pool="reads",state="used"} 1.0' in text
    assert 'kosu_pool_connections{pool="transactions",state="used"} 0.0' in await scraped(api)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job may end."""

    outcome: str
    work: Callable[[], Awaitable[None]]


async def _fail() -> None:
    raise ZeroDivisionError


async def _be_cancelled() -> None:
    raise asyncio.CancelledError


async def _do() -> None:
    """What there is to do."""


@pytest.mark.parametrize(
    "ended", [Ended("done", _do), Ended("failed", _fail), Ended("interrupted", _be_cancelled)], ids=lambda e: e.outcome
)
async def test_jobs_are_counted_by_how_they_ended(ended: Ended) -> None:
    name = f"tests.{uuid4()}"
    try:
        with metrics.job(name):
            await ended.work()
    except (ZeroDivisionError, asyncio.CancelledError):
        assert ended.outcome != "done"
    for outcome in ("done", "failed", "interrupted"):
        count = figure("kosu_job_duration_seconds_count", task=name, outcome=outcome)
        assert count == (outcome == ended.outcome)
    assert (figure("kosu_job_last_success_timestamp_seconds", task=name) > 0) is (ended.outcome == "done")


async def test_messages_that_a_worker_handles_are_counted(api: Api) -> None:
    labels = {"task": "identity.UserRegistered", "outcome": "done"}
    before = figure("kosu_job_duration_seconds_count", **labels)
    await api.account()
    await api.work()
    assert figure("kosu_job_duration_seconds_count", **labels) == before + 1


def test_steps_of_runs_are_counted_by_how_they_ended() -> None:
    labels = {"step": "hls", "outcome": "postponed"}
    before = figure("kosu_run_step_duration_seconds_count", **labels)
    metrics.step_taken(StepName.HLS, "postponed", timedelta(seconds=3))
    assert figure("kosu_run_step_duration_seconds_count", **labels) == before + 1


def test_a_runtime_without_http_serves_its_metrics_on_a_port_of_its_own() -> None:
    port = free_port(0)
    url = f"http://{HOST}:{port}/metrics"
    with scraping.served(MetricsSettings(port=port, token=Secret("t0ken"))):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, timeout=5)
        assert refused.value.code == 404
        refused.value.close()
        request = urllib.request.Request(url, headers={"Authorization": "Bearer t0ken"})
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            assert b"kosu_job_duration_seconds" in answer.read()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)


async def test_what_waits_is_counted_where_saq_keeps_it(api: Api) -> None:
    redis = api.container.redis()
    workers = SaqWorkers(redis)
    assert await workers.waiting("default") == 0
    await redis.rpush("saq:default:queued", "job")
    assert await workers.waiting("default") == 1
