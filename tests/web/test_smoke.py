"""The web client answers, asks the API on its visitors' behalf, and knows who is signed in."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation
from tests.support.kosu import Kosu, ok
from tests.support.visitors import forgive


def test_the_front_page_has_a_title(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert "Kosu" in page.title()


def test_the_front_page_is_accessible(page: Page, violations: Callable[[Page], list[Violation]]) -> None:
    page.goto("/")
    assert violations(page) == []


def test_the_server_is_healthy(kosu: Kosu) -> None:
    assert ok(httpx.get(f"{kosu.web_url}/api/health"), 200)["status"] == "ok"


def test_the_api_is_reached_through_the_web_client(kosu: Kosu) -> None:
    here = httpx.get(f"{kosu.web_url}/api/v1/categories")
    there = httpx.get(f"{kosu.api_url}/api/v1/categories")
    assert here.status_code == there.status_code == 200
    assert here.json() == there.json() != []
    assert here.headers["content-type"] == there.headers["content-type"]


def test_somebody_signed_in_is_known_through_the_web_client(
    page: Page, kosu: Kosu, sign_in: Callable[[Page, str], Page]
) -> None:
    sign_in(page, "learner").goto("/")
    me = page.evaluate("fetch('/api/v1/me').then(answer => answer.json())")
    assert kosu.accounts["learner"]["email"] in json.dumps(me)


def test_another_sites_page_cannot_act_through_the_web_client(page: Page, sign_in: Callable[[Page, str], Page]) -> None:
    """The pass-through must not make strangers' requests look like our own."""
    sign_in(page, "learner").goto("/")
    answer = page.request.post(
        "/api/v1/auth/logout", headers={"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403
    assert answer.json()["code"] == "csrf_rejected"


@pytest.mark.parametrize("path", ["/", "/courses/there-is-no-such-course"])
def test_the_colours_are_the_systems_until_others_are_chosen(page: Page, mishaps: list[str], path: str) -> None:
    html = page.locator("html")
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    expect(html).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Open menu").click()
    page.get_by_role("button", name="Dark").click()
    expect(html).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-theme", "dark")
    forgive(mishaps, 404)


def test_what_a_page_complains_of_is_seen(page: Page, mishaps: list[str]) -> None:
    """The fixture's own test: without it, the others would pass over broken scripts."""
    with page.expect_event("console"):
        page.evaluate("console.error('a complaint')")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('a mistake') })")
    assert mishaps == ["a complaint", "a mistake"]
    mishaps.clear()
