"""Playing on so many devices at once, over HTTP."""

from __future__ import annotations

from uuid import uuid4

import httpx

from tests.support.api import Api, problem

LESSON = str(uuid4())


async def claim(device: httpx.AsyncClient, *, takeover: bool = False) -> httpx.Response:
    return await device.post("/api/v1/me/streams", json={"lesson_id": LESSON, "takeover": takeover})


async def test_two_devices_play_and_the_third_is_told_which(api: Api) -> None:
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(3)]
    leases = [await claim(device) for device in devices]
    assert [lease.status_code for lease in leases] == [200, 200, 409]
    assert set(leases[0].json()) == {"id", "expires_at", "heartbeat_seconds"}
    assert leases[0].json()["heartbeat_seconds"] == 15
    told = problem(leases[2], 409, "stream_limit")
    assert told["limit"] == 2
    assert {stream["lesson_id"] for stream in told["streams"]} == {LESSON}
    known = {session["device_id"] for session in (await devices[0].get("/api/v1/me/sessions")).json()["items"]}
    assert {stream["device_id"] for stream in told["streams"]} < known


async def test_a_takeover_stops_the_longest_silent_device_at_its_next_heartbeat(api: Api) -> None:
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(3)]
    first, second = [(await claim(device)).json()["id"] for device in devices[:2]]
    assert (await devices[0].put(f"/api/v1/me/streams/{first}")).status_code == 200
    assert (await claim(devices[2], takeover=True)).status_code == 200
    problem(await devices[1].put(f"/api/v1/me/streams/{second}"), 409, "stream_lost")
    assert (await devices[0].put(f"/api/v1/me/streams/{first}")).status_code == 200


async def test_ending_a_device_ends_its_stream(api: Api) -> None:
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(3)]
    for device in devices[:2]:
        await claim(device)
    await devices[0].post("/api/v1/auth/logout")
    assert (await claim(devices[2])).status_code == 200


async def test_a_released_stream_makes_room(api: Api) -> None:
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(3)]
    first, _ = [(await claim(device)).json()["id"] for device in devices[:2]]
    for _ in range(2):
        assert (await devices[0].delete(f"/api/v1/me/streams/{first}")).status_code == 204
    assert (await claim(devices[2])).status_code == 200
    problem(await devices[0].put(f"/api/v1/me/streams/{first}"), 409, "stream_lost")


async def test_anothers_stream_cannot_be_touched(api: Api) -> None:
    device, stranger = await api.learner(), await api.learner()
    stream = (await claim(device)).json()["id"]
    problem(await stranger.put(f"/api/v1/me/streams/{stream}"), 409, "stream_lost")
    await stranger.delete(f"/api/v1/me/streams/{stream}")
    assert (await device.put(f"/api/v1/me/streams/{stream}")).status_code == 200


async def test_a_claim_that_makes_no_sense_is_refused(api: Api) -> None:
    device = await api.learner()
    for body in ({}, {"lesson_id": "x"}, {"lesson_id": LESSON, "takeover": "perhaps"}):
        problem(await device.post("/api/v1/me/streams", json=body), 400, "validation_failed")
    problem(await (await api.browser()).post("/api/v1/me/streams", json={"lesson_id": LESSON}), 401, "sign_in_required")
