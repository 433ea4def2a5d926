"""Refresh tokens in wrong hands, in wrong order and all at once: over HTTP, on real stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.clock import MemoryClock
from kosu.ids import SessionId
from kosu.modules.identity.domain.sessions import Session
from tests.support.api import PASSWORD, Api, problem, running_api


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock()


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, clock: MemoryClock) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, clock=Object(clock)) as running:
        yield running


class Device:
    """A client without cookies: it holds every refresh token that it was given, the newest last."""

    def __init__(self, api: Api, browser: httpx.AsyncClient, login: dict[str, Any], refresh_token: str) -> None:
        self.api = api
        self.session_id = SessionId(login["session"]["id"])
        self.access_token: str = login["access_token"]
        self.tokens = [refresh_token]
        self._browser = browser

    async def present(self, token: str) -> httpx.Response:
        return await self._browser.post("/api/v1/auth/refresh", json={"refresh_token": token})

    async def refresh(self) -> str:
        """The successor of the newest token."""
        answer = await self.present(self.tokens[-1])
        assert answer.status_code == 200, answer.text
        self.access_token = answer.json()["access_token"]
        self.tokens.append(answer.json()["refresh_token"])
        return self.tokens[-1]

    async def use(self) -> httpx.Response:
        """A request with the newest access token, whose use is written down at once."""
        client = await self.api.browser(Authorization=f"Bearer {self.access_token}")
        answer = await client.get("/api/v1/me")
        await self.api.container.identity.activity().flush()
        return answer

    async def row(self) -> Session:
        async with self.api.container.identity_transaction()() as records:
            session = await records.sessions.lock(self.session_id)
        assert session is not None
        return session


@pytest.fixture
async def device(api: Api) -> Device:
    signing_in, email = await api.browser(), await api.account()
    answer = await signing_in.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    return Device(api, await api.browser(), answer.json(), signing_in.cookies["kosu_rt"])


async def test_two_hundred_refreshes_at_once_are_one_rotation(device: Device) -> None:
    answers = await asyncio.gather(*(device.present(device.tokens[0]) for _ in range(200)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert (await device.row()).gen == 2


@pytest.mark.parametrize(("seconds", "used", "status"), [(29, True, 200), (31, True, 401), (31, False, 200)])
async def test_the_parent_is_good_for_half_a_minute_or_until_its_successor_is_used(
    device: Device, clock: MemoryClock, seconds: int, used: bool, status: int
) -> None:
    successor = await device.refresh()
    if used:
        await device.use()
    clock.advance(timedelta(seconds=seconds))
    answer = await device.present(device.tokens[0])
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["refresh_token"] == successor
    else:
        problem(answer, 401, "refresh_replayed")


async def test_a_lost_answer_can_be_asked_for_hours_later(device: Device, clock: MemoryClock) -> None:
    """A laptop was closed while it refreshed: it never saw its successor, and nobody ever used that."""
    successor = await device.refresh()
    clock.advance(timedelta(hours=9))
    answer = await device.present(device.tokens[0])
    assert answer.json()["refresh_token"] == successor
    assert (await device.row()).gen == 2


async def test_a_thief_one_step_behind_is_noticed(device: Device, clock: MemoryClock) -> None:
    """The end is committed although the thief is answered with an error, and the owner is told by mail."""
    stolen = device.tokens[0]
    await device.refresh()
    await device.use()
    clock.advance(timedelta(minutes=1))
    problem(await device.present(stolen), 401, "refresh_replayed")
    told = problem(await device.use(), 401, "session_revoked")
    assert told["reason"] == "refresh_replayed"
    problem(await device.present(device.tokens[-1]), 401, "session_revoked")
    await device.api.work()
    assert [mail.subject for mail in device.api.mailer.sent] == ["Welcome to Kosu", "We signed one of your devices out"]


async def test_two_generations_back_is_theft_at_any_time(device: Device, clock: MemoryClock) -> None:
    for _ in range(2):
        await device.refresh()
        clock.advance(timedelta(seconds=6))
    problem(await device.present(device.tokens[0]), 401, "refresh_replayed")
    assert (await device.row()).end_reason == "refresh_replayed"


async def test_a_generation_ahead_of_the_row_ends_nothing(device: Device) -> None:
    """The database was restored from a backup: its rows are older than the tokens of honest people."""
    ahead = await device.refresh()
    async with device.api.container.pool().connection() as connection:
        await connection.execute("UPDATE identity.sessions SET gen = 1 WHERE id = %s", (device.session_id,))
    problem(await device.present(ahead), 401, "invalid_token")
    assert (await device.row()).ended_at is None


async def test_a_double_submit_gets_the_same_token_again(device: Device, clock: MemoryClock) -> None:
    await device.refresh()
    clock.advance(timedelta(seconds=4))
    answer = await device.present(device.tokens[-1])
    assert answer.json()["refresh_token"] == device.tokens[-1]
    clock.advance(timedelta(seconds=1))
    assert await device.refresh() != device.tokens[-2]


async def test_tokens_are_good_at_their_own_door_only(device: Device) -> None:
    problem(await device.present(device.access_token), 401, "invalid_token")
    reverse = await device.api.browser(Authorization=f"Bearer {device.tokens[0]}")
    problem(await reverse.get("/api/v1/me"), 401, "invalid_token")
    assert (await device.row()).gen == 1


async def test_a_token_beside_another_devices_cookie_changes_nothing(api: Api) -> None:
    """A refresh cookie was copied into another browser, which has a name of its own."""
    owner, thief = await api.learner(), await api.learner()
    sessions = (await owner.get("/api/v1/me/sessions")).json()["items"]
    copied = {**{name: owner.cookies[name] for name in ("kosu_at", "kosu_rt")}, "kosu_did": thief.cookies["kosu_did"]}
    stolen = await api.browser(Cookie="; ".join(f"{name}={value}" for name, value in copied.items()))
    problem(await stolen.post("/api/v1/auth/refresh"), 401, "device_mismatch")
    problem(await stolen.get("/api/v1/me"), 401, "device_mismatch")
    async with api.container.identity_transaction()() as records:
        session = await records.sessions.lock(sessions[0]["id"])
    assert session is not None
    assert (session.gen, session.ended_at) == (1, None)
    assert (await owner.post("/api/v1/auth/refresh")).status_code == 200
