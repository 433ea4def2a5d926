"""Watching a lesson: the player does what its viewer wants, and remembers where they were."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Violation, signed_in, wait_until
from tests.support.kosu import Kosu, eventually
from tests.support.watched import SECONDS, Watched, api_of, new_learner, watched_course

VIDEO = "document.querySelector('video')"


@pytest.fixture(scope="module")
def course(kosu: Kosu, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return watched_course(kosu, tmp_path_factory.mktemp("video"))


@pytest.fixture
def account(kosu: Kosu, course: Watched) -> dict[str, str]:
    return new_learner(kosu, course)


@pytest.fixture
def lesson(page: Page, kosu: Kosu, course: Watched, account: dict[str, str]) -> Page:
    """The video lesson, open before a learner of the course."""
    signed_in(page, account, web_url=kosu.web_url)
    return opened(page, course.video_path)


def opened(page: Page, path: str) -> Page:
    page.goto(path, wait_until="commit")
    wait_until(page, f"{VIDEO} && {VIDEO}.readyState >= 2")
    return page


def position(page: Page) -> float:
    return float(page.evaluate(f"{VIDEO}.currentTime"))


def plays_beyond(page: Page, seconds: float) -> None:
    wait_until(page, f"{VIDEO}.currentTime > {seconds} && !{VIDEO}.paused")


def test_a_lesson_plays_and_stands(lesson: Page) -> None:
    bar = lesson.get_by_role("region", name="Video: Why interfaces move")
    bar.get_by_role("button", name="Play").first.click()
    plays_beyond(lesson, 0.5)
    bar.get_by_role("button", name="Pause").click()
    wait_until(lesson, f"{VIDEO}.paused")


def test_it_seeks_and_shows_the_picture_that_is_pointed_at(lesson: Page) -> None:
    rail = lesson.get_by_role("slider", name="Position")
    rail.fill("30000")
    wait_until(lesson, f"Math.abs({VIDEO}.currentTime - 30) < 0.5")
    expect(rail).to_have_attribute("aria-valuetext", "0:30 of 0:40")
    rail.hover(position={"x": 20, "y": 10})
    expect(lesson.get_by_test_id("storyboard")).to_be_visible()


def test_speed_captions_and_quality_are_chosen_and_remembered(lesson: Page, course: Watched) -> None:
    lesson.get_by_role("combobox", name="Speed").select_option("1.5")
    lesson.get_by_role("combobox", name="Captions").select_option("English")
    quality = lesson.get_by_role("combobox", name="Quality")
    quality.select_option("144p")
    expect(quality).to_have_value("144")
    # The browser looks for cues while it plays.
    lesson.keyboard.press("k")
    shown = f"[...{VIDEO}.textTracks].find(track => track.mode === 'showing')?.activeCues?.[0]?.text"
    wait_until(lesson, f"{VIDEO}.playbackRate === 1.5 && {shown} === 'Hello there'")
    opened(lesson, course.video_path)
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


def test_a_deep_link_lands_within_half_a_second(lesson: Page, course: Watched) -> None:
    opened(lesson, f"{course.video_path}?t=17300")
    wait_until(lesson, f"Math.abs({VIDEO}.currentTime - 17.3) < 0.5")


def test_another_browser_goes_on_at_the_place(
    lesson: Page, kosu: Kosu, browser: Browser, course: Watched, account: dict[str, str]
) -> None:
    lesson.get_by_role("slider", name="Position").fill("21000")
    lesson.keyboard.press("k")
    plays_beyond(lesson, 21.5)
    lesson.keyboard.press("k")
    wait_until(lesson, f"{VIDEO}.paused")
    left_at = position(lesson)
    api = api_of(kosu, account)
    path = f"/api/v1/lessons/{course.video}/playback"
    eventually(lambda: abs(api.get(path).json()["resume_position_ms"] - 1000 * left_at) < 50)
    # Only what played counts: nothing before the jump.
    assert api.get(path).json()["watched"][0][0] >= 20_900
    with browser.new_context(base_url=kosu.web_url, locale="en-GB") as context:
        other = signed_in(context.new_page(), account, web_url=kosu.web_url)
        opened(other, course.video_path)
        wait_until(other, f"Math.abs({VIDEO}.currentTime - {left_at}) < 0.5")


def test_a_text_is_read_and_marked_as_done(page: Page, kosu: Kosu, course: Watched, account: dict[str, str]) -> None:
    signed_in(page, account, web_url=kosu.web_url)
    page.goto(course.text_path, wait_until="commit")
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()
    expect(page.get_by_text("<script>x</script>")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("progressbar", name="Your progress")).to_have_attribute("aria-valuenow", "50")
    page.goto("/my-learning")
    expect(page.get_by_role("progressbar", name="Progress in Motion for interfaces")).to_have_attribute(
        "aria-valuenow", "50"
    )


def test_a_stranger_is_asked_to_sign_in(page: Page, course: Watched) -> None:
    page.goto(course.video_path)
    expect(page.get_by_role("heading", name="Sign in to open this lesson")).to_be_visible()
    link = page.get_by_role("main").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", re.compile(r"/sign-in\?next=%2Flearn%2F"))


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
