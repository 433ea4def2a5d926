"""Watching a lesson: the player does what its viewer wants, and remembers where they were."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.support.browser import Violation, signed_in, wait_until
from tests.support.kosu import Kosu, eventually
from tests.support.player import VIDEO, lands_at, opened, plays_beyond, position, rail
from tests.support.watched import SECONDS, Watched, api_of, new_learner


@pytest.fixture
def account(kosu: Kosu, filmed: Watched) -> dict[str, str]:
    return new_learner(kosu, filmed)


@pytest.fixture
def lesson(page: Page, kosu: Kosu, filmed: Watched, account: dict[str, str]) -> Page:
    """The video lesson, open before a learner of the course."""
    signed_in(page, account, web_url=kosu.web_url)
    return opened(page, filmed.video_path)


def test_what_was_seen_is_shown_without_asking_for_it(lesson: Page) -> None:
    """While a lesson plays, its progress follows from what the heartbeats told."""
    with lesson.expect_response(lambda answer: is_progress(answer.request)):
        opened(lesson, lesson.url)
    asked: list[str] = []
    lesson.on("request", lambda request: asked.append(request.url) if is_progress(request) else None)
    lesson.get_by_role("button", name="Play").first.click()
    plays_beyond(lesson, 1.5)
    lesson.keyboard.press("k")
    progress = lesson.get_by_role("progressbar", name="Your progress")
    expect(progress).not_to_have_attribute("aria-valuenow", "0")
    assert asked == []


def is_progress(request: Request) -> bool:
    return request.method == "GET" and request.url.endswith("/progress")


def test_it_seeks_and_shows_the_picture_that_is_pointed_at(lesson: Page) -> None:
    rail = lesson.get_by_role("slider", name="Position")
    rail.fill("30000")
    lands_at(lesson, 30)
    expect(rail).to_have_attribute("aria-valuetext", "0:30 of 0:40")
    rail.hover(position={"x": 20, "y": 10})
    expect(lesson.get_by_test_id("storyboard")).to_be_visible()


def test_speed_captions_and_quality_are_chosen_and_remembered(lesson: Page, filmed: Watched) -> None:
    lesson.get_by_role("combobox", name="Speed").select_option("1.5")
    lesson.get_by_role("combobox", name="Captions").select_option("English")
    quality = lesson.get_by_role("combobox", name="Quality")
    quality.select_option("144p")
    expect(quality).to_have_value("144")
    # The browser looks for cues while it plays.
    lesson.keyboard.press("k")
    shown = f"[...{VIDEO}.textTracks].find(track => track.mode === 'showing')?.activeCues?.[0]?.text"
    wait_until(lesson, f"{VIDEO}.playbackRate === 1.5 && {shown} === 'Hello there'")
    opened(lesson, filmed.video_path)
    expect(lesson.get_by_role("combobox", name="Speed")).to_have_value("1.5")
    expect(lesson.get_by_role("combobox", name="Captions")).to_have_value("en")


def test_keys_alone_drive_it(lesson: Page) -> None:
    lesson.keyboard.press("k")
    plays_beyond(lesson, 0.2)
    lesson.keyboard.press(" ")
    wait_until(lesson, f"{VIDEO}.paused")
    before = position(lesson)
    lesson.keyboard.press("l")
    wait_until(lesson, f"Math.abs({VIDEO}.currentTime - {before + 10}) < 0.3")
    lesson.keyboard.press("ArrowLeft")
    wait_until(lesson, f"Math.abs({VIDEO}.currentTime - {before + 5}) < 0.3")
    lesson.keyboard.press("5")
    wait_until(lesson, f"Math.abs({VIDEO}.currentTime - {SECONDS / 2}) < 0.3")
    lesson.keyboard.press(">")
    wait_until(lesson, f"{VIDEO}.playbackRate === 1.25")
    lesson.keyboard.press("m")
    wait_until(lesson, f"{VIDEO}.muted")
    lesson.keyboard.press("?")
    expect(lesson.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    lesson.keyboard.press("Escape")
    expect(lesson.get_by_role("dialog")).to_have_count(0)
    lesson.keyboard.press("n")
    expect(lesson.get_by_role("textbox", name="New note")).to_be_focused()
    # What is typed there is no command.
    lesson.keyboard.type("k")
    assert lesson.evaluate(f"{VIDEO}.paused")


def test_a_deep_link_lands_within_half_a_second(lesson: Page, filmed: Watched) -> None:
    opened(lesson, f"{filmed.video_path}?t=17300")
    lands_at(lesson, 17.3)


def test_another_browser_goes_on_at_the_place(
    lesson: Page, kosu: Kosu, browser: Browser, filmed: Watched, account: dict[str, str]
) -> None:
    lesson.get_by_role("slider", name="Position").fill("21000")
    lesson.keyboard.press("k")
    plays_beyond(lesson, 21.5)
    lesson.keyboard.press("k")
    wait_until(lesson, f"{VIDEO}.paused")
    left_at = position(lesson)
    api = api_of(kosu, account)
    path = f"/api/v1/lessons/{filmed.video}/playback"
    eventually(lambda: abs(api.get(path).json()["resume_position_ms"] - 1000 * left_at) < 50)
    # Only what played counts: nothing before the jump.
    assert api.get(path).json()["watched"][0][0] >= 20_900
    with browser.new_context(base_url=kosu.web_url, locale="en-GB") as context:
        other = signed_in(context.new_page(), account, web_url=kosu.web_url)
        opened(other, filmed.video_path)
        lands_at(other, left_at)


def test_a_text_is_read_and_marked_as_done(page: Page, kosu: Kosu, filmed: Watched, account: dict[str, str]) -> None:
    signed_in(page, account, web_url=kosu.web_url)
    page.goto(filmed.text_path, wait_until="commit")
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()
    expect(page.get_by_text("<script>x</script>")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("progressbar", name="Your progress")).to_have_attribute("aria-valuenow", "50")
    page.goto("/my-learning")
    expect(page.get_by_role("progressbar", name="Progress in Motion for interfaces")).to_have_attribute(
        "aria-valuenow", "50"
    )


def test_what_comes_next_is_counted_down_to_and_can_be_put_off(lesson: Page, filmed: Watched) -> None:
    rail(lesson).fill(str((SECONDS - 1) * 1000))
    lesson.keyboard.press("k")
    offer = lesson.get_by_role("group", name="Next lesson")
    expect(offer).to_contain_text("Slow it down")
    offer.get_by_role("button", name="Stay here").click()
    expect(offer).to_have_count(0)
    rail(lesson).fill(str((SECONDS - 1) * 1000))
    lesson.keyboard.press("k")
    expect(offer.get_by_role("status")).to_have_text(re.compile(r"Next in [1-6] seconds?"))
    lesson.wait_for_url(f"**{filmed.text_path}")


def test_a_stranger_is_asked_to_sign_in(page: Page, filmed: Watched) -> None:
    page.goto(f"{filmed.text_path}?t=17300")
    expect(page.get_by_role("heading", name="Sign in to open this lesson")).to_be_visible()
    link = page.get_by_role("main").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", re.compile(r"/sign-in\?next=%2Flearn%2F.*%3Ft%3D17300$"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_lesson_is_accessible(
    lesson: Page, kosu: Kosu, violations: Callable[[Page], list[Violation]], theme: str, width: int
) -> None:
    lesson.context.add_cookies([{"name": "kosu_theme", "value": theme, "url": kosu.web_url}])
    lesson.set_viewport_size({"width": width, "height": 844})
    lesson.reload(wait_until="commit")
    wait_until(lesson, f"{VIDEO} && {VIDEO}.readyState >= 2")
    for panel in ("Lessons", "Notes", "Q&A"):
        lesson.get_by_role("tab", name=panel).click()
        expect(lesson.get_by_role("tabpanel", name=panel)).to_be_visible()
        assert violations(lesson) == []


@pytest.mark.parametrize("path", ["/my-learning", "/notes"])
def test_what_is_ones_own_is_accessible(lesson: Page, violations: Callable[[Page], list[Violation]], path: str) -> None:
    for width in (1280, 390):
        lesson.set_viewport_size({"width": width, "height": 844})
        lesson.goto(path)
        assert violations(lesson) == []
