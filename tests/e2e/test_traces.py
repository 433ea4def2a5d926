"""A request and what a worker does for it are one trace; where no collector is set there are none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from dependency_injector.providers import Object

from entrypoints import tracing
from entrypoints.embedded.ports import HOST, free_port
from kosu.adapters.saq.queue import SaqQueue, create_queue_redis
from kosu.container import QUEUES
from kosu.settings import RedisSettings, Secret, TracingSettings
from tests.support.api import Api, running_api
from tests.support.otlp_collector import Collector, collecting
from tests.support.settings import environment
from tests.support.stack import ROOT

_PATIENCE_SECONDS = 90.0


def _worker(variables: Mapping[str, str], ready: Path) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return subprocess.Popen(
        [sys.executable, "-m", "entrypoints.worker", "--queues", "default"],
        env={**os.environ, **variables, "PYTHONPATH": paths, "KOSU_READY_FILE": str(ready)},
        stderr=subprocess.DEVNULL,
    )


async def _register(api: Api) -> None:
    browser = await api.browser()
    answer = await browser.post(
        "/api/v1/auth/register",
        json={"email": "traced@kosu.test", "password": "correct horse battery", "display_name": "T"},
        headers={"X-Request-ID": "r-traced", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
    )
    assert answer.status_code == 201, answer.text


async def test_a_request_and_the_jobs_that_follow_from_it_are_one_trace(
    database: str, redis_url: str, tmp_path: Path
) -> None:
    redis = create_queue_redis(RedisSettings(url=Secret(redis_url)))
    with collecting() as collector:
        changes = {"KOSU_OTLP_ENDPOINT": collector.url, "KOSU_OTLP_HEADERS": "x-tenant=kosu"}
        port = free_port()
        variables = environment(tmp_path, database_url=database, redis_url=redis_url) | changes
        variables["KOSU_METRICS_PORT"] = str(port)
        worker = _worker(variables, tmp_path / "ready")
        try:
            async with running_api(
                tmp_path,
                database_url=database,
                redis_url=redis_url,
                settings_changes=changes,
                queue=Object(SaqQueue(redis, QUEUES)),
            ) as api:
                await _register(api)
                _wait_for_mail(tmp_path)
                _judge_metrics(port)
        finally:
            worker.terminate()
            worker.wait(_PATIENCE_SECONDS)
            await redis.aclose()
    _judge(collector)


def _wait_for_mail(folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not list(folder.glob("mail/*.eml")):
        assert time.monotonic() < deadline, "the worker sent no mail"
        time.sleep(0.05)


def _judge_metrics(port: int) -> None:
    """Of the worker that has just done it, on its own port."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    done = 'kosu_job_duration_seconds_count{outcome="done",task="identity.UserRegistered"} 1.0'
    while done not in (text := httpx.get(f"http://{HOST}:{port}/metrics").text):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    assert 'kosu_pool_size{pool="transactions"} 8.0' in text
    assert "process_resident_memory_bytes" in text


def _judge(collector: Collector) -> None:
    assert all(headers["x-tenant"] == "kosu" for headers in collector.headers)
    [request] = [span for span in collector.spans if span.name == "POST /api/v1/auth/register"]
    assert (request.service, request.parent_id) == ("kosu-api", "")
    assert request.attributes["kosu.request_id"] == "r-traced"
    assert request.trace_id != "a" * 32, "a client's word on traces is taken"
    trace = {span.span_id: span for span in collector.spans if span.trace_id == request.trace_id}
    [job] = [span for span in trace.values() if span.name == "identity.UserRegistered"]
    assert (job.service, job.parent_id) == ("kosu-worker", request.span_id)
    within = {(span.service, span.name) for span in trace.values() if span.parent_id in {request.span_id, job.span_id}}
    assert ("kosu-api", "sql INSERT") in within
    assert ("kosu-api", "redis EVALSHA") in within
    assert ("kosu-worker", "sql UPDATE") in within
    # Values are people's: statements are told with their placeholders.
    assert "traced@kosu.test" not in repr(collector.spans)


def test_where_no_collector_is_set_nothing_of_it_is_loaded(database: str, redis_url: str, tmp_path: Path) -> None:
    variables = environment(tmp_path, database_url=database, redis_url=redis_url)
    code = "import sys, entrypoints.api.app as app; app.create_app(); sys.exit('opentelemetry.exporter' in sys.modules)"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **variables, "PYTHONPATH": paths}, check=True)
    with tracing.job("tests.Nothing", None) as caused:
        assert caused is None


def test_the_collectors_headers_are_kept_secret() -> None:
    with pytest.raises(ValueError, match="name=value"):
        TracingSettings(headers=Secret("oops")).sent_headers()
    settings = TracingSettings(headers=Secret("authorization=Basic c2VjcmV0"))
    assert settings.sent_headers() == {"authorization": "Basic c2VjcmV0"}
    assert "c2VjcmV0" not in repr(settings)
