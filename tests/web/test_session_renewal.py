"""A session outlives its access tokens, whatever is open."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from tests.support.browser import signed_in
from tests.support.kosu import Kosu
from tests.support.visitors import forgive, somebody

TABS, REQUESTS = 4, 5
SWITCHES = "document.querySelectorAll('main [role=switch]')"


@pytest.fixture
def context(page: Page, kosu: Kosu) -> BrowserContext:
    """A browser in which somebody is signed in."""
    return signed_in(page, somebody(kosu).credentials, web_url=kosu.web_url).context


class HeldRenewals:
    """The renewals that a browser asks for: they wait until they are let go."""

    def __init__(self, context: BrowserContext) -> None:
        self.routes: list[Route] = []
        self._are_held = True
        context.route("**/api/v1/auth/refresh", self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route)
        if not self._are_held:
            route.continue_()

    def let_go(self) -> None:
        self._are_held = False
        for route in self.routes:
            route.continue_()


def test_four_tabs_with_five_refused_requests_each_renew_the_session_once(
    context: BrowserContext, page: Page, mishaps: list[str]
) -> None:
    """The renewal is held back until all twenty were refused, so that each of them wants one."""
    tabs = [page, *(context.new_page() for _ in range(TABS - 1))]
    for tab in tabs:
        tab.goto("/settings/notifications")
        expect(tab.get_by_role("switch", checked=True)).to_have_count(4)
    statuses: list[int] = []
    renewals = HeldRenewals(context)

    def all_have(status: int, response: Response) -> bool:
        if response.request.method == "PATCH":
            statuses.append(response.status)
        return statuses.count(status) == TABS * REQUESTS

    context.clear_cookies(name="kosu_at")
    with context.expect_event("response", lambda response: all_have(401, response)):
        for tab in tabs:
            tab.evaluate(f"for (const each of [...{SWITCHES}, {SWITCHES}[0]]) each.click()")
    with context.expect_event("response", lambda response: all_have(200, response)):
        renewals.let_go()

    assert len(renewals.routes) == 1
    assert len(statuses) == 2 * TABS * REQUESTS
    for tab in tabs:
        expect(tab.get_by_role("alert").filter(has_text="sign")).to_have_count(0)
    forgive(mishaps, 401)


def test_four_tabs_that_are_opened_with_an_expired_token_renew_the_session_once(
    context: BrowserContext, page: Page, mishaps: list[str]
) -> None:
    """As a browser does that starts with the tabs of yesterday."""
    # It has asked for all that it wants: what it would renew in the middle of is cut off by the next page.
    page.goto("/reset", wait_until="networkidle")
    renewals = HeldRenewals(context)
    context.clear_cookies(name="kosu_at")
    tabs = [page, *(context.new_page() for _ in range(TABS - 1))]
    for tab in tabs:
        with tab.expect_response("**/api/v1/me/notifications"):
            tab.goto("/settings/notifications")
    renewals.let_go()
    for tab in tabs:
        expect(tab.get_by_role("switch")).to_have_count(4)
    assert len(renewals.routes) == 1
    forgive(mishaps, 401)


def test_a_server_that_is_away_signs_nobody_out(context: BrowserContext, page: Page, mishaps: list[str]) -> None:
    page.goto("/settings/notifications")
    switch = page.get_by_role("switch").first
    expect(switch).to_be_checked()
    context.clear_cookies(name="kosu_at")
    context.route(
        "**/api/v1/auth/refresh",
        lambda route: route.fulfill(status=503, json={"code": "auth_unavailable"}),
        times=1,
    )
    # Not `uncheck`, which would insist: the choice cannot be kept and is taken back.
    switch.click()
    expect(page.get_by_role("alert").filter(has_text="briefly busy")).to_be_visible()
    expect(switch).to_be_checked()
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        switch.uncheck()
    page.reload()
    expect(switch).not_to_be_checked()
    forgive(mishaps, 401, 503)
