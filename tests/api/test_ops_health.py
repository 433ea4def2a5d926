"""Whether anything needs a hand, over HTTP."""

from __future__ import annotations

from kosu.modules.identity.domain.viewer import INSTRUCTOR
from tests.support.api import Api, problem
from tests.support.counting import counted
from tests.support.shop import open_shop

HEALTH = "/api/v1/ops/health"


async def test_all_parts_are_told(api: Api) -> None:
    operator = await api.operator()
    health = (await operator.get(HEALTH)).json()

    assert [queue["name"] for queue in health["queues"]] == ["payments", "default", "media"]
    assert {queue["workers_online"] for queue in health["queues"]} == {False}
    assert health["runs"] == {"queued": 0, "processing": 0, "stalled": 0}
    assert {name: found["count"] for name, found in health["books"]["findings"].items()} == dict.fromkeys(
        (
            "unbalanced",
            "paid_without_access",
            "access_without_payment",
            "stale_orders",
            "unsent_refunds",
            "overdue_webhooks",
            "dead_webhooks",
        ),
        0,
    )
    assert 0 < health["disk"]["free_bytes"] <= health["disk"]["total_bytes"]


async def test_what_waits_in_a_queue_shows(api: Api) -> None:
    operator = await api.operator()
    await api.work()
    assert _queue((await operator.get(HEALTH)).json(), "default")["waiting"] == 0
    await open_shop(api)
    waiting = _queue((await operator.get(HEALTH)).json(), "default")
    assert waiting["waiting"] == 2
    assert waiting["oldest_at"]


async def test_the_books_are_examined_once_a_minute_at_most(api: Api) -> None:
    operator = await api.operator()
    with counted() as first:
        examined = (await operator.get(HEALTH)).json()["books"]["examined_at"]
    with counted() as second:
        assert (await operator.get(HEALTH)).json()["books"]["examined_at"] == examined
    assert 0 < second.postgres < first.postgres


async def test_only_operators_look_and_looking_is_audited(api: Api) -> None:
    for browser in (await api.learner(), await api.signed_in(INSTRUCTOR)):
        problem(await browser.get(HEALTH), 403, "role_required")
    problem(await (await api.browser()).get(HEALTH), 401, "sign_in_required")
    operator = await api.operator()
    await operator.get(HEALTH)
    entries = (await operator.get("/api/v1/ops/audit", params={"action": "health_viewed"})).json()["items"]
    assert entries


def _queue(health: dict[str, list[dict[str, object]]], name: str) -> dict[str, object]:
    (queue,) = [queue for queue in health["queues"] if queue["name"] == name]
    return queue
