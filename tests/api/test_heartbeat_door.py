"""Heartbeats: one round trip for those that are as nearly all are, and no difference to be seen for the others."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import REGISTRY

from entrypoints import logs
from kosu.ids import SessionId, UserId
from kosu.modules.identity.activity import Activity
from tests.api.test_learning import beat
from tests.support.api import Api, problem
from tests.support.counting import counted
from tests.support.taught import Course, buy, make_course


@pytest.fixture
async def course(api: Api) -> Course:
    return await make_course(api)


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    """A learner who watches: signed in, known to this process, and with an open viewing."""
    api.without_deadlines()
    browser = await api.learner()
    await buy(api, browser, course)
    for seq in range(3):
        assert (await send(browser, course, seq)).status_code == 204
    return browser


async def send(client: httpx.AsyncClient, course: Course, seq: int, **more: Any) -> httpx.Response:
    body = beat(seq, [0, 1_000], position_ms=1_000) | more
    return await client.put(f"/api/v1/lessons/{course.video}/progress", json=body)


async def kept(api: Api, user_id: UserId | None = None) -> list[int]:
    """The numbers of all heartbeats that wait in the buffer."""
    waiting = await api.container.progress_buffer().oldest(100)
    return [each.seq for pending in waiting for each in pending.beats]


async def bearer(api: Api, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same session without cookies, as other clients than browsers hold it."""
    client = await api.browser(Authorization=f"Bearer {browser.cookies['kosu_at']}")
    del client.headers["Sec-Fetch-Site"]
    return client


