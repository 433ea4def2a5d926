"""What opens a video and keeps it open: the right to play on one device more, and cookies that run out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support import player
from tests.support.browser import signed_in
from tests.support.kosu import Kosu, ok
from tests.support.visitors import Person, device_of, forgive, other_browser
from tests.support.watched import Watched, new_learner

LIMIT = 2
"""So many devices of an account play at once."""
LATER_PIECE = re.compile(r"/0000[2-9]\.m4s$")


@pytest.fixture
def learner(kosu: Kosu, filmed: Watched) -> Person:
    return Person(**new_learner(kosu, filmed))


@pytest.fixture
def visitor(page: Page, kosu: Kosu, learner: Person) -> Page:
    return signed_in(page, learner.credentials, web_url=kosu.web_url)


class Heartbeats:
    """Of a page's right to play: sent every second instead of every fifteen, and held back until they are let go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] | None = []
        page.route("**/api/v1/me/streams", self._quicken)
        page.route("**/api/v1/me/streams/*", self._hold)

    def _quicken(self, route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "heartbeat_seconds": 1})

    def _hold(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for route in held:
            route.continue_()


def test_a_device_too_many_asks_to_take_over_and_the_other_is_told(
    visitor: Page, kosu: Kosu, browser: Browser, filmed: Watched, *, learner: Person, mishaps: list[str]
) -> None:
    """The one that was heard of longest ago gives way, and may take over in turn."""
    heartbeats = Heartbeats(visitor)
    player.opened(visitor, filmed.video_path)
    with visitor.expect_response("**/api/v1/me/streams"):
        visitor.keyboard.press("k")
    player.plays_beyond(visitor, 0.5)
    for _ in range(LIMIT - 1):
        ok(device_of(kosu, learner).post("/api/v1/me/streams", json={"lesson_id": filmed.video}), 200)

    with other_browser(browser, kosu, learner) as other:
        player.opened(other, filmed.video_path)
        other.keyboard.press("k")
        expect(other.get_by_role("alert").filter(has_text="other devices are playing already")).to_be_visible()
        player.pauses(other)
        other.get_by_role("button", name="Play here instead").click()
        player.plays_beyond(other, 0.5)

        heartbeats.let_go()
        told = visitor.get_by_role("alert").filter(has_text="took over, so this one paused")
        expect(told).to_be_visible()
        player.pauses(visitor)
        visitor.get_by_role("button", name="Play here instead").click()
        expect(told).to_have_count(0)
        player.plays_beyond(visitor, player.position(visitor))
    forgive(mishaps, 409)


def run_out(route: Route) -> None:
    """The cookies do, just before this is asked for."""
    context = route.request.frame.page.context
    context.clear_cookies(name=re.compile("^CloudFront-"))
    route.continue_()


def test_a_video_plays_on_when_its_cookies_run_out(visitor: Page, filmed: Watched, mishaps: list[str]) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url) if request.url.endswith("/playback") else None)
    visitor.route(LATER_PIECE, run_out, times=1)
    player.opened(visitor, filmed.video_path)
    player.rail(visitor).fill("36000")
    visitor.keyboard.press("k")
    player.plays_beyond(visitor, 36.5)
    assert len(asked) == 2
    expect(visitor.get_by_role("alert").filter(has_text="video")).to_have_count(0)
    forgive(mishaps, 403)


def test_a_video_whose_cookies_cannot_be_renewed_says_so_and_tries_again(
    visitor: Page, filmed: Watched, mishaps: list[str]
) -> None:
    def run_out_for_good(route: Route) -> None:
        visitor.route("**/playback", lambda renewal: renewal.fulfill(status=500, json={"code": "unavailable"}))
        run_out(route)

    visitor.route(LATER_PIECE, run_out_for_good, times=1)
    player.opened(visitor, filmed.video_path)
    player.rail(visitor).fill("36000")
    visitor.keyboard.press("k")
    curtain = visitor.get_by_role("alert").filter(has_text="The video stopped coming")
    expect(curtain).to_be_visible()
    visitor.unroute("**/playback")
    curtain.get_by_role("button", name="Try again").click()
    player.plays_beyond(visitor, 36.5)
    expect(curtain).to_have_count(0)
    forgive(mishaps, 403, 500)
