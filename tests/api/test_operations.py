"""Health, metrics and the document, as whoever runs Kosu sees them."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import httpx

from entrypoints.api.request_context import RequestContext
from tests.support.api import Api, problem
from tests.support.settings import API_URL


async def test_alive_and_ready(api: Api) -> None:
    browser = await api.browser()
    assert (await browser.get("/health/live")).json()["status"] == "ok"
    ready = await browser.get("/health/ready")
    assert (ready.status_code, ready.json()["parts"]) == (
        200,
        {"database": "ok", "redis": "ok", "object_store": "ok"},
    )


async def test_what_is_away_is_named(api: Api) -> None:
    api.queue.available = False
    answer = await (await api.browser()).get("/health/ready")
    assert problem(answer, 503, "not_ready")["parts"]["redis"] == "away"
    assert answer.headers["retry-after"]
    assert (await (await api.browser()).get("/health/live")).status_code == 200


async def test_metrics_are_grouped_by_route(api: Api) -> None:
    learner = await api.learner()
    await learner.delete("/api/v1/me/sessions/01900000-0000-7000-8000-000000000000")
    text = (await learner.get("/metrics")).text
    assert 'path="/api/v1/me/sessions/{session_id}"' in text
    assert "01900000" not in text


async def test_the_document_is_served_to_anybody(api: Api) -> None:
    browser = await api.browser()
    assert (await browser.get("/openapi.json")).json()["info"]["title"] == "Kosu"
    assert (await browser.get("/")).headers["location"] == "/docs"
    page = await browser.get("/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert 'fetch("/openapi.json")' in page.text


async def test_the_page_of_the_document_needs_nothing_from_elsewhere(api: Api) -> None:
    """It works without the internet, and nobody else's script runs where the session cookies are."""
    page = (await (await api.browser()).get("/docs")).text
    assert "//" not in re.sub(r"^\s*// .*$", "", page, flags=re.MULTILINE)
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*>", page) == ['<link rel="icon" href="data:,">', "<script>"]


async def test_only_the_own_script_and_style_run_on_the_page_of_the_document(api: Api) -> None:
    page = await (await api.browser()).get("/docs")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    for tag in ("script", "style"):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        assert policy[f"{tag}-src"] == f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


async def test_head_is_get_without_the_body(api: Api) -> None:
    learner = await api.learner()
    for path in ("/health/live", "/api/v1/courses", "/api/v1/me"):
        full, head = await learner.get(path), await learner.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == full.headers["content-type"]
        assert head.headers["content-length"] == full.headers["content-length"]


async def test_options_are_told_to_anybody(api: Api) -> None:
    answer = await (await api.browser()).options("/api/v1/me")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "DELETE, GET, OPTIONS, PATCH"
    assert answer.content == b""


async def test_every_answer_carries_the_security_headers(api: Api) -> None:
    for path in ("/health/live", "/nowhere", "/api/v1/me"):
        headers = (await (await api.browser()).get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


async def test_answers_are_not_to_be_stored_or_run_unless_they_say_so(api: Api) -> None:
    own = await (await api.learner()).get("/api/v1/me")
    assert own.headers["cache-control"] == "no-store"
    assert own.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    public = await (await api.browser()).get("/api/v1/courses")
    assert public.headers.get_list("cache-control") != ["no-store"]
    assert len(public.headers.get_list("cache-control")) == 1
    page = await (await api.browser()).get("/docs")
    assert len(page.headers.get_list("content-security-policy")) == 1


async def test_browsers_are_told_to_stay_with_https_where_there_is_https(api: Api) -> None:
    for https_only in (True, False):
        transport = httpx.ASGITransport(app=RequestContext(api.litestar, https_only=https_only))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=API_URL) as client:
            answer = await client.get("/health/live")
        assert ("strict-transport-security" in answer.headers) is https_only