async def test_a_heartbeat_is_one_round_trip_to_redis_and_none_to_postgres(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    for client in (learner, await bearer(api, learner)):
        with counted() as trips:
            assert (await send(client, course, 3)).status_code == 204
        assert (trips.redis, trips.postgres) == (1, 0)
    assert await kept(api) == [0, 1, 2, 3, 3]


async def test_heartbeats_of_one_turn_of_the_loop_share_a_round_trip(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    client = await bearer(api, learner)
    await send(client, course, 3)
    with counted() as trips:
        answers = await asyncio.gather(*(send(client, course, seq) for seq in range(10, 30)))
    assert {answer.status_code for answer in answers} == {204}
    assert trips.redis < len(answers) / 2
    assert sorted(await kept(api))[-20:] == list(range(10, 30))


@pytest.mark.parametrize("heard", [True, False])
async def test_a_revoked_session_keeps_nothing(
    api: Api, learner: httpx.AsyncClient, course: Course, heard: bool
) -> None:
    other = await bearer(api, learner)
    assert (await learner.post("/api/v1/auth/logout")).status_code == 204
    if not heard:
        # Another process would know it from the session cache alone.
        api.container.identity.denials()._ended.clear()
    refusal = problem(await send(other, course, 9), 401, "session_revoked")
    assert refusal["reason"] == "logged_out"
    assert 9 not in await kept(api)


async def test_a_denial_holds_though_redis_still_has_the_session(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    """The write of the tombstone failed, and the database told of the end."""
    (session,) = (await learner.get("/api/v1/me/sessions")).json()["items"]
    api.container.identity.denials().session_ended(
        UUID(session["id"]),
        "revoked_by_user",
        at=api.container.clock().now(),
    )
    problem(await send(learner, course, 9), 401, "session_revoked")
    assert 9 not in await kept(api)


async def test_a_newer_authority_is_looked_at_before_anything_is_kept(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    user_id = UserId(UUID((await learner.get("/api/v1/me")).json()["id"]))
    api.container.identity.denials().authority_changed(user_id, 1_000, at=api.container.clock().now())
    with counted() as trips:
        assert (await send(learner, course, 9)).status_code == 204
    assert trips.postgres > 0


async def test_a_disabled_account_keeps_nothing(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    user_id = (await learner.get("/api/v1/me")).json()["id"]
    operator = await api.operator()
    answer = await operator.post(f"/api/v1/ops/users/{user_id}/disable", json={"reason": "test"})
    assert answer.status_code in {200, 204}, answer.text
    api.container.identity.denials()._ended.clear()
    api.container.identity.denials()._epochs.clear()
    assert (await send(learner, course, 9)).status_code == 401
    assert 9 not in await kept(api)


async def test_what_redis_forgot_is_asked_for_and_the_heartbeat_kept(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    await api.container.redis().flushall()
    assert (await send(learner, course, 9)).status_code == 204
    assert await kept(api) == [9]


async def test_cookies_need_proof_of_the_same_origin_and_the_right_device(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    del learner.headers["Sec-Fetch-Site"]
    problem(await send(learner, course, 9), 403, "csrf_rejected")
    learner.headers["Origin"] = "https://elsewhere.test"
    problem(await send(learner, course, 9), 403, "csrf_rejected")
    learner.headers["Sec-Fetch-Site"] = "cross-site"
    problem(await send(learner, course, 9), 403, "csrf_rejected")
    del learner.headers["Origin"]
    learner.headers["Sec-Fetch-Site"] = "same-origin"
    device = (await api.learner()).cookies["kosu_did"]
    learner.cookies.delete("kosu_did")
    learner.cookies.set("kosu_did", device)
    problem(await send(learner, course, 9), 401, "device_mismatch")
    assert 9 not in await kept(api)


async def test_other_sites_send_no_heartbeats_of_other_clients_either(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    client = await bearer(api, learner)
    client.headers["Sec-Fetch-Site"] = "cross-site"
    problem(await send(client, course, 9), 403, "csrf_rejected")
    assert 9 not in await kept(api)


async def test_who_sends_heartbeats_is_seen(
    learner: httpx.AsyncClient, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[SessionId] = []
    monkeypatch.setattr(Activity, "seen", lambda _, session_id, **_more: seen.append(session_id))
    await send(learner, course, 3)
    assert len(seen) == 1


BAD: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"", {}, 400, "validation_failed"),
    (b"{}", {}, 400, "validation_failed"),
    (b"[" * 100_000, {}, 400, "malformed_request"),
    (b'{"seq":1,"position_ms":NaN,"watched":[]}', {}, 400, "malformed_request"),
    (b'{"seq":1,"position_ms":Infinity,"watched":[]}', {}, 400, "malformed_request"),
    (b'{"seq":1,"position_ms":1e400,"watched":[]}', {}, 400, "malformed_request"),
    (b'{"seq":"one","position_ms":1,"watched":[]}', {}, 400, "validation_failed"),
    (b'{"seq":1,"position_ms":{},"watched":[]}', {}, 400, "validation_failed"),
    (b'{"seq":1,"position_ms":0,"watched":null}', {}, 400, "validation_failed"),
    (b'{"seq":1,"position_ms":0,"watched":[[0,1,2]]}', {}, 400, "validation_failed"),
    (b'{"seq":1,"position_ms":0,"watched":[["\xff",1]]}', {}, 400, "malformed_request"),
    (b'{"seq":1,"position_ms":0,"watched":[[0,2147483648]]}', {}, 422, "progress_invalid"),
    (b'{"seq":1,"position_ms":0,"watched":[[-1,4]]}', {}, 422, "progress_invalid"),
    (b'{"seq":-1,"position_ms":0,"watched":[]}', {}, 422, "progress_invalid"),
    (b'{"seq":9007199254740992,"position_ms":0,"watched":[]}', {}, 422, "progress_invalid"),
    (b'{"seq":1,"position_ms":0,"watched":[' + b"[0,1]," * 200 + b"[0,1]]}", {}, 422, "progress_invalid"),
    (b" " * 1_100_000, {}, 413, "payload_too_large"),
    (b"seq=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
]


async def test_what_no_player_sends_is_refused_and_not_kept(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    before = await kept(api)
    for body, headers, status, code in BAD:
        answer = await learner.put(
            f"/api/v1/lessons/{course.video}/progress",
            content=body,
            headers={"Content-Type": "application/json"} | headers,
        )
        assert answer.status_code == status, (body[:60], answer.text)
        assert answer.json()["code"] in {code, "validation_failed", "malformed_request"}, (body[:60], answer.text)
    assert await kept(api) == before


async def test_other_lessons_and_paths_go_the_usual_way(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    body = beat(9, [0, 1], position_ms=1)
    problem(await learner.put(f"/api/v1/lessons/{uuid4()}/progress", json=body), 404, "lesson_not_found")
    problem(await learner.put(f"/api/v1/lessons/{course.text}/progress", json=body), 409, "not_a_video")
    problem(await learner.put("/api/v1/lessons/nothing/progress", json=body), 404, "not_found")
    problem(await learner.post(f"/api/v1/lessons/{course.video}/progress", json=body), 405, "method_not_allowed")


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}])
async def test_what_is_not_plain_json_is_not_read_as_such(
    api: Api, learner: httpx.AsyncClient, course: Course, headers: dict[str, str]
) -> None:
    body = beat(9, [0, 1_000], position_ms=1_000)
    answer = await learner.put(f"/api/v1/lessons/{course.video}/progress", json=body, headers=headers)
    problem(answer, 415, "unsupported_media_type")
    assert await kept(api) == [0, 1, 2]


async def test_heartbeats_are_counted_by_their_route(learner: httpx.AsyncClient, course: Course) -> None:
    def counted_so_far() -> float:
        labels = {"method": "PUT", "path": "/api/v1/lessons/{lesson_id}/progress", "status_code": "204"}
        return REGISTRY.get_sample_value("kosu_requests_total", labels | {"app_name": "kosu_api"}) or 0

    before = counted_so_far()
    await send(learner, course, 3)
    assert counted_so_far() == before + 1


async def test_both_ways_answer_alike(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    """Headers, the body that there is none of, and the series that metrics count it in."""
    fast = await send(learner, course, 4)
    await api.container.redis().flushall()
    usual = await send(learner, course, 5)
    for answer in (fast, usual):
        answer.headers.pop("x-request-id")
    assert (fast.status_code, fast.content, dict(fast.headers)) == (204, b"", dict(usual.headers))
    metrics = (await learner.get("/metrics")).text
    counts = [line for line in metrics.splitlines() if line.startswith("kosu_requests_total") and "/progress" in line]
    assert len([line for line in counts if 'method="PUT"' in line and 'status_code="204"' in line]) == 1


async def test_its_line_in_the_log_says_whose_it_is(
    api: Api, learner: httpx.AsyncClient, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = (await learner.get("/api/v1/me")).json()
    known: list[object] = []
    monkeypatch.setattr(logs, "access", lambda **_: known.append(logs.context.get().get("user_id")))
    await send(learner, course, 3)
    assert [str(user_id) for user_id in known] == [me["id"]]
