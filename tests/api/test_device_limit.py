"""One device too many: the ticket, the choice, and what must not come of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.modules.identity.domain.device_policy import DevicePolicy
from tests.support.api import PASSWORD, Api, problem, running_api

LIMIT = 2


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    policy = Object(DevicePolicy(limit=LIMIT))
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, device_policy=policy) as running:
        yield running


async def refused(api: Api, email: str, browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    return problem(answer, 409, "device_limit")


async def full(api: Api) -> tuple[str, list[httpx.AsyncClient], httpx.AsyncClient, dict[str, Any]]:
    """An account whose places are taken: its devices, the one too many, and what that one was told."""
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(LIMIT)]
    browser = await api.browser()
    return email, devices, browser, await refused(api, email, browser)


async def admit(browser: httpx.AsyncClient, ticket: str, session_id: str) -> httpx.Response:
    return await browser.post("/api/v1/auth/admit", json={"ticket": ticket, "revoke_session_id": session_id})


async def session_of(device: httpx.AsyncClient) -> str:
    sessions = (await device.get("/api/v1/me/sessions")).json()["items"]
    return str(next(session["id"] for session in sessions if session["current"]))


async def test_the_choice_ends_one_device_and_admits_the_other(api: Api) -> None:
    _, devices, browser, told = await full(api)
    assert told["limit"] == LIMIT
    chosen = await session_of(devices[0])
    assert chosen in {session["id"] for session in told["sessions"]}
    answer = await admit(browser, told["ticket"], chosen)
    assert answer.status_code == 200
    assert (await browser.get("/api/v1/me")).json() == answer.json()["user"]
    gone = problem(await devices[0].get("/api/v1/me"), 401, "session_revoked")
    assert gone["reason"] == "revoked_by_user"
    assert (await devices[1].get("/api/v1/me")).status_code == 200


async def test_the_device_keeps_the_name_that_its_ticket_was_made_for(api: Api) -> None:
    _, devices, browser, told = await full(api)
    named = browser.cookies["kosu_did"]
    assert named
    await admit(browser, told["ticket"], await session_of(devices[0]))
    assert browser.cookies["kosu_did"] == named


@pytest.mark.parametrize("which", ["foreign", "dead", "made up"])
async def test_a_session_that_is_not_on_offer_is_refused_and_the_ticket_still_holds(api: Api, which: str) -> None:
    _, devices, browser, told = await full(api)
    stranger = await api.learner()
    dead = await session_of(devices[1])
    chosen = {"foreign": await session_of(stranger), "dead": dead, "made up": str(uuid4())}[which]
    if which == "dead":
        await devices[1].post("/api/v1/auth/logout")
    problem(await admit(browser, told["ticket"], chosen), 409, "session_not_offered")
    assert (await stranger.get("/api/v1/me")).status_code == 200
    assert (await admit(browser, told["ticket"], await session_of(devices[0]))).status_code == 200


async def test_a_ticket_works_once(api: Api) -> None:
    _, devices, browser, told = await full(api)
    first, second = [await session_of(device) for device in devices]
    assert (await admit(browser, told["ticket"], first)).status_code == 200
    problem(await admit(browser, told["ticket"], second), 409, "ticket_invalid")
    assert (await devices[1].get("/api/v1/me")).status_code == 200


async def test_of_racing_uses_of_a_ticket_one_wins(api: Api) -> None:
    _, devices, browser, told = await full(api)
    chosen = await session_of(devices[0])
    answers = await asyncio.gather(*(admit(browser, told["ticket"], chosen) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_a_changed_password_voids_the_ticket(api: Api) -> None:
    """Whoever waits with a ticket proved an old password only."""
    _, devices, browser, told = await full(api)
    change = {"current": PASSWORD, "password": "another good password"}
    assert (await devices[0].post("/api/v1/auth/password/change", json=change)).status_code == 204
    problem(await admit(browser, told["ticket"], await session_of(devices[0])), 409, "ticket_invalid")


async def test_a_ticket_is_of_no_use_on_another_device(api: Api) -> None:
    _, devices, _, told = await full(api)
    thief = await api.learner()
    chosen = await session_of(devices[0])
    problem(await admit(thief, told["ticket"], chosen), 409, "ticket_invalid")
    assert (await devices[0].get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize("ticket", ["", "made-up", "x" * 1024, "ticket\x00", "표"])
async def test_a_ticket_that_is_none_is_refused(api: Api, ticket: str) -> None:
    problem(await admit(await api.browser(), ticket, str(uuid4())), 409, "ticket_invalid")


async def test_a_device_that_signs_in_again_needs_no_place(api: Api) -> None:
    email = await api.account()
    devices = [await api.signed_in(email=email) for _ in range(LIMIT)]
    again = await devices[0].post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert again.status_code == 200


async def test_a_ticket_is_void_once_the_account_is_disabled(api: Api) -> None:
    email, devices, browser, told = await full(api)
    chosen, operator = await session_of(devices[0]), await api.operator()
    [account] = (await operator.get("/api/v1/ops/users", params={"q": email})).json()["items"]
    assert (await operator.post(f"/api/v1/ops/users/{account['id']}/disable", json={})).status_code == 200
    problem(await admit(browser, told["ticket"], chosen), 409, "ticket_invalid")
