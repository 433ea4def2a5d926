"""Health, metrics and the document, as whoever runs Kosu sees them."""

from __future__ import annotations

from tests.support.api import Api, problem


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
    assert "openapi" in (await browser.get("/docs")).text.lower()


async def test_every_answer_carries_the_security_headers(api: Api) -> None:
    for path in ("/health/live", "/nowhere", "/api/v1/me"):
        headers = (await (await api.browser()).get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
