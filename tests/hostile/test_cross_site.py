"""Other sites' pages: what they have a browser do here is refused, with cookies or without."""

from __future__ import annotations

import pytest

from tests.support.api import PASSWORD, Api, problem
from tests.support.settings import API_URL

CALLS = [
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/register"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/password/forgot"),
    ("PATCH", "/api/v1/me"),
    ("DELETE", "/api/v1/me/sessions"),
    ("DELETE", "/api/v1/me"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_what_another_site_asks_for_is_refused(api: Api, method: str, path: str) -> None:
    browser = await api.learner()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ):
        problem(await browser.request(method, path, headers=headers, json={}), 403, "csrf_rejected")
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_a_cookie_alone_does_not_act_from_another_subdomain(api: Api) -> None:
    browser = await api.learner()
    headers = {"Sec-Fetch-Site": "same-site", "Origin": "http://forum.api.test"}
    problem(await browser.patch("/api/v1/me", headers=headers, json={"locale": "ko"}), 403, "csrf_rejected")


async def test_nobody_is_signed_in_by_another_site(api: Api) -> None:
    """Signed in as the attacker, a victim would hand their notes and payments over."""
    email, browser = await api.account(), await api.browser(**{"Sec-Fetch-Site": "cross-site"})
    answer = await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    problem(answer, 403, "csrf_rejected")
    assert "set-cookie" not in answer.headers


async def test_reading_and_clients_that_are_no_browsers_pass(api: Api) -> None:
    browser = await api.learner()
    assert (await browser.get("/api/v1/me", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200
    token = (await browser.post("/api/v1/auth/refresh")).json()["access_token"]
    client = await api.browser(Authorization=f"Bearer {token}")
    del client.headers["Sec-Fetch-Site"]
    assert (await client.patch("/api/v1/me", json={"locale": "ko"})).status_code == 200


async def test_our_own_pages_pass_by_their_origin(api: Api) -> None:
    browser = await api.learner()
    headers = {"Sec-Fetch-Site": "same-site", "Origin": API_URL}
    assert (await browser.patch("/api/v1/me", headers=headers, json={"locale": "ko"})).status_code == 200
